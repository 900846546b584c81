import { parse } from 'tldts';
import type { PartialDefinition } from '#domain/definition/parse/partial-definition';
import { definitionRule } from '#domain/definition/rules/rule';
import { addressesOf } from '#domain/definition/rules/url/address';
import { callToAct } from './call-to-act.ts';
import { maxNameRead, namePointer } from './limits.ts';

/** What is read as an address whatever follows: a scheme, `www.`, a host with a path, a port or a question. */
const link =
  /\b(?:https?|ftp|mailto|tel|sms|javascript|data):\S*|\bwww\.[\p{L}\d-]+\.\S*|(?:[\p{L}\d-]+\.)+\p{L}{2,}(?:\/|\?|:\d)\S*/iu;

const address = /\S+@\S+\.\S+/;

/** A telephone number to call from France; shorter ones (« 39 39 ») are names that people know. */
const phone =
  /(?<!\d)(?:(?:\+|00)33[ .-]?|0)[1-9](?:[ .-]?\d{2}){4}(?!\d)|(?<!\d)08\d{2}(?:[ .-]?\d{3}){2}(?!\d)/;

/** A word with a dot in it: a host, if its end is one of the Internet's. */
const dotted = /(?:[\p{L}\d](?:[\p{L}\d-]*[\p{L}\d])?\.)+\p{L}{2,}/giu;

/** What all of the above have in them, and nearly no name: those need no closer look. */
const marked = /[@:.]|\d[ .-]?\d[ .-]?\d[ .-]?\d[ .-]?\d/;

export const nameLink = definitionRule({
  id: 'name/link',
  severity: 'error',
  title: {
    fr: 'Le nom n’est ni une adresse, ni un appel à agir',
    en: 'The name is neither an address nor a call to act',
  },
  why: {
    fr: 'Greffier écrit aux contacts techniques en citant le nom. Les messageries changent une adresse en lien, et une consigne citée dans un message officiel serait suivie : le nom sert à reconnaître l’application, à rien d’autre.',
    en: 'Greffier writes to the technical contacts and quotes the name. Mail programs turn an address into a link, and an instruction quoted in an official message would be followed: the name is there to recognise the application, and for nothing else.',
  },
  suppresses: ['name/generic'],
  messages: {
    link: {
      fr: 'Le nom {value} contient un lien ({part}). Écrivez le nom de l’application, par exemple « Agenda des associations ».',
      en: 'The name {value} holds a link ({part}). Write the name of the application, for example “Agenda des associations”.',
    },
    address: {
      fr: 'Le nom {value} contient une adresse e-mail ({part}). Écrivez le nom de l’application : les adresses ont leurs propres champs.',
      en: 'The name {value} holds an e-mail address ({part}). Write the name of the application: addresses have fields of their own.',
    },
    phone: {
      fr: 'Le nom {value} contient un numéro de téléphone ({part}). Écrivez le nom de l’application, sans lui.',
      en: 'The name {value} holds a telephone number ({part}). Write the name of the application, without it.',
    },
    call: {
      fr: 'Le nom {value} demande de faire quelque chose ({part}) : cité dans un message, il serait pris pour une consigne. Écrivez le nom de l’application, par exemple « Agenda des associations ».',
      en: 'The name {value} asks to do something ({part}): quoted in a message, it would be taken for an instruction. Write the name of the application, for example “Agenda des associations”.',
    },
    host: {
      fr: 'Le nom {value} contient {part}, qui n’est pas un domaine de vos URL et que les messageries changent en lien. Écrivez le nom de l’application sans lui, ou une espace après le point si ce n’est pas une adresse.',
      en: 'The name {value} holds {part}, which is no domain of your URLs and which mail programs turn into a link. Write the name of the application without it, or a space after the dot if it is no address.',
    },
    own: {
      fr: 'Le nom {value} contient {part}, que les messageries changent en lien. Si vos usagers connaissent l’application sous ce nom, il n’y a rien à corriger : un relecteur le confirme.',
      en: 'The name {value} holds {part}, which mail programs turn into a link. If your users know the application under this name there is nothing to correct: a reviewer confirms it.',
    },
    state: {
      fr: 'Le nom {value} contient {part}, une adresse de l’État qui n’est pas un domaine de vos URL. Si c’est bien le nom de l’application, un relecteur le confirme ; sinon, écrivez-en un autre.',
      en: 'The name {value} holds {part}, an address of the State that is no domain of your URLs. If it is the name of the application, a reviewer confirms it; if not, write another one.',
    },
  },
  examples: {
    good: [
      { yaml: 'name: "Cap+ (salles/équipements) : saison 1, tome 2 !"\n' },
      { yaml: 'name: S.I. du ministère\n' },
      { yaml: 'name: Pix.\n' },
      { yaml: 'name: Contestation des amendes (tél. 39 39)\n' },
      {
        yaml: 'name: subventions.gouv.fr\nredirect_uris:\n  - https://auth.subventions.gouv.fr/callback\npost_logout_redirect_uris: []\n',
      },
    ],
    bad: [
      { yaml: 'name: https://agenda.ville-de-montfictif.fr\n', messageIds: ['link'] },
      { yaml: 'name: Vos clés sur montfictif-cles.com/pc\n', messageIds: ['link'] },
      { yaml: 'name: Agenda (aide@ville-de-montfictif.fr)\n', messageIds: ['address'] },
      { yaml: 'name: Agenda - aide au 01 99 00 00 01\n', messageIds: ['phone'] },
      { yaml: 'name: Validez votre compte ProConnect\n', messageIds: ['call'] },
      { yaml: 'name: Click here to read your keys\n', messageIds: ['call'] },
      { yaml: 'name: Vos clés sur montfictif-cles.com\n', messageIds: ['host'] },
      {
        yaml: 'name: montfictif.fr\nredirect_uris:\n  - https://auth.montfictif.fr/callback\npost_logout_redirect_uris: []\n',
        messageIds: ['own'],
      },
      { yaml: 'name: Espace impots.gouv.fr\n', messageIds: ['state'] },
    ],
  },
  check(partial, report) {
    const value = partial.name;
    if (value === undefined) return;
    const name = value.slice(0, maxNameRead);
    const call = callToAct(name);
    if (call === undefined && !marked.test(name)) return;
    const found = [
      { messageId: 'address', part: address.exec(name)?.[0] },
      { messageId: 'link', part: link.exec(name)?.[0] },
      { messageId: 'phone', part: phone.exec(name)?.[0] },
      { messageId: 'call', part: call },
    ] as const;
    for (const { messageId, part } of found)
      if (part !== undefined) {
        report({
          pointer: namePointer,
          messageId,
          values: { value, part: part.replace(/[).,;:!?]+$/, '') },
        });
        return;
      }
    reportHosts(partial, name, (messageId, part) =>
      report({
        pointer: namePointer,
        messageId,
        ...(messageId === 'host' ? {} : { severity: 'decision' as const }),
        values: { value, part },
      }),
    );
  },
});

/** The first host in the name that is anything but the State's own address of this very application. */
function reportHosts(
  partial: PartialDefinition,
  name: string,
  report: (messageId: 'host' | 'own' | 'state', part: string) => void,
): void {
  for (const [part] of name.matchAll(dotted)) {
    const { domain, publicSuffix, isIcann } = parse(part);
    if (isIcann !== true || domain === null) continue;
    const isOwn = addressesOf(partial).some(({ host }) => host?.site === domain);
    const isOfState = publicSuffix === 'gouv.fr';
    if (isOwn && isOfState) continue;
    report(isOwn ? 'own' : isOfState ? 'state' : 'host', part);
    return;
  }
}
