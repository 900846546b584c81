/** Whoever opens the front desk, and the other sites that their browser has open. */
import { proof, type ThreatActor } from './model.ts';

const keptOut = 'http/front-desk/kept-out';

export const visitor: ThreatActor = {
  name: 'A visitor of the front desk, and the other sites in their browser',
  can: 'send any form, of any size, as often as they like, and have other people’s browsers do so; read whatever the desk shows without sign-in.',
  cannot:
    'have anything act in a page, send in someone else’s name, keep others out, or learn of the registry what is not public.',
  threats: [
    {
      threat: 'HTML, a script, an attribute or a link in any field of the form',
      protection:
        'A template escapes every value by construction; what is foreign in a sentence stands in code that it cannot close; and the policy runs no script or style but the two files of the desk.',
      proofs: [
        proof(
          'base/html.ts',
          "if (typeof value === 'string') return escapeHtml(value);",
          "if (typeof value === 'string') return value;",
          'http/front-desk/request-form',
          'lets nothing act that is written into any field',
        ),
        proof(
          'base/html.ts',
          'const shown = escapeHtml(text);',
          'const shown = text;',
          'base/html',
          'keeps hostile text inert',
        ),
        proof(
          'http/front-desk/layout.ts',
          "default-src 'none'; style-src 'self'; script-src 'self';",
          "default-src *; style-src 'self'; script-src 'self';",
          'http/front-desk/front-desk',
          'lets nothing act but its own style and script',
        ),
      ],
    },
    {
      threat: 'A form of the desk that another site sends (CSRF)',
      protection:
        'Every POST names the page that it comes from (`Origin`, and `Sec-Fetch-Site` where the browser says it): only the desk’s own count. With sign-in, nothing is sent but by the token of its session: any other form of the desk’s own is shown again. Without, there is nobody in whose name it could be sent, and no cookie but that of the language.',
      proofs: [
        proof(
          'http/front-desk/request-form.ts',
          "if (!isOwnOrigin(context, options.origin)) return refused('origin');",
          '',
          'http/front-desk/request-form',
          'that comes from %s',
        ),
        proof(
          'http/front-desk/request-form.ts',
          "(await people?.isOwnForm(context, values.csrf ?? '')) === true",
          'true',
          'http/front-desk/request-form',
          'with the token of their own page only',
        ),
      ],
    },
    {
      threat: 'The desk in a frame of another page, under something to click on',
      protection: 'No page may be framed.',
      proofs: [
        proof(
          'http/front-desk/layout.ts',
          "frame-ancestors 'none'",
          'frame-ancestors *',
          'http/front-desk/front-desk',
          'lets nothing act but its own style and script',
        ),
      ],
    },
    {
      threat: 'A flood of forms, or forms without end',
      protection:
        'Thirty a minute for each client, those of the script apart; 256 KiB each, whatever length is announced. Behind a proxy of the same machine or a private network, the client is the last address of `X-Forwarded-For`, which that proxy wrote; each process counts for itself.',
      proofs: [
        proof(
          'http/front-desk/request-form.ts',
          "if (!limit.allows(signedIn?.person.email ?? clientOf(incoming), now())) return refused('many');",
          '',
          'http/front-desk/request-form',
          'beyond thirty a minute from one client',
        ),
        proof(
          'http/front-desk/guard.ts',
          'one: maxFormBytes, held',
          'one: 512 * 1024, held',
          'http/front-desk/request-form',
          'that is longer than 256 KiB',
        ),
        proof(
          'domain/front-desk/form-values.ts',
          'const kept = written.slice(0, most + 1);',
          'const kept = written;',
          'domain/front-desk/judge',
          'reads no more of a list than is needed to refuse it',
        ),
      ],
    },
    {
      threat: 'A definition that is too long for a link to GitHub, which would be cut',
      protection:
        'The link is left out when, encoded once more as GitHub’s sign-in does, it has more than 7,500 characters; the file is copied or downloaded instead.',
      proofs: [
        proof(
          'http/front-desk/new-file-link.ts',
          'encodeURIComponent(link).length > maxEncodedTwice ? undefined : link',
          'link',
          'http/front-desk/request-form',
          'makes no link that GitHub would refuse',
        ),
      ],
    },
    {
      threat: 'Reading the registry by `?from=`, or by the public catalogue',
      protection:
        'Without sign-in no definition is read, and with it only one’s own. The catalogue, where the operator made it public, knows one cell, the provisioned services of it, and four things of each.',
      proofs: [
        proof(
          'http/front-desk/request-form.ts',
          'from === undefined || signedIn === undefined || people === undefined',
          'from === undefined || people === undefined',
          'http/front-desk/request-form',
          'tells nothing of a definition to those who did not',
        ),
        proof(
          'application/front-desk/read-own-definition.ts',
          'before === undefined ? undefined : ownText(blobs.get(before));',
          'before === undefined ? undefined : new TextDecoder().decode(blobs.get(before));',
          'application/front-desk/read-own-definition',
          'is told to nobody else, and no version of somebody else’s to anyone',
        ),
        proof(
          'application/front-desk/catalogue.ts',
          ".where('client_id', 'is not', null)",
          '',
          'application/front-desk/catalogue',
          'lists what is provisioned in production on Internet, and nothing else',
        ),
        proof(
          'application/front-desk/catalogue.ts',
          ".where('state', '=', 'active')",
          '',
          'application/front-desk/catalogue',
          'lists what is provisioned in production on Internet, and nothing else',
        ),
      ],
    },
    {
      threat: 'Keeping somebody out: forms that their browser is made to send, or those of a neighbour',
      protection:
        'What does not come from a page of the desk is refused, and not counted. Whoever is signed in is counted as who they are, wherever they write from.',
      proofs: [
        proof(
          'http/front-desk/request-form.ts',
          'limit.allows(signedIn?.person.email ?? clientOf(incoming), now())',
          'limit.allows(clientOf(incoming), now())',
          keptOut,
          'is not kept out by a colleague at the same address, once signed in',
        ),
        proof(
          'http/front-desk/take-form.ts',
          "if (!isOwnOrigin(context, origin)) return refused('origin');",
          "if (!isOwnOrigin(context, origin)) return refused(sent.allows(clientOf(incoming), now()) ? 'origin' : 'many');",
          keptOut,
          'is not kept out by what another site has their browser send',
        ),
      ],
    },
    {
      threat: 'Forms that never end, in hundreds of networks at once, which fill the memory',
      protection: 'All of them together hold 16 MiB; beyond that the one that began first is given up.',
      proofs: [
        proof(
          'http/front-desk/guard.ts',
          'held: 16 * 1024 * 1024',
          'held: Number.MAX_SAFE_INTEGER',
          keptOut,
          'is not kept out by forms that others never end',
        ),
      ],
    },
    {
      threat: 'A browser that is made to begin sign-ins, until it sends more cookies than the server reads',
      protection: 'Five are under way in one browser; a new one takes the place of the oldest.',
      proofs: [
        proof(
          'http/front-desk/sign-in.ts',
          'newestFirst.slice(maxSignIns - 1)',
          'newestFirst.slice(1000)',
          keptOut,
          'is not kept out by sign-ins that another site began in their browser',
        ),
      ],
    },
  ],
};
