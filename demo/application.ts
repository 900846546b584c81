/** An application of nobody's, in which anyone tries the keys that they were given: it signs in by them, and shows who came. */
import type { IncomingMessage } from 'node:http';
import { type Html, html } from '#base/html';
import type { Language } from '#base/i18n/message';
import { type LocalPage, type LocalPages, servePages } from './local-pages.ts';
import { readForm } from './read-form.ts';
import { type BegunSignIn, beginSignIn } from './sign-in.ts';

export interface ApplicationProvider {
  readonly environment: 'integration' | 'production';
  readonly issuer: string;
}

/** Where people come back to: the redirect URI to give, in integration. */
export const returnPath = '/auth/retour';

const words = {
  fr: {
    title: 'Une application',
    lead: 'Collez ici les clés qu’on vous a remises : cette application s’en sert pour connecter quelqu’un.',
    environment: 'Environnement',
    client: 'Identifiant (client_id)',
    secret: 'Secret (client_secret)',
    redirect: 'URL de connexion (redirect_uri), telle qu’elle est dans la demande',
    idToken: 'Signature de l’ID token',
    userinfo: 'Signature de UserInfo',
    go: 'Se connecter',
    elsewhere: 'Revenir d’une autre adresse',
    'elsewhere-hint':
      'Si votre URL de connexion est celle d’un autre site, le navigateur y arrive après la connexion. Collez ici l’adresse où il est arrivé, dans la minute.',
    address: 'Adresse complète',
    finish: 'Terminer',
    in: 'Connexion réussie',
    who: 'est connecté à l’application.',
    refused: 'Le fournisseur refuse',
    over: 'Cette connexion est finie, ou n’a pas commencé ici.',
    again: 'Recommencer',
  },
  en: {
    title: 'An application',
    lead: 'Paste the keys that you were given: this application signs somebody in by them.',
    environment: 'Environment',
    client: 'Identifier (client_id)',
    secret: 'Secret (client_secret)',
    redirect: 'Redirect URI (redirect_uri), as it is in the request',
    idToken: 'Signature of the ID token',
    userinfo: 'Signature of UserInfo',
    go: 'Sign in',
    elsewhere: 'Come back from another address',
    'elsewhere-hint':
      'When your redirect URI is of another site, the browser gets there after the sign-in. Paste the address at which it arrived, within a minute.',
    address: 'The whole address',
    finish: 'Finish',
    in: 'Signed in',
    who: 'is signed in to the application.',
    refused: 'The provider refuses',
    over: 'This sign-in is over, or did not begin here.',
    again: 'Again',
  },
} as const;

export async function startApplication(
  providers: readonly ApplicationProvider[],
  language: Language,
): Promise<LocalPages> {
  const t = words[language];
  /** Sign-ins under way, by their `state`. */
  const begun = new Map<string, BegunSignIn>();
  // Of all names of this machine, integration takes this one.
  const pages = await servePages(language, answer, 'localhost');
  return pages;

  async function answer(url: URL, request: IncomingMessage): Promise<LocalPage | undefined> {
    if (request.method === 'GET' && url.pathname === '/') return { title: t.title, body: formHtml() };
    if (request.method === 'GET' && url.pathname === returnPath) return finish(url);
    if (request.method !== 'POST') return undefined;
    const form = await readForm(request, pages.url);
    if (form === undefined) return { status: 403, title: t.refused };
    if (url.pathname === '/') return begin(form);
    const address = form.get('address') ?? '';
    return url.pathname === '/finish' && URL.canParse(address) ? finish(new URL(address)) : failed(t.over);
  }

  async function begin(form: URLSearchParams): Promise<LocalPage> {
    const read = (name: string) => (form.get(name) ?? '').trim();
    const provider = providers.find(({ environment }) => environment === read('environment')) ?? providers[0];
    try {
      const started = await beginSignIn(
        {
          issuer: provider?.issuer ?? '',
          clientId: read('client_id'),
          secret: read('client_secret'),
          redirectUri: read('redirect_uri'),
          idTokenAlgorithm: read('id_token'),
          userinfoAlgorithm: read('userinfo'),
          scopes: ['openid', 'given_name', 'usual_name', 'email', 'siret'],
        },
        // Whoever signed in at the desk is asked again: this is another application.
        { prompt: 'login' },
      );
      begun.set(started.url.searchParams.get('state') ?? '', started);
      return { location: started.url.href };
    } catch (error) {
      return failed(said(error));
    }
  }

  async function finish(url: URL): Promise<LocalPage> {
    const state = url.searchParams.get('state') ?? '';
    const started = begun.get(state);
    begun.delete(state);
    if (started === undefined) return failed(t.over);
    try {
      const { userinfo } = await started.finish(url);
      const rows = Object.entries(userinfo).map(
        ([claim, value]) => html`<tr><th scope="row"><code>${claim}</code></th><td>${String(value)}</td></tr>
`,
      );
      const { given_name, usual_name } = userinfo;
      const body = html`<p><strong>${String(given_name ?? '')} ${String(usual_name ?? '')}</strong> ${t.who}</p>
<table><tbody>${rows}</tbody></table><p><a href="/">${t.again}</a></p>`;
      return { title: t.in, body };
    } catch (error) {
      return failed(said(error));
    }
  }

  function failed(reason: string): LocalPage {
    const body = html`<div class="alert" role="alert">${reason}</div><p><a href="/">${t.again}</a></p>`;
    return { status: 400, title: t.refused, body };
  }

  function formHtml(): Html {
    const field = (name: string, label: string, value = '') => html`<label for="${name}">${label}</label>
<input id="${name}" name="${name}" required value="${value}" autocomplete="off">
`;
    const choice = (
      name: string,
      label: string,
      options: readonly string[],
    ) => html`<label for="${name}">${label}</label>
<select id="${name}" name="${name}">${options.map((one) => html`<option value="${one}">${one}</option>`)}</select>
`;
    return html`<p>${t.lead}</p>
<form method="post" action="/">
${choice(
  'environment',
  t.environment,
  providers.map(({ environment }) => environment),
)}${field('client_id', t.client)}${field('client_secret', t.secret)}${field('redirect_uri', t.redirect, pages.url + returnPath)}
${choice('id_token', t.idToken, ['RS256', 'ES256', 'HS256'])}${choice('userinfo', t.userinfo, ['RS256', 'ES256', 'HS256', 'none'])}
<p><button class="main">${t.go}</button></p></form>
<h2>${t.elsewhere}</h2><p class="quiet">${t['elsewhere-hint']}</p>
<form method="post" action="/finish">${field('address', t.address)}<p><button>${t.finish}</button></p></form>`;
  }
}

/** What the library says, and what the provider told it. */
function said(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { error: code, error_description: description } = error as {
    error?: unknown;
    error_description?: unknown;
  };
  return [error.message, code, description].filter((part) => typeof part === 'string').join(' — ');
}
