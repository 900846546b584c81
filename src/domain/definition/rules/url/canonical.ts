import { definitionRule } from '#domain/definition/rules/rule';
import { hasUnusualAddress, isBareDomain, type UrlParts, unusualAddressesOf } from './address.ts';
import { withoutNeedlessEncoding } from './percent.ts';

export const urlCanonical = definitionRule({
  id: 'url/canonical',
  severity: 'error',
  title: { fr: 'L’URL est sous sa forme normale', en: 'The URL is in its normal form' },
  why: {
    fr: 'ProConnect compare les URL caractère par caractère, sans les normaliser. Votre application, elle, envoie la forme normale : majuscules du domaine, port 443, espaces ou `..` empêchent toute connexion.',
    en: 'ProConnect compares URLs character by character, without normalising them. Your application sends the normal form: capitals in the domain, port 443, spaces or `..` prevent any sign-in.',
  },
  messages: {
    form: {
      fr: 'L’URL {value} n’est pas sous sa forme normale, celle que les navigateurs envoient. Écrivez {correction}.',
      en: 'The URL {value} is not in its normal form, the one that browsers send. Write {correction}.',
    },
    spaces: {
      fr: 'L’URL {value} commence ou se termine par un espace. Écrivez {correction}.',
      en: 'The URL {value} starts or ends with a space. Write {correction}.',
    },
    port: {
      fr: 'Le port de l’URL {value} est celui par défaut, que les navigateurs n’envoient pas. Écrivez {correction}.',
      en: 'The port of the URL {value} is the default one, which browsers do not send. Write {correction}.',
    },
    colon: {
      fr: 'Dans {value}, aucun port ne suit le `:`. Écrivez {correction}.',
      en: 'In {value}, no port follows the `:`. Write {correction}.',
    },
    encoded: {
      fr: 'L’URL {value} encode des caractères qui s’écrivent tels quels : votre application envoie la même URL sous une autre forme. Écrivez {correction}.',
      en: 'The URL {value} encodes characters that are written as they are: it is the same URL as {correction}, which your application sends. Write {correction}.',
    },
    capitals: {
      fr: 'Le domaine de l’URL {value} contient des majuscules, que les navigateurs n’envoient pas. Écrivez {correction}.',
      en: 'The domain of the URL {value} has capitals, which browsers do not send. Write {correction}.',
    },
    accents: {
      fr: 'Le domaine de l’URL {value} contient des accents. Écrivez-le sous la forme (punycode) que les navigateurs envoient : {correction}.',
      en: 'The domain of the URL {value} has accents. Write it in the form (punycode) that browsers send: {correction}.',
    },
    accentsAsked: {
      fr: 'Le domaine de l’URL {value} contient des accents. Retirez-les s’il n’en a pas en réalité ; s’il en a, écrivez la forme (punycode) que les navigateurs envoient : {correction}.',
      en: 'The domain of the URL {value} has accents. Remove them if it has none in fact; if it has, write the form (punycode) that browsers send: {correction}.',
    },
    dots: {
      fr: 'L’URL {value} contient `.` ou `..`, que les navigateurs résolvent. Écrivez {correction}.',
      en: 'The URL {value} holds `.` or `..`, which browsers resolve. Write {correction}.',
    },
    address: {
      fr: 'L’adresse IP est écrite de façon inhabituelle dans {value}. Écrivez {correction}.',
      en: 'The IP address of {value} is written in an unusual way. Write {correction}.',
    },
    fix: { fr: 'Écrire {correction}', en: 'Write {correction}' },
  },
  examples: {
    good: [
      {
        yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr:8443/Auth/%c3%89tat.aspx?x=%20\n',
      },
    ],
    bad: [
      {
        yaml: 'redirect_uris:\n  - https://Subventions.Agence-Fictive.gouv.fr/callback\n',
        messageIds: ['capitals'],
      },
      {
        yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr:443/callback\n',
        messageIds: ['port'],
      },
      {
        yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/a/../callback\n',
        messageIds: ['dots'],
      },
      {
        yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/%63allback\n',
        messageIds: ['encoded'],
      },
      {
        yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr:/callback\n',
        messageIds: ['colon'],
      },
      {
        yaml: 'redirect_uris:\n  - https:/subventions.agence-fictive.gouv.fr/retour\n',
        messageIds: ['form'],
      },
      {
        yaml: 'redirect_uris:\n  - "https://subventions.agence-fictive.gouv.fr/callback "\n',
        messageIds: ['spaces'],
      },
      {
        yaml: 'redirect_uris:\n  - https://mairie-évry.fr/callback\npost_logout_redirect_uris: []\n',
        messageIds: ['accents'],
      },
      {
        yaml: 'redirect_uris:\n  - https://marchés.agence-fictive.gouv.fr/callback\n',
        messageIds: ['accentsAsked'],
      },
    ],
  },
  concerns: hasUnusualAddress,
  check(partial, report) {
    for (const { pointer, shown, text, url, fault } of unusualAddressesOf(partial)) {
      if (url === undefined || fault !== undefined || url.credentials || url.href === text) continue;
      const correction = url.href;
      // The bare domain has a rule of its own, which says more.
      if (url.hash !== '' || text.includes('#') || isBareDomain(text)) continue;
      // Nobody can say whether a space is one too many or a character of the path.
      const kind = difference(text, url);
      // Nor whether a domain of the administration, where none has accents, is really written with one.
      const isDoubtful = kind === 'accents' && url.hostname.endsWith('.gouv.fr');
      const isCertain = !/\s/.test(text.trim()) && !isDoubtful;
      report({
        pointer,
        messageId: isDoubtful ? 'accentsAsked' : kind,
        values: { value: shown, correction },
        ...(isCertain && {
          fix: { title: 'fix', values: { correction }, correction: { kind: 'set', value: correction } },
        }),
      });
    }
  },
});

function difference(
  text: string,
  { hostname, href }: UrlParts,
): 'form' | 'spaces' | 'port' | 'colon' | 'capitals' | 'accents' | 'dots' | 'address' | 'encoded' {
  if (text.trim() !== text) return 'spaces';
  const authority = /^[a-z]+:[\\/]*([^\\/?#]*)/i.exec(text)?.[1] ?? '';
  // Of other signs that browsers read as those of the keyboard nothing is left in a name.
  if (/[^\p{ASCII}]/u.test(authority)) return hostname.includes('xn--') ? 'accents' : 'form';
  if (authority.endsWith(':')) return 'colon';
  if (/:(?:443|80)$/.test(authority)) return 'port';
  const host = authority.replace(/:\d*$/, '');
  if (host !== hostname && host.toLowerCase() === hostname) return 'capitals';
  if (host !== hostname && /^[\d.]+$|^\[/.test(hostname)) return 'address';
  if (/\/(?:\.|%2e){1,2}(?:\/|$|\?)/i.test(text)) return 'dots';
  return withoutNeedlessEncoding(text) === href ? 'encoded' : 'form';
}
