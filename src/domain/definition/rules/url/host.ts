/** What kind of host an address names, seen from a definition in production. */
import { parse } from 'tldts';
import { isLoopbackHost, loopbackName } from '#base/loopback';
import { foreignLetter, lookalike } from './confusable-letters.ts';

/** One kind per host, the first that fits: a root cause hides its consequences. */
export type HostKind =
  | 'loopback'
  /** An IP address, or a name that only spells one (`10-0-0-1.nip.io`). */
  | 'ip'
  | 'proconnect'
  | 'homograph'
  /** A name kept out of the public DNS (RFC 6761, RFC 6762, RFC 8375, ICANN's `.internal`). */
  | 'reserved'
  | 'documentation'
  | 'unqualified'
  | 'unknownSuffix'
  | 'tunnel'
  | 'shared'
  | 'ordinary';

export interface ClassifiedHost {
  readonly name: string;
  readonly kind: HostKind;
  /** The domain under which one pays for names, by the public suffix list; the host itself when there is none. */
  readonly site: string;
}

/** Names whose subdomains, and themselves, are of a kind. */
const suffixes: readonly (readonly [HostKind, string])[] = [
  /** This machine, and public names that resolve to 127.0.0.1. */
  ['loopback', `${loopbackName} lvh.me localtest.me vcap.me lacolhost.com fuf.me`],
  /** Public names that resolve to the address written in them. */
  ['ip', 'nip.io sslip.io xip.io traefik.me backname.io'],
  /** Hosts of ProConnect, formerly AgentConnect (ProConnect, « Valeurs par domaine »). */
  [
    'proconnect',
    'proconnect.gouv.fr proconnect.rie.gouv.fr agentconnect.gouv.fr agentconnect.rie.gouv.fr dev-agentconnect.fr',
  ],
  ['reserved', 'local localdomain internal intranet test invalid lan home corp private onion alt home.arpa'],
  ['documentation', 'example example.com example.org example.net example.edu'],
  [
    'tunnel',
    'ngrok.io ngrok.app ngrok.dev ngrok.com ngrok-free.app ngrok-free.dev ngrok.pizza loca.lt localtunnel.me ' +
      'localtunnel.com trycloudflare.com serveo.net serveousercontent.com localhost.run lhr.life lhr.rocks lhr.pro ' +
      'pagekite.me pagekite.net devtunnels.ms tunnelmole.net telebit.cloud telebit.io bore.pub bore.digital ' +
      'tunnelto.dev localxpose.io loclx.io pinggy.io pinggy.link pinggy.online playit.gg zrok.io ts.net expose.dev ' +
      'sharedwithexpose.com beeceptor.com hookdeck.com webhook.site requestbin.com requestbin.net gitpod.io ' +
      'github.dev githubpreview.dev stackblitz.io webcontainer.io csb.app',
  ],
  /** Platforms that lend names to anyone and that the public suffix list does not know, or only in part. */
  [
    'shared',
    'scalingo.io clever-cloud.com azurecontainerapps.io cloudapp.net amazonaws.com elasticbeanstalk.com ' +
      'wordpress.com wixsite.com weebly.com sspcloud.fr outsystemscloud.com mendixcloud.com powerappsportals.com ' +
      'mybluemix.net bubbleapps.io softr.app notion.site framer.app glitch.me repl.co ovh.net koyeb.app',
  ],
  /** Private suffixes of the public suffix list that a profession keeps for its own members. */
  [
    'ordinary',
    'aeroport.fr avocat.fr avoues.fr cci.fr chambagri.fr chirurgiens-dentistes.fr experts-comptables.fr ' +
      'chirurgiens-dentistes-en-france.fr geometre-expert.fr greta.fr huissier-justice.fr medecin.fr notaires.fr ' +
      'pharmacien.fr port.fr veterinaire.fr',
  ],
];

/** The kinds of suffixes, label by label from the end. */
interface Suffix {
  kind?: HostKind;
  readonly longer: Map<string, Suffix>;
}

const everySuffix: Suffix = { longer: new Map() };
for (const [kind, names] of suffixes)
  for (const name of names.split(' ')) {
    let here = everySuffix;
    for (const label of name.split('.').reverse()) {
      const next = here.longer.get(label) ?? { longer: new Map() };
      here.longer.set(label, next);
      here = next;
    }
    here.kind ??= kind;
  }

const dot = 46;

/** Of the longest suffix that is known. */
function kindBySuffix(name: string): HostKind | undefined {
  let kind: HostKind | undefined;
  let here: Suffix | undefined = everySuffix;
  for (let end = name.length; end >= 0; ) {
    let start = end;
    while (start > 0 && name.charCodeAt(start - 1) !== dot) start--;
    here = here.longer.get(name.slice(start, end));
    if (here === undefined) break;
    kind = here.kind ?? kind;
    end = start - 1;
  }
  return kind;
}

const ipv4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;

function isAddress(name: string): boolean {
  const last = name.charCodeAt(name.length - 1);
  return last === 93 /* ] */ || (last >= 48 && last <= 57 && ipv4.test(name));
}

/** Browsers of this machine only: `http` is accepted there in integration. */
export function isLoopbackName(name: string): boolean {
  if (isAddress(name)) return isLoopbackHost(name);
  return kindBySuffix(name) === 'loopback';
}

const parsing = {
  allowPrivateDomains: true,
  extractHostname: false,
  validateHostname: false,
  detectIp: false,
};

/** `a.b.gouv.fr` belongs to `b.gouv.fr`: the commonest suffix, without asking the list. */
function siteUnderGouv(name: string): string {
  const end = name.length - '.gouv.fr'.length;
  return name.slice(name.lastIndexOf('.', end - 1) + 1);
}

/** The two hosts that were read last: the addresses of a definition mostly share one, with and without `www.`. */
let last: ClassifiedHost | undefined;
let former: ClassifiedHost | undefined;

/** Reads a host name in the form of the WHATWG URL Standard: lower case, punycode. */
export function classifyHost(name: string): ClassifiedHost {
  if (last?.name === name) return last;
  if (former?.name === name) return former;
  former = last;
  last = classified(name);
  return last;
}

function classified(name: string): ClassifiedHost {
  if (isAddress(name)) return { name, kind: isLoopbackName(name) ? 'loopback' : 'ip', site: name };
  const known = kindBySuffix(name);
  if (known === 'loopback') return { name, kind: known, site: loopbackName };
  if (name.endsWith('.gouv.fr') && !name.includes('xn--'))
    return { name, kind: known ?? 'ordinary', site: siteUnderGouv(name) };
  if (!name.includes('.')) return { name, kind: known ?? 'unqualified', site: name };
  const suffix = parse(name, parsing);
  const site = suffix.domain ?? name;
  // Customers of one platform are strangers to each other, whatever the list says of its domain.
  if (known === 'tunnel' || known === 'shared') return { name, kind: known, site: name };
  if (known !== undefined) return { name, kind: known, site };
  if (foreignLetter(name) !== undefined || lookalike(name) !== undefined)
    return { name, kind: 'homograph', site };
  if (suffix.isPrivate === true) return { name, kind: 'shared', site };
  return { name, kind: suffix.isIcann === true ? 'ordinary' : 'unknownSuffix', site };
}
