/** Rules on e-mail addresses: the technical contacts, who receive access to the keys, and the support. */
import type { Located, PartialDefinition } from '#domain/definition/parse/partial-definition';
import { definitionRule } from './rule.ts';

/**
 * What every system of ProConnect accepts: the partner API refuses a leading or doubled dot, the administration
 * form an apostrophe and a top-level domain of more than ten letters. `+` and capitals have rules of their own.
 */
const accepted = /^[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,10}$/i;
const maxLength = 254;
const invisible = /[\p{Cf}\u00a0\u202f]/u;

/** Of the partial definition that was read last: rules read one after the other. */
let known: { readonly partial: PartialDefinition; readonly unusual: readonly Located<string>[] } | undefined;

/** The addresses that some rule may report: none in most definitions. */
function unusualMailboxes(partial: PartialDefinition): readonly Located<string>[] {
  if (known?.partial !== partial) {
    const { technicalContacts, supportContact } = partial;
    const all = supportContact === undefined ? technicalContacts : [...technicalContacts, supportContact];
    known = { partial, unusual: all.filter(({ value }) => !isUsual(value)) };
  }
  return known.unusual;
}

function hasUnusualMailbox(partial: PartialDefinition): boolean {
  return unusualMailboxes(partial).length > 0;
}

/** Whether no rule on addresses has anything to report of one. */
function isUsual(value: string): boolean {
  return isAccepted(value) && !/[A-Z+]/.test(value) && !isPublicMailbox(value) && !isUnread(value);
}

function isAccepted(value: string): boolean {
  return value.length <= maxLength && accepted.test(value);
}

const around = /^[\s<("'«,;:.]+|[\s>)"'»,;:.]+$/g;

/** What was meant, when taking away what surrounds it or writing out `(at)` gives an address. */
function meant(value: string): string | undefined {
  const named = /<([^<>\s]+@[^<>\s]+)>\s*$/.exec(value)?.[1];
  const plain = (named ?? value)
    .replace(around, '')
    .replace(/^mailto:/i, '')
    .replace(/\?.*$/s, '')
    .replace(
      /\s*[[({]\s*(?:at|arobase|à|@)\s*[\])}]\s*|\s+(?:at|arobase)\s+|\s*\uff20\s*|\s+@\s*|\s*@\s+/gi,
      '@',
    )
    .replace(/\s*[[({]\s*(?:dot|point)\s*[\])}]\s*|\s+(?:dot|point)\s+/gi, '.')
    .replace(around, '');
  return plain !== value && isAccepted(plain) ? plain : undefined;
}

type Fault =
  | 'mailto'
  | 'named'
  | 'at'
  | 'spaces'
  | 'several'
  | 'noAt'
  | 'accents'
  | 'apostrophe'
  | 'domain'
  | 'other';

function faultOf(value: string, correction: string | undefined): Fault {
  if ((value.match(/[^\s,;<>]@[^\s,;<>]/g) ?? []).length > 1) return 'several';
  if (/^\s*mailto:/i.test(value)) return 'mailto';
  if (correction !== undefined && /</.test(value)) return 'named';
  if (correction !== undefined) return value.includes('@') && !/[([{]/.test(value) ? 'spaces' : 'at';
  const at = value.lastIndexOf('@');
  if (at < 0) return 'noAt';
  if (value.slice(0, at).includes("'")) return 'apostrophe';
  if (/[^\p{ASCII}]/u.test(value)) return 'accents';
  if (/^[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*$/i.test(value.slice(0, at))) return 'domain';
  return 'other';
}

export const emailFormat = definitionRule({
  id: 'email/format',
  severity: 'error',
  title: {
    fr: 'L’adresse e-mail est écrite seule et complète',
    en: 'The e-mail address stands alone and complete',
  },
  why: {
    fr: 'Les contacts techniques reçoivent l’accès aux clés, et le support reçoit les usagers bloqués : une adresse mal écrite se perd, ou fait refuser le client par la console ProConnect.',
    en: 'Technical contacts receive access to the keys, and the support receives blocked users: a badly written address gets lost, or makes the ProConnect console refuse the client.',
  },
  suppresses: ['email/case', 'email/plus', 'email/personal', 'email/noreply'],
  messages: {
    mailto: {
      fr: '{value} est un lien. Écrivez l’adresse seule : {correction}.',
      en: '{value} is a link. Write the address alone: {correction}.',
    },
    named: {
      fr: '{value} contient un nom et une adresse. Écrivez l’adresse seule : {correction}.',
      en: '{value} holds a name and an address. Write the address alone: {correction}.',
    },
    at: {
      fr: 'L’adresse {value} est écrite pour échapper aux robots. Écrivez-la normalement : {correction}.',
      en: 'The address {value} is written to escape robots. Write it normally: {correction}.',
    },
    spaces: {
      fr: 'L’adresse {value} contient des espaces ou une ponctuation en trop. Écrivez {correction}.',
      en: 'The address {value} has spaces or punctuation too many. Write {correction}.',
    },
    several: {
      fr: 'Une seule adresse par élément : {value} en contient plusieurs. Faites une ligne de chacune, précédée d’un tiret.',
      en: 'One address per item: {value} holds several. Make a line of each, with a hyphen in front.',
    },
    noAt: {
      fr: '{value} n’est pas une adresse e-mail : il lui manque `@`. Exemple : `equipe-technique@ministere.gouv.fr`.',
      en: '{value} is not an e-mail address: it lacks `@`. Example: `equipe-technique@ministere.gouv.fr`.',
    },
    accents: {
      fr: 'L’adresse {value} contient un accent ou un signe qu’une adresse ne peut pas porter. Vérifiez-la. Exemple : `equipe-technique@ministere.gouv.fr`.',
      en: 'The address {value} has an accent or a sign that an address cannot carry. Check it. Example: `equipe-technique@ministere.gouv.fr`.',
    },
    apostrophe: {
      fr: 'La console ProConnect n’accepte pas l’apostrophe de l’adresse {value}. Indiquez une autre adresse, de préférence celle de l’équipe.',
      en: 'The ProConnect console does not accept the apostrophe of the address {value}. Give another address, preferably that of the team.',
    },
    domain: {
      fr: 'Le domaine de l’adresse {value} est incomplet ou mal écrit. Exemple : `equipe-technique@ministere.gouv.fr`.',
      en: 'The domain of the address {value} is incomplete or misspelt. Example: `equipe-technique@ministere.gouv.fr`.',
    },
    other: {
      fr: '{value} n’est pas une adresse e-mail. Exemple : `equipe-technique@ministere.gouv.fr`.',
      en: '{value} is not an e-mail address. Example: `equipe-technique@ministere.gouv.fr`.',
    },
    split: { fr: 'Faire une ligne de chacune', en: 'Make a line of each' },
    fix: { fr: 'Écrire {correction}', en: 'Write {correction}' },
  },
  examples: {
    good: [
      {
        yaml: 'contacts:\n  technical:\n    - equipe_proconnect.2@dsi.ville-de-montfictif.fr\n    - dsi@region.bzh\n  support: aide@agence-fictive.gouv.fr\n',
      },
    ],
    bad: [
      {
        yaml: 'contacts:\n  technical: [equipe(at)agence-fictive.gouv.fr]\n  support: aide@agence-fictive.gouv.fr\n',
        messageIds: ['at'],
      },
      {
        yaml: 'contacts:\n  technical: ["mailto:dsi@agence-fictive.gouv.fr"]\n  support: aide@agence-fictive.gouv.fr\n',
        messageIds: ['mailto'],
      },
      {
        yaml: 'contacts:\n  technical: ["Équipe DSI <dsi@agence-fictive.gouv.fr>"]\n  support: aide@agence-fictive.gouv.fr\n',
        messageIds: ['named'],
      },
      {
        yaml: 'contacts:\n  technical: ["dsi@agence-fictive.gouv.fr "]\n  support: aide@agence-fictive.gouv.fr\n',
        messageIds: ['spaces'],
      },
      {
        yaml: 'contacts:\n  technical: ["dsi@agence-fictive.gouv.fr, cto@agence-fictive.gouv.fr"]\n  support: aide@agence-fictive.gouv.fr\n',
        messageIds: ['several'],
      },
      {
        yaml: 'contacts:\n  technical: [dsi@agence-fictive.gouv.fr]\n  support: https://agence-fictive.gouv.fr/aide\n',
        messageIds: ['noAt'],
      },
      {
        yaml: 'contacts:\n  technical: [hélène.martin@agence-fictive.gouv.fr]\n  support: aide@agence-fictive.gouv.fr\n',
        messageIds: ['accents'],
      },
      {
        yaml: "contacts:\n  technical: [m.o'neil@agence-fictive.gouv.fr]\n  support: aide@agence-fictive.gouv.fr\n",
        messageIds: ['apostrophe'],
      },
      {
        yaml: 'contacts:\n  technical: [dsi@agence-fictive]\n  support: aide@agence-fictive.gouv.fr\n',
        messageIds: ['domain'],
      },
      {
        yaml: 'contacts:\n  technical: [.dsi@agence-fictive.gouv.fr]\n  support: aide..dsi@agence-fictive.gouv.fr\n',
      },
    ],
  },
  concerns: hasUnusualMailbox,
  check(partial, report) {
    for (const { value, pointer } of unusualMailboxes(partial)) {
      if (isAccepted(value) || invisible.test(value)) continue;
      // No address is that long: what was meant is not worth looking for.
      const correction = value.length > 2 * maxLength ? undefined : meant(value);
      const messageId = faultOf(value.slice(0, 2 * maxLength), correction);
      if (messageId === 'several') {
        const items = value.split(/[\s,;]+/).filter(Boolean);
        const clean = items.every(isAccepted) && pointer !== '/contacts/support';
        report({
          pointer,
          messageId,
          values: { value },
          ...(clean && { fix: { title: 'split', correction: { kind: 'list', items } } }),
        });
      } else if (correction === undefined) report({ pointer, messageId, values: { value, correction: '' } });
      else
        report({
          pointer,
          messageId,
          values: { value, correction },
          fix: {
            title: 'fix',
            values: { correction },
            correction: { kind: 'set', value: correction.toLowerCase() },
          },
        });
    }
  },
});

export const emailCase = definitionRule({
  id: 'email/case',
  severity: 'warning',
  title: { fr: 'L’adresse e-mail est en minuscules', en: 'The e-mail address is in lower case' },
  why: {
    fr: 'L’espace partenaires de ProConnect retrouve vos applications par votre adresse, à la lettre près : avec une majuscule, vous ne verriez pas la vôtre.',
    en: 'ProConnect’s partner portal finds your applications by your address, letter for letter: with a capital you would not see yours.',
  },
  messages: {
    upper: {
      fr: 'L’adresse {value} contient des majuscules, que la console ProConnect distingue. Écrivez {correction}.',
      en: 'The address {value} has capitals, which the ProConnect console tells apart. Write {correction}.',
    },
    fix: { fr: 'Écrire {correction}', en: 'Write {correction}' },
  },
  examples: {
    good: [
      {
        yaml: 'contacts:\n  technical: [dsi@agence-fictive.gouv.fr]\n  support: aide@agence-fictive.gouv.fr\n',
      },
    ],
    bad: [
      {
        yaml: 'contacts:\n  technical: [DSI@agence-fictive.gouv.fr]\n  support: aide@agence-fictive.gouv.fr\n',
      },
    ],
  },
  concerns: hasUnusualMailbox,
  check(partial, report) {
    for (const { value, pointer } of unusualMailboxes(partial)) {
      const correction = value.toLowerCase();
      if (correction === value || !isAccepted(value)) continue;
      report({
        pointer,
        messageId: 'upper',
        values: { value, correction },
        fix: { title: 'fix', values: { correction }, correction: { kind: 'set', value: correction } },
      });
    }
  },
});

export const emailPlus = definitionRule({
  id: 'email/plus',
  severity: 'warning',
  title: { fr: 'L’adresse e-mail est sans `+`', en: 'The e-mail address has no `+`' },
  why: {
    fr: 'La console d’administration de ProConnect refuse le signe `+` dans une adresse : la prochaine modification du client par un opérateur échouerait.',
    en: 'ProConnect’s administration console refuses the sign `+` in an address: the next change of the client by an operator would fail.',
  },
  messages: {
    plus: {
      fr: 'L’adresse {value} contient un `+`, que la console d’administration ProConnect refuse. Indiquez une adresse sans `+`, par exemple {proposal} si c’est la même boîte.',
      en: 'The address {value} has a `+`, which the ProConnect administration console refuses. Give an address without `+`, for example {proposal} if it is the same mailbox.',
    },
  },
  examples: {
    good: [
      {
        yaml: 'contacts:\n  technical: [dsi-proconnect@agence-fictive.gouv.fr]\n  support: aide@agence-fictive.gouv.fr\n',
      },
    ],
    bad: [
      {
        yaml: 'contacts:\n  technical: [dsi+proconnect@agence-fictive.gouv.fr]\n  support: aide@agence-fictive.gouv.fr\n',
      },
    ],
  },
  concerns: hasUnusualMailbox,
  check(partial, report) {
    for (const { value, pointer } of unusualMailboxes(partial))
      if (value.includes('+') && isAccepted(value))
        report({ pointer, messageId: 'plus', values: { value, proposal: value.replace(/\+[^@]*/, '') } });
  },
});

/** Mailboxes for the general public, as used in France. */
const publicMailboxes: ReadonlySet<string> = new Set(
  (
    'gmail.com googlemail.com orange.fr wanadoo.fr free.fr aliceadsl.fr laposte.net outlook.com outlook.fr hotmail.com ' +
    'hotmail.fr live.com live.fr msn.com yahoo.com yahoo.fr ymail.com sfr.fr neuf.fr cegetel.net club-internet.fr ' +
    'bbox.fr numericable.fr noos.fr icloud.com me.com mac.com gmx.com gmx.fr aol.com aol.fr protonmail.com ' +
    'protonmail.ch proton.me pm.me tutanota.com tuta.io mailo.com mailo.fr net-c.fr yopmail.com yopmail.fr mail.com ' +
    'dbmail.com voila.fr caramail.com infomaniak.com ik.me zoho.com fastmail.com hey.com'
  ).split(' '),
);

function isPublicMailbox(value: string): boolean {
  return publicMailboxes.has(value.slice(value.lastIndexOf('@') + 1).toLowerCase());
}

export const emailPersonal = definitionRule({
  id: 'email/personal',
  severity: 'warning',
  title: { fr: 'L’adresse e-mail est professionnelle', en: 'The e-mail address is professional' },
  why: {
    fr: 'Les contacts techniques reçoivent l’accès aux clés d’une application publique. Une boîte grand public échappe à votre organisme : elle part avec la personne, et personne ne peut la fermer.',
    en: 'Technical contacts receive access to the keys of a public application. A mailbox for the general public is out of the hands of your organization: it leaves with the person, and nobody can close it.',
  },
  messages: {
    personal: {
      fr: '{value} est une adresse grand public. Préférez une adresse professionnelle d’équipe, par exemple `equipe-technique@ministere.gouv.fr` : elle recevra l’accès aux clés ou les usagers bloqués.',
      en: '{value} is an address for the general public. Prefer a professional address of the team, for example `equipe-technique@ministere.gouv.fr`: it will receive access to the keys or blocked users.',
    },
  },
  examples: {
    good: [
      { yaml: 'contacts:\n  technical: [mairie@montfictif.fr]\n  support: aide@agence-fictive.gouv.fr\n' },
    ],
    bad: [
      {
        yaml: 'contacts:\n  technical: [mairie.montfictif@orange.fr]\n  support: aide@agence-fictive.gouv.fr\n',
      },
    ],
  },
  concerns: hasUnusualMailbox,
  check(partial, report) {
    for (const { value, pointer } of unusualMailboxes(partial)) {
      if (isPublicMailbox(value) && isAccepted(value))
        report({ pointer, messageId: 'personal', values: { value } });
    }
  },
});

/** The local part says that nobody reads the mailbox. */
const unread =
  /(?:^|[._+-])(?:no[._-]?reply|do[._-]?not[._-]?reply|ne[._-]?pas[._-]?(?:re|ré)pondre|nepasrepondre|sans[._-]?reponse|no[._-]?response)(?:$|[._+\d-])/i;

function isUnread(value: string): boolean {
  return unread.test(value.slice(0, value.lastIndexOf('@')));
}

export const emailNoreply = definitionRule({
  id: 'email/noreply',
  severity: 'warning',
  title: { fr: 'Quelqu’un lit cette adresse', en: 'Somebody reads this address' },
  why: {
    fr: 'Les usagers bloqués sont envoyés vers l’adresse de support, et les clés aux contacts techniques. Une boîte que personne ne lit les laisse sans réponse.',
    en: 'Blocked users are sent to the support address, and the keys to the technical contacts. A mailbox that nobody reads leaves them without an answer.',
  },
  messages: {
    unread: {
      fr: 'Personne ne lit {value} : cette adresse ne peut ni aider un usager bloqué, ni recevoir les clés. Indiquez une adresse suivie.',
      en: 'Nobody reads {value}: this address can neither help a blocked user nor receive the keys. Give an address that is followed.',
    },
  },
  examples: {
    good: [
      {
        yaml: 'contacts:\n  technical: [dsi@agence-fictive.gouv.fr]\n  support: reply@agence-fictive.gouv.fr\n',
      },
    ],
    bad: [
      {
        yaml: 'contacts:\n  technical: [dsi@agence-fictive.gouv.fr]\n  support: noreply@agence-fictive.gouv.fr\n',
      },
      {
        yaml: 'contacts:\n  technical: [dsi@agence-fictive.gouv.fr]\n  support: ne-pas-repondre@agence-fictive.gouv.fr\n',
      },
    ],
  },
  concerns: hasUnusualMailbox,
  check(partial, report) {
    for (const { value, pointer } of unusualMailboxes(partial))
      if (isUnread(value) && isAccepted(value)) report({ pointer, messageId: 'unread', values: { value } });
  },
});

export const emailRules = [emailFormat, emailCase, emailPlus, emailPersonal, emailNoreply] as const;
