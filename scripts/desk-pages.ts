/** The pages of the front desk that the README shows: the form with its errors, and a request. Always the same. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf } from '#application/front-desk/request-base';
import type { StoredRequest } from '#application/front-desk/request-store';
import type { ReviewSummary } from '#application/front-desk/review-summary';
import { definitionOf, type FormValues } from '#domain/front-desk/form-values';
import { judgeForm } from '#domain/front-desk/judge';
import { formHtml } from '#http/front-desk/form-page';
import { page } from '#http/front-desk/layout';
import { requestHtml } from '#http/front-desk/request-view';
import { requestWords } from '#http/front-desk/request-words';
import { frontDeskWords } from '#http/front-desk/words';

export interface DeskPage {
  /** The whole page, with its style in it. */
  readonly html: string;
  /** Pixels of it that are shown, from the top. */
  readonly height: number;
}

const answers: FormValues = {
  'organization.siret': '219 999 000 00017',
  name: 'Agenda des associations',
  network: 'internet',
  environment: 'production',
  datapass: '4821',
  description: 'Permet de réserver une salle municipale',
  redirect_uris:
    'https://agenda.ville-de-montfictif.fr/auth/retour\nhttp://agenda.ville-de-montfictif.fr/retour',
  post_logout_redirect_uris: '',
  id_token_signed_response_alg: 'RS256',
  userinfo_signed_response_alg: 'RS256',
  private_sector: 'false',
  'contacts.support': 'aide-agenda@ville-de-montfictif.fr',
  'contacts.technical': 'equipe-numerique@ville-de-montfictif.fr',
};
const signedIn = {
  person: { email: 'camille.durand@ville-de-montfictif.fr', siret: '21999900000017', name: 'Camille Durand' },
  csrf: 'x',
};
const asked = new Date('2026-03-02T09:12:00Z');

function formPage(): Promise<string> {
  const t = frontDeskWords('fr');
  const title = t.text('form.title');
  const { findings } = judgeForm(answers);
  const body = formHtml(t, { values: answers, findings, title, csrf: signedIn.csrf });
  return pageWithStyle({ title, body, here: '/demande' });
}

function requestPage(): Promise<string> {
  const t = requestWords('fr');
  const { path, text } = definitionOf({
    ...answers,
    'organization.siret': '21999900000017',
    datapass: 'H4821',
    description: 'Réserver une salle municipale',
    redirect_uris:
      'https://agenda.ville-de-montfictif.fr/auth/retour\nhttps://salles.ville-de-montfictif.fr/retour',
    'contacts.technical': 'Equipe-Numerique@ville-de-montfictif.fr',
  });
  const review: ReviewSummary = {
    head: 'c',
    outcome: 'judged',
    conclusion: 'action_required',
    findings: [
      {
        rule: 'registry/foreign-host',
        severity: 'decision',
        path,
        pointer: '/redirect_uris/1',
        message: {
          key: 'registry/foreign-host#used',
          values: { value: 'https://salles.ville-de-montfictif.fr/retour', others: [] },
        },
      },
      {
        rule: 'email/case',
        severity: 'warning',
        path,
        pointer: '/contacts/technical/0',
        message: {
          key: 'email/case#upper',
          values: {
            value: 'Equipe-Numerique@ville-de-montfictif.fr',
            correction: 'equipe-numerique@ville-de-montfictif.fr',
          },
        },
      },
    ],
    required: [{ reason: 'environment', environment: 'production', count: 1 }],
    missing: [{ reason: 'environment', environment: 'production', count: 1 }],
    approvedBy: [],
    changesRequestedBy: [],
    since: asked.toISOString(),
  };
  const request = {
    number: 7,
    path,
    wanted: text,
    base: null,
    made: digestOf({ wanted: text, base: null }),
    commit: 'c',
    commits: ['c'],
    state: 'open',
    review,
    talk: [
      {
        id: 'comment-1',
        login: 'adele-proconnect',
        team: true,
        at: '2026-03-02T13:40:00Z',
        text: 'Bonjour, le portail des salles est-il tenu par la même équipe ?',
      },
    ],
  } as unknown as StoredRequest;
  const body = requestHtml(t, {
    request,
    phase: 'waiting',
    since: asked,
    answers: [],
    keys: 'none',
    isStranger: false,
    lacks: [],
    csrf: signedIn.csrf,
    answerId: 'x',
  });
  return pageWithStyle({ title: t.text('request-title', { number: 7 }), body, here: '/demandes/7' });
}

async function pageWithStyle(
  own: Pick<Parameters<typeof page>[0], 'title' | 'body' | 'here'>,
): Promise<string> {
  const html = await page({ lang: 'fr', ...own, signedIn, canSignIn: true, catalogue: true }).text();
  const style = readFileSync(join(import.meta.dirname, '../templates/front-desk/guichet.css'), 'utf8');
  return html
    .replace(/<link rel="stylesheet"[^>]*>/, () => `<style>${style}</style>`)
    .replace(/<(?:link rel="icon"|script )[^>]*>(?:<\/script>)?/g, '');
}

/** By path of the picture. */
export async function deskPages(): Promise<Readonly<Record<string, DeskPage>>> {
  return {
    'docs/images/desk-form.png': { html: await formPage(), height: 1265 },
    'docs/images/desk-request.png': { html: await requestPage(), height: 1560 },
  };
}
