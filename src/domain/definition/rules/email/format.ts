import { typographicSigns } from '#domain/definition/rules/plain-signs';
import { definitionRule } from '#domain/definition/rules/rule';
import { valuesIn } from '#domain/definition/rules/wrapping';
import { hasUnusualMailbox, isAccepted, maxMailboxLength, unusualMailboxes } from './address.ts';
import { meantAddress, plainAddress, sameTwice } from './meant-address.ts';

const invisible = /[\p{Cf}\u00a0\u202f]/u;

type Fault =
  | 'mailto'
  | 'named'
  | 'at'
  | 'spaces'
  | 'several'
  | 'noAt'
  | 'telephone'
  | 'page'
  | 'accents'
  | 'apostrophe'
  | 'domain'
  | 'other';

function faultOf(value: string, correction: string | undefined): Fault {
  if ((value.match(/[^\s,;<>]@[^\s,;<>]/g) ?? []).length > 1) return 'several';
  if (/^\s*mailto:/i.test(value)) return 'mailto';
  if (correction !== undefined && /</.test(value)) return 'named';
  if (correction !== undefined)
    return value.includes(correction) || (/\s*@+\s*/.test(value) && !/[([{]/.test(value)) ? 'spaces' : 'at';
  const at = value.lastIndexOf('@');
  // Of fourteen digits a SIRET is made, and no telephone number of this country.
  if (at < 0 && /^[+(]*\d(?:[\s.\-()/]*\d){5,12}\)?$/.test(value.trim())) return 'telephone';
  if (at < 0 && /^(?:https?:\/\/|www\.)/i.test(value.trim())) return 'page';
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
      fr: 'L’adresse {value} n’est pas seule : il y a des espaces, de la ponctuation ou des mots en trop. Écrivez {correction}.',
      en: 'The address {value} does not stand alone: there are spaces, punctuation or words too many. Write {correction}.',
    },
    several: {
      fr: 'Une seule adresse par élément : {value} en contient plusieurs. Faites une ligne de chacune, précédée d’un tiret.',
      en: 'One address per item: {value} holds several. Make a line of each, with a hyphen in front.',
    },
    one: {
      fr: 'Une seule adresse est possible ici, et {value} en contient plusieurs. Gardez celle que vous donneriez à un usager bloqué.',
      en: 'Only one address is possible here, and {value} holds several. Keep the one that you would give to a blocked user.',
    },
    cut: {
      fr: 'Le domaine de l’adresse {value} est coupé : seuls des points le séparent, sans virgule, barre ni espace. Écrivez {correction}.',
      en: 'The domain of the address {value} is cut: only dots separate its parts, without commas, slashes or spaces. Write {correction}.',
    },
    signs: {
      fr: 'L’adresse {value} contient {signs}, que les traitements de texte mettent à la place des signes du clavier. Écrivez {correction}.',
      en: 'The address {value} has {signs}, which word processors put in the place of the signs of the keyboard. Write {correction}.',
    },
    eachAlone: {
      fr: 'Une seule adresse par élément. Mettez chacune sur sa ligne, derrière un tiret : {items}.',
      en: 'One address per item. Put each on a line of its own, after a hyphen: {items}.',
    },
    telephone: {
      fr: '{value} est un numéro de téléphone. Indiquez ici une adresse e-mail, par exemple `assistance@ministere.gouv.fr`.',
      en: '{value} is a telephone number. Give an e-mail address here, for example `assistance@ministere.gouv.fr`.',
    },
    page: {
      fr: '{value} est une page web. Indiquez ici une adresse e-mail, par exemple `assistance@ministere.gouv.fr`.',
      en: '{value} is a web page. Give an e-mail address here, for example `assistance@ministere.gouv.fr`.',
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
        messageIds: ['page'],
      },
      {
        yaml: 'contacts:\n  technical: [dsi]\n  support: 01 49 27 49 27\n',
        messageIds: ['noAt', 'telephone'],
      },
      {
        yaml: 'contacts:\n  technical: ["dsi@agence-fictive.gouv,fr"]\n  support: aide@agence-fictive.gouv. fr\n',
        messageIds: ['cut'],
      },
      {
        yaml: 'contacts:\n  technical: [dsi–web@agence-fictive.gouv.fr]\n  support: aide@agence-fictive.gouv.fr\n',
        messageIds: ['signs'],
      },
      {
        yaml: 'contacts:\n  technical: ["DUPONT Jean <dsi@agence-fictive.gouv.fr>; MARTIN Léa <web@agence-fictive.gouv.fr>"]\n  support: aide@agence-fictive.gouv.fr\n',
        messageIds: ['eachAlone'],
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
        yaml: 'contacts:\n  technical: ["-dsi@agence-fictive.gouv.fr"]\n  support: aide@agence-fictive.gouv.fr\n',
        messageIds: ['spaces'],
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
      const whole = value.length > 2 * maxMailboxLength ? undefined : plainAddress(value);
      if (whole !== undefined) {
        const { messageId, certain, address } = whole;
        const values = { value, correction: address, signs: typographicSigns(value) };
        const correction = { kind: 'set', value: address.toLowerCase() } as const;
        report({
          pointer,
          messageId,
          values,
          ...(certain && { fix: { title: 'fix', values: { correction: address }, correction } }),
        });
        continue;
      }
      // No address is that long: what was meant is not worth looking for.
      const correction = value.length > 2 * maxMailboxLength ? undefined : meantAddress(value);
      const messageId = faultOf(value.slice(0, 2 * maxMailboxLength), correction);
      const same = messageId === 'several' ? sameTwice(value.slice(0, 2 * maxMailboxLength)) : undefined;
      if (same !== undefined)
        report({
          pointer,
          messageId: 'named',
          values: { value, correction: same },
          fix: { title: 'fix', values: { correction: same }, correction: { kind: 'set', value: same } },
        });
      else if (messageId === 'several') {
        const { items = [], certain = false } = valuesIn(value, isAccepted) ?? {};
        const clean = certain && pointer !== '/contacts/support';
        const one = pointer === '/contacts/support';
        report({
          pointer,
          messageId: one ? 'one' : certain || items.length < 2 ? 'several' : 'eachAlone',
          values: { value, items: items.map((item) => `- ${item}`) },
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
