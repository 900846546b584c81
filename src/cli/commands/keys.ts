/** `greffier keys`: whether the keys of each client were read, and other keys for a client whose keys may be in other hands. */

import { type HandedOver, handoversOf } from '#application/handover/handed-over';
import { closeReplaced, replaceKeys } from '#application/reconciliation/key-commands';
import type { Bilingual } from '#base/i18n/message';
import { printableJson } from '#base/i18n/printed';
import { quoteInBackticks } from '#base/i18n/render';
import { parseArguments } from '#cli/arguments';
import { t } from '#cli/messages';
import { withProvisioning } from '#cli/provisioning/session';
import { withStoreToLook } from '#cli/provisioning/store';
import { type CliCommand, CliError, type Terminal } from '#cli/terminal';

const messages = {
  action: {
    fr: 'Il faut dire rotate ou revoke, et l’identifiant d’un client (client_id) ; ou rien, pour la liste.',
    en: 'Say rotate or revoke, and the identifier of a client (client_id); or nothing, for the list.',
  },
  none: { fr: 'Aucun client.', en: 'No client.' },
  next: {
    fr: 'Le service s’en occupe à son prochain passage (« sweep »), ou maintenant : greffier reconcile.',
    en: 'The service does it at its next sweep; to do it now: greffier reconcile.',
  },
  waiting: { fr: 'lien en attente, jusqu’au {until}', en: 'link waiting, until {until}' },
  read: { fr: 'lues le {at}', en: 'read on {at}' },
  expired: { fr: 'lien périmé, jamais ouvert', en: 'link expired, never opened' },
  ended: { fr: 'lien annulé, jamais ouvert', en: 'link ended, never opened' },
  elsewhere: { fr: 'pas remises par un lien de Greffier', en: 'not handed over by a link of Greffier' },
  former: { fr: 'remplace {former}, encore ouvert', en: 'replaces {former}, which is still open' },
  renewal: {
    fr: 'nouveau secret demandé dans le ticket {issue}',
    en: 'new secret asked for in issue {issue}',
  },
} as const satisfies Record<string, Bilingual>;

export const command: CliCommand = {
  usage: `[--format text|json]
rotate CLIENT_ID [--root DIR]
revoke CLIENT_ID [--root DIR]`,
  help: {
    fr: `Dit de chaque client si ses clés ont été lues par leur lien, et quand. Des clés lues ne sont redonnées à personne : nul ne
sait qui a ouvert la page.

  rotate CLIENT_ID   fait remplacer les clés de ce client. Enregistrement dynamique et API partenaires ne savent pas
                     renouveler un secret : un autre client est créé, avec un nouvel identifiant, que l’application doit
                     prendre ; l’ancien est fermé après « removal_delay » une fois les nouvelles clés lues (jamais de
                     lui-même à l’API partenaires, où nul ne sait si elles l’ont été). Dans une cellule que des personnes
                     tiennent, un ticket leur demande un autre secret
  revoke CLIENT_ID   ferme tout de suite un client qui a été remplacé ainsi
  --root DIR         dossier du registre (par défaut : le dossier courant), pour rotate et revoke

Sur GitHub, sans arrêter le service : « /greffier rotate CLIENT_ID » et « /greffier revoke CLIENT_ID ». Ici, rotate et revoke
veulent le magasin embarqué pour eux : arrêtez « serve » avant ; la liste se lit sans. Code de sortie : 0, 1 rien n’a été fait et pourquoi, 2 impossible.
`,
    en: `Tells of each client whether its keys were read by their link, and when. Keys that were read are given to nobody again:
no one knows who opened the page.

  rotate CLIENT_ID   has the keys of this client replaced. Dynamic registration and the partner API cannot renew a secret:
                     another client is made, with a new identifier, which the application has to take; the former one is
                     closed after "removal_delay" once the new keys were read (never by itself at the partner API, where
                     nobody knows whether they were). In a cell that people run, an issue asks them for another secret
  revoke CLIENT_ID   closes at once a client that was replaced in this way
  --root DIR         folder of the registry (default: the current one), for rotate and revoke

On GitHub, without stopping the service: "/greffier rotate CLIENT_ID" and "/greffier revoke CLIENT_ID". Here, rotate and
revoke need the embedded store for themselves: stop "serve" first; the list is read without. Exit code: 0, 1 nothing was done and why, 2 cannot run.
`,
  },
  async run(args, terminal) {
    const given = parseArguments(args, { root: 'value', format: 'value' }, 2);
    const json = given.choice('format', ['text', 'json']) === 'json';
    const [action, clientId] = given.positionals;
    if (action === undefined) return list(terminal, json);
    if ((action !== 'rotate' && action !== 'revoke') || clientId === undefined)
      throw new CliError(messages.action);
    return withProvisioning(terminal, given, true, async ({ deps }) => {
      const asked = { login: deps.by };
      const result =
        action === 'rotate'
          ? await replaceKeys(deps, clientId, asked)
          : await closeReplaced(deps, clientId, asked);
      terminal.out(`${result.text}\n`);
      if (result.reconcile) terminal.out(`${t(messages.next, terminal.language)}\n`);
      return result.ok ? 0 : 1;
    });
  },
};

async function list(terminal: Terminal, json: boolean): Promise<number> {
  return withStoreToLook(terminal, async ({ db }) => {
    const all = await handoversOf(db);
    if (json) terminal.out(`${printableJson(all, 2)}\n`);
    else if (all.length === 0) terminal.out(`${t(messages.none, terminal.language)}\n`);
    else for (const one of all) terminal.out(`${lineOf(one, terminal)}\n`);
    return 0;
  });
}

function lineOf({ client, clientId, keys, at, former, renewal }: HandedOver, { language }: Terminal): string {
  const day = at?.slice(0, 10) ?? '';
  const parts = [
    client,
    clientId === undefined ? '–' : quoteInBackticks(clientId),
    t(messages[keys], language, { at: day, until: day }),
    ...(former === undefined ? [] : [t(messages.former, language, { former })]),
    ...(renewal === undefined ? [] : [t(messages.renewal, language, { issue: renewal })]),
  ];
  return parts.join('  ');
}
