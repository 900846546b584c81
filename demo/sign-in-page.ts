/** The provider's sign-in page: one button for each person it knows, and a form for whoever one wants to be. */
import { createHash } from 'node:crypto';
import { type Html, html, ownHtml } from '#base/html';
import type { Bilingual, Language } from '#base/i18n/message';
import { pageStyle } from './page-style.ts';

/** Who signs in, by the claims that ProConnect tells of an agent. */
export interface Person {
  readonly sub: string;
  readonly given_name: string;
  readonly usual_name: string;
  readonly email: string;
  readonly siret: string;
  readonly organization_label: string;
  readonly [claim: string]: unknown;
}

const words = {
  title: { fr: 'Se connecter', en: 'Sign in' },
  heading: { fr: 'Se connecter à', en: 'Sign in to' },
  other: { fr: 'Quelqu’un d’autre', en: 'Somebody else' },
  hint: {
    fr: 'Ce fournisseur est local : il croit ce qu’on lui dit.',
    en: 'This provider is a local one: it believes what it is told.',
  },
  given_name: { fr: 'Prénom', en: 'First name' },
  usual_name: { fr: 'Nom', en: 'Last name' },
  email: { fr: 'Adresse e-mail', en: 'E-mail address' },
  siret: { fr: 'SIRET de l’organisation', en: 'SIRET of the organization' },
  out: { fr: 'Se déconnecter', en: 'Sign out' },
  'out-sure': { fr: 'Se déconnecter aussi de ce fournisseur ?', en: 'Sign out of this provider, too?' },
  'out-done': { fr: 'Vous êtes déconnecté.', en: 'You are signed out.' },
  failed: { fr: 'La connexion ne peut pas continuer', en: 'The sign-in cannot go on' },
} as const satisfies Record<string, Bilingual>;

export type ProviderWord = keyof typeof words;
export const providerWord = (word: ProviderWord, language: Language): string => words[word][language];

const fields = ['given_name', 'usual_name', 'email', 'siret'] as const;

/** Who may sign in. */
export interface Welcome {
  readonly people: readonly Person[];
  /** Whether one may be somebody else. */
  readonly others: boolean;
}

export function signInPage(language: Language, client: string, { people, others }: Welcome): string {
  const t = (word: ProviderWord) => providerWord(word, language);
  const [first] = people;
  return providerPage(
    language,
    t('title'),
    html`<h1>${t('heading')} ${client}</h1>
${people.map(
  ({ sub, given_name, usual_name, organization_label }) =>
    html`<form method="post"><button name="sub" value="${sub}">${given_name} ${usual_name}, ${organization_label}</button></form>
`,
)}${others && otherHtml()}`,
  );

  function otherHtml(): Html {
    return html`<h2>${t('other')}</h2><p class="quiet">${t('hint')}</p>
<form method="post">${fields.map(
      (name) => html`<label for="${name}">${t(name)}</label>
<input id="${name}" name="${name}" required value="${name === 'siret' ? (first?.siret ?? '') : ''}">`,
    )}
<p><button>${t('title')}</button></p></form>`;
  }
}

export function providerPage(language: Language, title: string, body: Html): string {
  return String(html`<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><style>${ownHtml(pageStyle)}</style></head><body><main>${body}</main></body></html>
`);
}

/** Nothing of what people typed runs. Where a form leads is another site's in the end, which no `form-action` would allow. */
export const providerHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
};

/** The person whom the form names: one who is known, or as typed, the same one for the same address. */
export function personOf(form: URLSearchParams, { people, others }: Welcome): Person | undefined {
  const sub = form.get('sub');
  const typed = (name: string) => (form.get(name) ?? '').trim();
  const email = typed('email');
  // A button without a name, too, is the first person's.
  if (sub !== null || email === '' || !others) return people.find((one) => one.sub === sub) ?? people[0];
  return {
    sub: createHash('sha256').update(email.toLowerCase()).digest('hex'),
    given_name: typed('given_name'),
    usual_name: typed('usual_name'),
    email,
    siret: typed('siret').replace(/\s/g, ''),
    organization_label: typed('siret'),
  };
}
