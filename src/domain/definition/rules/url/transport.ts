/** Rules on where a URL leads: https, and a public host of the organization in production. */
import type { PartialDefinition } from '#domain/definition/parse/partial-definition';
import { definitionRule } from '#domain/definition/rules/rule';
import type { RuleId } from '#domain/definition/rules/rule-ids';
import {
  addressesOf,
  hasUnusualAddress,
  isLoopbackAddress,
  type UrlAddress,
  unusualAddressesOf,
} from './address.ts';
import type { HostKind } from './host.ts';

/** When the host itself has to change, nothing more is reported of the URL that goes with it. */
const suppressedByHost: readonly RuleId[] = [
  'url/https-required',
  'url/canonical',
  'url/slash-twin',
  'url/non-production-host',
  'url/foreign-logout',
  'url/network-suffix',
];

/** The addresses of a definition in production whose host is of one of these kinds, none of them `ordinary`. */
function* inProduction(
  partial: PartialDefinition,
  ...kinds: readonly Exclude<HostKind, 'ordinary'>[]
): Generator<UrlAddress & { kind: HostKind; name: string }> {
  if (partial.environment !== 'production') return;
  for (const address of unusualAddressesOf(partial)) {
    const { host } = address;
    if (host !== undefined && kinds.some((kind) => kind === host.kind))
      yield { ...address, kind: host.kind, name: host.name };
  }
}

export const urlHttpsRequired = definitionRule({
  id: 'url/https-required',
  severity: 'error',
  title: { fr: 'L’URL est en https', en: 'The URL uses https' },
  why: {
    fr: 'En `http`, quiconque partage le réseau de l’usager lit le code de connexion au passage et peut se connecter à sa place. Seul le poste du développeur (`localhost`, en intégration) fait exception.',
    en: 'With `http`, anyone on the user’s network reads the sign-in code as it passes and can sign in in their place. Only the developer’s machine (`localhost`, in integration) is excepted.',
  },
  suppresses: ['url/canonical'],
  messages: {
    production: {
      fr: '`http` est refusé en production pour {value} ; utilisez `https` : {correction}.',
      en: '`http` is refused in production for {value}; use `https`: {correction}.',
    },
    integration: {
      fr: 'En intégration, `http` n’est accepté que pour `localhost`. Pour {value}, utilisez `https` : {correction}.',
      en: 'In integration, `http` is only accepted for `localhost`. For {value}, use `https`: {correction}.',
    },
    uncertain: {
      fr: '`http` n’est pas accepté pour {value} : le code de connexion y circulerait en clair. Donnez l’URL `https` de votre application (et son port, s’il change).',
      en: '`http` is not accepted for {value}: the sign-in code would travel in the clear. Give the `https` URL of your application (and its port, if it changes).',
    },
    fix: { fr: 'Écrire {correction}', en: 'Write {correction}' },
  },
  examples: {
    good: [
      { yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/callback\n' },
      { yaml: 'redirect_uris:\n  - http://localhost:3000/callback\n', cell: 'internet/integration' },
      { yaml: 'redirect_uris:\n  - http://agenda.localhost:3000/callback\n', cell: 'internet/integration' },
      { yaml: 'redirect_uris:\n  - "http://[::1]:3000/callback"\n', cell: 'rie/integration' },
    ],
    bad: [
      {
        yaml: 'redirect_uris:\n  - http://subventions.agence-fictive.gouv.fr/callback\n',
        messageIds: ['production'],
      },
      {
        yaml: 'redirect_uris:\n  - http://recette.agence-fictive.gouv.fr/callback\n',
        cell: 'internet/integration',
        messageIds: ['integration'],
      },
      {
        yaml: 'redirect_uris:\n  - http://recette.agence-fictive.gouv.fr:8080/callback\n',
        cell: 'rie/integration',
        messageIds: ['uncertain'],
      },
    ],
  },
  concerns: hasUnusualAddress,
  check(partial, report) {
    const production = partial.environment === 'production';
    for (const address of unusualAddressesOf(partial)) {
      const { url, host, pointer, shown, fault } = address;
      if (url === undefined || url.secure || fault !== undefined) continue;
      if (isLoopbackAddress(address)) continue;
      if (host?.kind === 'ip' || (url.port !== '' && url.port !== '443')) {
        report({ pointer, messageId: 'uncertain', values: { value: shown } });
        continue;
      }
      const correction = url.written
        .replace(/^http:/, 'https:')
        .replace(/^(https:\/\/[^/:]+):443(?=\/|$)/, '$1');
      report({
        pointer,
        messageId: production ? 'production' : 'integration',
        values: { value: shown, correction },
        fix: { title: 'fix', values: { correction }, correction: { kind: 'set', value: correction } },
      });
    }
  },
});

export const urlLoopback = definitionRule({
  id: 'url/loopback',
  severity: 'error',
  title: { fr: 'Pas de `localhost` en production', en: 'No `localhost` in production' },
  why: {
    fr: '`localhost` désigne l’ordinateur de la personne qui se connecte : en production, son code de connexion serait remis à n’importe quel programme qui y écoute.',
    en: '`localhost` means the computer of the person who signs in: in production, their sign-in code would be handed to any program listening there.',
  },
  suppresses: [...suppressedByHost, 'url/incomplete', 'url/open-redirect'],
  messages: {
    loopback: {
      fr: '{host} est réservé à l’intégration. Retirez {value} de la production.',
      en: '{host} is reserved for integration. Remove {value} from production.',
    },
    alias: {
      fr: '{host} désigne l’ordinateur de l’usager (127.0.0.1) : c’est réservé à l’intégration. Retirez {value} de la production.',
      en: '{host} means the user’s own computer (127.0.0.1): that is reserved for integration. Remove {value} from production.',
    },
  },
  examples: {
    good: [{ yaml: 'redirect_uris:\n  - http://localhost:3000/callback\n', cell: 'internet/integration' }],
    bad: [
      { yaml: 'redirect_uris:\n  - http://localhost:3000/callback\n', messageIds: ['loopback'] },
      { yaml: 'redirect_uris:\n  - http://127.0.0.1/callback\n' },
      { yaml: 'redirect_uris:\n  - https://agenda.lvh.me/callback\n', messageIds: ['alias'] },
    ],
  },
  concerns: hasUnusualAddress,
  check(partial, report) {
    for (const { pointer, shown, name } of inProduction(partial, 'loopback'))
      report({
        pointer,
        messageId: name.endsWith('localhost') ? 'loopback' : 'alias',
        values: { value: shown, host: name },
      });
  },
});

export const urlIpAddress = definitionRule({
  id: 'url/ip-address',
  severity: 'error',
  title: { fr: 'Un nom de domaine plutôt qu’une adresse IP', en: 'A domain name rather than an IP address' },
  why: {
    fr: 'Une adresse IP change de mains et n’a en général pas de certificat : l’usager ne peut pas savoir à qui il confie son identité.',
    en: 'An IP address changes hands and generally has no certificate: users cannot know whom they give their identity to.',
  },
  suppresses: suppressedByHost,
  messages: {
    literal: {
      fr: 'Utilisez un nom de domaine, pas l’adresse IP {host} de {value}.',
      en: 'Use a domain name, not the IP address {host} of {value}.',
    },
    embedded: {
      fr: 'Le domaine {host} n’est qu’une adresse IP déguisée. Utilisez dans {value} un nom de domaine de votre organisme.',
      en: 'The domain {host} is only an IP address in disguise. Use a domain name of your organization in {value}.',
    },
  },
  examples: {
    good: [{ yaml: 'redirect_uris:\n  - https://10.2.3.4/callback\n', cell: 'internet/integration' }],
    bad: [
      { yaml: 'redirect_uris:\n  - https://10.2.3.4/callback\n', messageIds: ['literal'] },
      { yaml: 'redirect_uris:\n  - https://[2001:660::1]/callback\n', messageIds: ['literal'] },
      { yaml: 'redirect_uris:\n  - https://app.10-2-3-4.nip.io/callback\n', messageIds: ['embedded'] },
    ],
  },
  concerns: hasUnusualAddress,
  check(partial, report) {
    for (const { pointer, shown, name } of inProduction(partial, 'ip'))
      report({
        pointer,
        messageId: /^\[|^[\d.]+$/.test(name) ? 'literal' : 'embedded',
        values: { value: shown, host: name },
      });
  },
});

export const urlReservedDomain = definitionRule({
  id: 'url/reserved-domain',
  severity: 'error',
  title: { fr: 'Le domaine existe pour tout le monde', en: 'The domain exists for everyone' },
  why: {
    fr: 'Certains noms (`.local`, `.internal`, `.test`, `.example`…) n’appartiennent à personne et ne mènent nulle part hors d’un réseau privé (RFC 6761). En production, vos usagers n’y arriveraient pas, ou arriveraient ailleurs.',
    en: 'Some names (`.local`, `.internal`, `.test`, `.example`…) belong to nobody and lead nowhere outside a private network (RFC 6761). In production your users would not get there, or would get somewhere else.',
  },
  suppresses: suppressedByHost,
  messages: {
    reserved: {
      fr: 'Le domaine {host} est réservé aux réseaux privés et aux essais. Indiquez dans {value} le domaine public de votre application.',
      en: 'The domain {host} is reserved for private networks and tests. Give the public domain of your application in {value}.',
    },
    documentation: {
      fr: 'Le domaine {host} est réservé aux exemples. Indiquez dans {value} le domaine de votre application.',
      en: 'The domain {host} is reserved for examples. Give the domain of your application in {value}.',
    },
    unqualified: {
      fr: '{host} est un nom de machine sans domaine. Indiquez dans {value} le nom complet de votre application, par exemple `monapp.gouv.fr`.',
      en: '{host} is a machine name without a domain. Give the full name of your application in {value}, for example `monapp.gouv.fr`.',
    },
    unknownSuffix: {
      fr: 'Le domaine {host} se termine par une extension qui n’existe pas sur Internet. Vérifiez {value}.',
      en: 'The domain {host} ends with an extension that does not exist on the Internet. Check {value}.',
    },
  },
  examples: {
    good: [
      { yaml: 'redirect_uris:\n  - https://agenda.local/callback\n', cell: 'internet/integration' },
      { yaml: 'redirect_uris:\n  - https://local.agence-fictive.gouv.fr/callback\n' },
    ],
    bad: [
      { yaml: 'redirect_uris:\n  - https://agenda.local/callback\n', messageIds: ['reserved'] },
      { yaml: 'redirect_uris:\n  - https://agenda.example/callback\n', messageIds: ['documentation'] },
      { yaml: 'redirect_uris:\n  - https://intranet/callback\n' },
      { yaml: 'redirect_uris:\n  - https://serveur/callback\n', messageIds: ['unqualified'] },
      { yaml: 'redirect_uris:\n  - https://agenda.montfictif.ffr/callback\n', messageIds: ['unknownSuffix'] },
    ],
  },
  concerns: hasUnusualAddress,
  check(partial, report) {
    const kinds = ['reserved', 'documentation', 'unqualified', 'unknownSuffix'] as const;
    for (const { pointer, shown, name, kind } of inProduction(partial, ...kinds)) {
      const messageId = kinds.find((known) => known === kind);
      // Networks of the RIE have suffixes of their own, which no list knows.
      if (messageId === undefined || (messageId === 'unknownSuffix' && partial.network === 'rie')) continue;
      report({ pointer, messageId, values: { value: shown, host: name } });
    }
  },
});

export const urlTunnel = definitionRule({
  id: 'url/tunnel',
  severity: 'error',
  title: { fr: 'Pas de tunnel de développement en production', en: 'No development tunnel in production' },
  why: {
    fr: 'Un tunnel (ngrok, localtunnel…) mène à l’ordinateur de quelqu’un, sous un nom prêté que le prochain venu peut obtenir : les identités des agents y seraient exposées.',
    en: 'A tunnel (ngrok, localtunnel…) leads to somebody’s computer, under a borrowed name that the next comer can get: the identities of agents would be exposed there.',
  },
  suppresses: [...suppressedByHost, 'url/shared-hosting'],
  messages: {
    tunnel: {
      fr: '{host} est un tunnel de développement. En production, remplacez {value} par l’URL publique de votre application.',
      en: '{host} is a development tunnel. In production, replace {value} by the public URL of your application.',
    },
  },
  examples: {
    good: [
      { yaml: 'redirect_uris:\n  - https://abcd.ngrok-free.app/callback\n', cell: 'internet/integration' },
    ],
    bad: [
      { yaml: 'redirect_uris:\n  - https://abcd.ngrok-free.app/callback\n' },
      { yaml: 'redirect_uris:\n  - https://mon-tunnel.loca.lt/callback\n' },
    ],
  },
  concerns: hasUnusualAddress,
  check(partial, report) {
    for (const { pointer, shown, name } of inProduction(partial, 'tunnel'))
      report({ pointer, messageId: 'tunnel', values: { value: shown, host: name } });
  },
});

export const urlSharedHosting = definitionRule({
  id: 'url/shared-hosting',
  severity: 'decision',
  title: { fr: 'Le domaine appartient à l’organisme', en: 'The domain belongs to the organization' },
  why: {
    fr: 'Sous le nom d’un hébergeur, l’adresse n’est pas à vous : le jour où l’application ferme, n’importe qui peut reprendre le même nom et recevoir les connexions de vos agents.',
    en: 'Under the name of a hosting company, the address is not yours: the day the application closes, anyone can take the same name and receive the sign-ins of your agents.',
  },
  messages: {
    shared: {
      fr: '{host} est un nom prêté par un hébergeur, et non un domaine de votre organisme. Utilisez votre propre domaine dans {value}, ou un relecteur doit approuver ce choix.',
      en: '{host} is a name lent by a hosting company, not a domain of your organization. Use your own domain in {value}, or a reviewer must approve this choice.',
    },
  },
  examples: {
    good: [
      {
        yaml: 'redirect_uris:\n  - https://agenda.osc-fr1.scalingo.io/callback\n',
        cell: 'internet/integration',
      },
      {
        yaml: 'redirect_uris:\n  - https://agenda.ville-de-montfictif.fr/callback\npost_logout_redirect_uris: []\n',
      },
    ],
    bad: [
      { yaml: 'redirect_uris:\n  - https://agenda.osc-fr1.scalingo.io/callback\n' },
      { yaml: 'redirect_uris:\n  - https://agenda.vercel.app/callback\n' },
      { yaml: 'redirect_uris:\n  - https://agence.github.io/callback\n' },
    ],
  },
  concerns: hasUnusualAddress,
  check(partial, report) {
    for (const { pointer, shown, name } of inProduction(partial, 'shared'))
      report({ pointer, messageId: 'shared', values: { value: shown, host: name } });
  },
});

/** A whole label, or its first or last word: `recette.…`, `app-preprod.…`, `review-42.…`, `pr-123.…`. */
const environmentWord =
  /^(?:dev|devel|develop|test|testing|rec|recette|preprod|preproduction|pprod|staging|stage|stg|integ|uat|qualif|qualification|sandbox|bacasable|review|preview|demo|sit|hors-prod|horsprod|nonprod)\d{0,3}$/;
const wholeLabel =
  /^(?:integration|int|qa|rct|qlf|ppr|pre-prod|pre-production|bac-a-sable|developpement)\d{0,3}$/;
const pullRequest = /^(?:pr|mr|review|preview)-?\d+$|^review-|-pr-?\d+$/;

/** Cheap sign that a host may bear such a word. */
const environmentHint =
  /dev|test|rec|prod|stag|stg|int|uat|qua|ql|sand|sable|review|preview|pr-|mr-|demo|form|qa|rct|sit|ppr/;

function environmentLabel(name: string): string | undefined {
  if (!environmentHint.test(name)) return undefined;
  const labels = name.split('.');
  for (let index = 0; index < labels.length - 1; index += 1) {
    const label = labels[index] ?? '';
    if (wholeLabel.test(label) || pullRequest.test(label)) return label;
    const hyphen = label.indexOf('-');
    if (hyphen < 0 ? environmentWord.test(label) : isEnvironmentCompound(label)) return label;
  }
  return undefined;
}

function isEnvironmentCompound(label: string): boolean {
  const words = label.split('-').filter((word) => !/^\d+$/.test(word));
  const first = words[0] ?? '';
  const last = words.at(-1) ?? '';
  return (
    environmentWord.test(last) || (environmentWord.test(first) && !/^(?:formation|stage|demo)/.test(first))
  );
}

export const urlNonProductionHost = definitionRule({
  id: 'url/non-production-host',
  severity: 'warning',
  title: {
    fr: 'L’hôte de production ne porte pas le nom d’un autre environnement',
    en: 'The production host does not bear the name of another environment',
  },
  why: {
    fr: 'Une URL de recette laissée en production donne aux identités réelles un accès à un serveur moins protégé. Les environnements hors production se branchent sur l’intégration.',
    en: 'A test URL left in production gives real identities to a less protected server. Environments other than production are connected to integration.',
  },
  messages: {
    label: {
      fr: '{label} laisse penser que {value} n’est pas la production. Si c’est le cas, déclarez cette URL dans la définition d’intégration.',
      en: '{label} suggests that {value} is not production. If so, declare this URL in the integration definition.',
    },
  },
  examples: {
    good: [
      { yaml: 'redirect_uris:\n  - https://subventions.developpement-durable.gouv.fr/test/callback\n' },
      { yaml: 'redirect_uris:\n  - https://formation.agence-fictive.gouv.fr/callback\n' },
      {
        yaml: 'redirect_uris:\n  - https://recette.agence-fictive.gouv.fr/callback\n',
        cell: 'internet/integration',
      },
    ],
    bad: [
      { yaml: 'redirect_uris:\n  - https://recette.agence-fictive.gouv.fr/callback\n' },
      { yaml: 'redirect_uris:\n  - https://subventions-preprod.agence-fictive.gouv.fr/callback\n' },
      { yaml: 'redirect_uris:\n  - https://review-42.agence-fictive.gouv.fr/callback\n' },
    ],
  },
  check(partial, report) {
    if (partial.environment !== 'production') return;
    let last = '';
    let label: string | undefined;
    for (const { pointer, shown, host } of addressesOf(partial)) {
      if (host === undefined || (host.kind !== 'ordinary' && host.kind !== 'shared')) continue;
      const { name } = host;
      // The addresses of a definition mostly share one host.
      if (name !== last) label = environmentLabel(name);
      last = name;
      if (label !== undefined) report({ pointer, messageId: 'label', values: { value: shown, label } });
    }
  },
});

const rieSuffix = /\.(?:rie|ader)\.gouv\.fr$/;

export const urlNetworkSuffix = definitionRule({
  id: 'url/network-suffix',
  severity: 'warning',
  title: {
    fr: 'L’hôte est sur le réseau de la définition',
    en: 'The host is on the network of the definition',
  },
  why: {
    fr: 'Les noms en `.rie.gouv.fr` et `.ader.gouv.fr` n’existent que sur le réseau interministériel (RIE) ; les autres noms n’y sont pas toujours joignables. Les clés de l’un ne marchent pas sur l’autre.',
    en: 'Names under `.rie.gouv.fr` and `.ader.gouv.fr` exist only on the interministerial network (RIE); other names cannot always be reached there. The keys of one do not work on the other.',
  },
  messages: {
    rieHost: {
      fr: '{host} n’existe que sur le RIE, et cette définition est sur Internet. Déclarez {value} dans une définition du réseau `rie`.',
      en: '{host} exists only on the RIE, and this definition is on the Internet. Declare {value} in a definition of the `rie` network.',
    },
    publicHost: {
      fr: '{host} n’est pas un nom du RIE (`.rie.gouv.fr` ou `.ader.gouv.fr`). Vérifiez que vos usagers joignent bien {value} depuis le RIE.',
      en: '{host} is not a name of the RIE (`.rie.gouv.fr` or `.ader.gouv.fr`). Check that your users do reach {value} from the RIE.',
    },
  },
  examples: {
    good: [
      {
        yaml: 'redirect_uris:\n  - https://portail.cisirh.rie.gouv.fr/callback\npost_logout_redirect_uris:\n  - https://portail.cisirh.rie.gouv.fr/\n',
        cell: 'rie/production',
      },
    ],
    bad: [
      {
        yaml: 'redirect_uris:\n  - https://portail.cisirh.rie.gouv.fr/callback\n',
        cell: 'internet/production',
        messageIds: ['rieHost'],
      },
      {
        yaml: 'redirect_uris:\n  - https://portail.interieur.gouv.fr/callback\n',
        cell: 'rie/production',
        messageIds: ['publicHost'],
      },
    ],
  },
  check(partial, report) {
    if (partial.network === undefined) return;
    const said = new Set<string>();
    for (const { pointer, shown, host } of addressesOf(partial)) {
      if (host?.kind !== 'ordinary' || said.has(host.name)) continue;
      const onRie = rieSuffix.test(host.name);
      if (onRie === (partial.network === 'rie')) continue;
      said.add(host.name);
      report({
        pointer,
        messageId: onRie ? 'rieHost' : 'publicHost',
        values: { value: shown, host: host.name },
      });
    }
  },
});

export const urlTransportRules = [
  urlHttpsRequired,
  urlLoopback,
  urlIpAddress,
  urlReservedDomain,
  urlTunnel,
  urlSharedHosting,
  urlNonProductionHost,
  urlNetworkSuffix,
] as const;
