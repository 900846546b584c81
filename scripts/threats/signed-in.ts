/** Whoever signs in at the front desk, and whoever would like to be taken for them. */
import { proof, type ThreatActor } from './model.ts';
import { wordThreats } from './word.ts';

const signIn = 'http/front-desk/sign-in';
const pages = 'http/front-desk/requests-pages';
const rights = 'application/front-desk/rights';

export const signedIn: ThreatActor = {
  name: 'Someone who signs in at the front desk, or would be taken for somebody else',
  can: 'sign in with an account of their own at the provider, lead other people’s browsers to any address, play again whatever they saw, and push to a branch of the desk where they may write.',
  cannot:
    'be taken for someone else, have someone else signed in as them, see or change other people’s requests, or have their word count for more than the desk itself sent for them.',
  threats: [
    {
      threat: 'Login CSRF: a browser is made to finish the sign-in of somebody else',
      protection:
        'A sign-in is finished in the browser only in which it began: its `state` is in a sealed cookie of its own, that ends after ten minutes.',
      proofs: [
        proof(
          'http/front-desk/sign-in.ts',
          'kept.until > now() ? kept : undefined',
          'kept.until > 0 ? kept : undefined',
          signIn,
          'is refused after ten minutes',
        ),
        proof(
          'http/front-desk/sign-in.ts',
          "if (kept === undefined) return refused(context, 'expired');",
          "if (kept === undefined) return redirected('/demandes', sessions.begin({ key: 'x', email: 'x@y', siret: undefined }, undefined));",
          signIn,
          'refuses whoever comes back to a sign-in that did not begin in this browser',
        ),
      ],
    },
    {
      threat: 'Replay of `state`, or of the whole answer of the provider with the cookie that belonged to it',
      protection:
        'A `state` is used once, over all processes: its digest is written down before anything is made of it.',
      proofs: [
        proof(
          'application/front-desk/used-sign-ins.ts',
          'return (numInsertedOrUpdatedRows ?? 0n) > 0n;',
          'return (numInsertedOrUpdatedRows ?? 0n) >= 0n;',
          signIn,
          'takes a state once, with whatever cookie it comes again',
        ),
      ],
    },
    {
      threat: 'Mix-up: the answer of another issuer',
      protection:
        'There is one provider; its answer names it (`iss`, RFC 9207) where it says that it does, its ID token always, with the nonce of this sign-in. A session of another issuer is nobody’s.',
      proofs: [
        proof(
          'http/front-desk/openid.ts',
          'returned.search = query;',
          "returned.search = new URLSearchParams([...new URLSearchParams(query)].filter(([name]) => name !== 'iss').concat([['iss', this.#provider.issuer]])).toString();",
          signIn,
          'refuses the answer of another issuer',
        ),
      ],
    },
    {
      threat: 'Session fixation: a session that someone else put there before the sign-in',
      protection:
        'Every sign-in begins a session of its own, with a token of its own; what was in the browser before counts for nothing. Sessions are sealed by a key of no other use, in a cookie that only this host can set (`__Host-`).',
      proofs: [
        proof(
          'http/front-desk/session.ts',
          "csrf: randomBytes(24).toString('base64url'),",
          "csrf: 'x'.repeat(32),",
          signIn,
          'gives a new session at every sign-in, whatever cookie was there',
        ),
        proof(
          'http/front-desk/session.ts',
          "origin.startsWith('https:') ? '__Host-' : '';",
          "'';",
          signIn,
          'has cookies that no other site, script or path gets',
        ),
        proof(
          'application/handover/secrets/keyring.ts',
          "Buffer.from(hkdfSync('sha256', key, '', purpose, keyBytes))",
          'key',
          signIn,
          'seals sessions with a key of their own',
        ),
      ],
    },
    {
      threat: 'An open redirect after the sign-in',
      protection: 'One comes back to a path of the desk: what a browser could read as another host is none.',
      proofs: [
        proof(
          'http/front-desk/own-path.ts',
          "url?.origin === origin && path === wanted ? path : '/demandes'",
          "wanted !== undefined ? wanted : '/demandes'",
          signIn,
          'leads only to paths of its own',
        ),
        proof(
          'http/front-desk/own-path.ts',
          'url?.origin === origin && path === wanted',
          'url?.origin === origin',
          signIn,
          'leads only to paths of its own',
        ),
      ],
    },
    {
      threat: 'An e-mail address that the provider does not vouch for',
      protection:
        'Only `email_verified: true` counts, to the letter. Where it is left out, the address counts only if the operator wrote that the provider promises it (`email_verified: assumed`).',
      proofs: [
        proof(
          'http/front-desk/sign-in.ts',
          'if (!verified || ',
          'if (',
          signIn,
          'refuses an address of which the provider %s',
        ),
        proof(
          'http/front-desk/sign-in.ts',
          'emailVerified === undefined && assumesVerified === true',
          'assumesVerified === true',
          signIn,
          'takes an address of which nothing is said only where the configuration assumes it',
        ),
      ],
    },
    {
      threat: 'A form of someone who is signed in that another site sends (CSRF), or a flood of them',
      protection:
        'Answers, withdrawals, keys and the sign-out take the origin of the desk and the token of the session; thirty a minute and person, 256 KiB each.',
      proofs: [
        proof(
          'http/front-desk/take-form.ts',
          "if (!isOwnOrigin(context, origin)) return refused('origin');",
          '',
          pages,
          'withdraw, by a form of their own only',
        ),
        proof(
          'http/front-desk/take-form.ts',
          "!isToken(session, values.csrf ?? '')",
          'false',
          pages,
          'withdraw, by a form of their own only',
        ),
        proof(
          'http/front-desk/take-form.ts',
          'if (!form.ok) return refused(form.trouble);',
          "if (!form.ok) return refused('token');",
          pages,
          'stop a flood',
        ),
        proof('http/front-desk/take-form.ts', "return refused('many');", '{}', pages, 'stop a flood'),
      ],
    },
    {
      threat: 'Other people’s requests: read, answered, withdrawn, or their keys',
      protection:
        'A request is asked for with the person who is signed in, known by issuer and subject; another’s is as one that is not there.',
      proofs: [
        proof(
          'application/front-desk/request-store.ts',
          "return this.#all().where('person', '=', person).where('number', '=', number).executeTakeFirst();",
          "return this.#all().where('number', '=', number).executeTakeFirst();",
          pages,
          'show what a person asked for, and nothing of anybody else',
        ),
        proof(
          'application/front-desk/request-store.ts',
          "return this.#all().where('person', '=', person).orderBy('number', 'desc').execute();",
          "return this.#all().orderBy('number', 'desc').execute();",
          pages,
          'show what a person asked for, and nothing of anybody else',
        ),
        proof(
          'application/front-desk/request-keys.ts',
          "if (!isContact(account, person)) return 'others';",
          '',
          'application/front-desk/request-keys',
          'are shown to nobody else',
        ),
      ],
    },
    {
      threat: 'What a service says now, read by a stranger who asks at the desk for a change of it',
      protection:
        'What was found of a change is said to them without what the definition says on the default branch.',
      proofs: [
        proof(
          'http/front-desk/request-view.ts',
          'isStranger && tellsBefore.test(finding.rule)',
          'false',
          'http/front-desk/requests-pages',
          'tell a stranger nothing of the service that they would change',
        ),
      ],
    },
    {
      threat: 'The overview of operators, read by someone else',
      protection:
        'It is there for the verified addresses that the configuration names, and unknown to everybody else.',
      proofs: [
        proof(
          'http/front-desk/overview-page.ts',
          '|| !operators.includes(session.person.email)',
          '',
          'http/front-desk/overview-page',
          'is not there for anybody else',
        ),
      ],
    },
    {
      threat: 'HTML, a mention or a command in what people write to each other through the desk',
      protection:
        'What people wrote at GitHub is text on the page; an answer is posted in code within a quote, where it mentions nobody and commands nothing.',
      proofs: [
        proof(
          'base/i18n/render.ts',
          'const fence = fenceFor(lines);',
          "const fence = '```';",
          'application/front-desk/bring-request',
          'posts an answer once, as a quote in which nothing acts',
        ),
      ],
    },
    {
      threat:
        'A stranger who writes to an applicant on the pull request as if they were of the team: “send me the key”',
      protection:
        'Of the team is whom GitHub calls owner, member or collaborator of the registry; of anybody else the page says that they wrote on GitHub, and beside the answer that it is public and takes no key; what looks like one is blotted out before it is kept.',
      proofs: [
        proof(
          'infrastructure/github/read/conversation.ts',
          'association !== undefined && ofTeam.has(association)',
          'true',
          'application/front-desk/bring-request',
          'tells each thing that happens once',
        ),
        proof(
          'application/front-desk/request-store.ts',
          "withoutSecrets(text.replaceAll('\\u0000', ''))",
          "text.replaceAll('\\u0000', '')",
          'http/front-desk/requests-pages',
          'take no secret in an answer',
        ),
      ],
    },
    {
      threat: 'A pull request that passes for the desk’s, or a commit under one that is',
      protection:
        'Whose word a pull request is, our own table says, by its number and with the App as its author; it is bound to the commit that the desk made, and ends for good with a commit of anyone else.',
      proofs: [
        proof(
          'application/front-desk/applicant-of-pull.ts',
          'request.shared || request.commit !== head',
          'request.shared',
          rights,
          'ends the consent with the commit of anyone else',
        ),
        proof(
          'application/front-desk/applicant-of-pull.ts',
          'if (!author.bot || author.login !== appLogin) return undefined;',
          "if (!author.bot) return { word: 'own', email: 'camille.durand@ville-de-montfictif.fr', siret: '21999900000017' };",
          rights,
          'believes no branch, title or text of a pull request that somebody else opened',
        ),
        proof(
          'application/front-desk/bring-request.ts',
          '!request.commits.includes(parent)',
          'false',
          'application/front-desk/bring-request',
          'remembers that somebody else pushed before the correction',
        ),
      ],
    },
    {
      threat:
        'Consent by an address that the change itself puts among the contacts, or by the rights of the App',
      protection:
        'An owner’s consent is given by a technical contact of the definition on the default branch; the App itself is no writer, whatever it was granted.',
      proofs: [
        proof(
          'domain/registry/rules/owner.ts',
          'if (isContact(change.before, context)) continue;',
          "if (change.kind !== 'removed' && isContact(change.after, context)) continue;",
          rights,
          'does not believe the contacts that the change itself brings',
        ),
        proof(
          'application/pull-requests/ask-people.ts',
          'let reviewer = !author.bot && mayWrite(',
          'let reviewer = author.bot || mayWrite(',
          rights,
          'takes nobody else for one, though the App itself may write',
        ),
      ],
    },
    ...wordThreats,
  ],
};
