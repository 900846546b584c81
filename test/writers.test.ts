/**
 * Everything that Greffier writes for others to read, and that foreign text gets into: none of it may act. The writers
 * are counted in the sources, so that a new one cannot be left out.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { answerComment } from '#application/front-desk/proposal-words';
import { composeMail } from '#application/handover/compose-mail';
import { type HandoverStore, handoverPage } from '#application/handover/one-time-page';
import { composeRecertificationMail } from '#application/recertification/compose-recertification-mail';
import { recertificationText } from '#application/recertification/publish-recertification';
import { driftText, guardText } from '#application/reconciliation/outcomes/cell-issues';
import { settingsText } from '#application/reconciliation/outcomes/settings-issue';
import { escapeInvisible } from '#base/i18n/invisible';
import { type Language, languages } from '#base/i18n/message';
import { codeSpan, interpolate } from '#base/i18n/render';
import { translator } from '#base/i18n/translator';
import { urlPart } from '#base/url-part';
import { placeholders } from '#domain/definition/rules/rule-catalogue';
import { wantedMetadata } from '#domain/provisioning/client-metadata';
import { failure } from '#domain/provisioning/failures';
import type { MailKind } from '#domain/provisioning/ledger';
import { renderRequest } from '#domain/provisioning/manual-request';
import { provisioningMessages } from '#domain/provisioning/messages';
import type { ClientOutcome, OutcomeState } from '#domain/provisioning/outcome';
import { renderOutcomeComment } from '#domain/provisioning/outcome-comment';
import type { Step } from '#domain/provisioning/plan';
import { catalogue } from '#domain/registry/rules/rule-catalogue';
import { readSettings } from '#domain/registry/settings';
import { parseCommands } from '#domain/review/commands/parse';
import { promoteReply, promotionWords } from '#domain/review/commands/promote-reply';
import { explainReply, helpReply, suggestionsReply } from '#domain/review/commands/replies';
import { reviewTranslator } from '#domain/review/render/messages';
import { planSection } from '#domain/review/render/plan-section';
import provisioningEn from '#templates/provisioning.en.json' with { type: 'json' };
import provisioningFr from '#templates/provisioning.fr.json' with { type: 'json' };
import requestEn from '#templates/request.en.json' with { type: 'json' };
import requestFr from '#templates/request.fr.json' with { type: 'json' };
import reviewEn from '#templates/review.en.json' with { type: 'json' };
import reviewFr from '#templates/review.fr.json' with { type: 'json' };
import { aDesired } from './domain/provisioning/desired.ts';
import { fc } from './fast-check.ts';
import { findActiveContent, hostileText, invisibleCharacters } from './hostile-text.ts';

const root = join(import.meta.dirname, '..');
const issuer = 'https://idp.example.fr/api/v2';
const portal = 'https://partenaires.proconnect.gouv.fr/apps';
const ours = [
  issuer,
  portal,
  'https://partenaires.proconnect.gouv.fr/',
  'https://datapass.api.gouv.fr/',
  'https://github.com/org/registre',
];

/** What is tested below, or elsewhere, or holds nothing foreign. */
type Cover = 'here' | 'test/domain/review/hostile.test.ts' | `nothing foreign: ${string}`;

/** Every request that writes, by the file it is in. */
const writers: Readonly<Record<string, Cover>> = {
  'infrastructure/github/write/replies.ts POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions':
    'nothing foreign: one of two reactions',
  'infrastructure/github/write/replies.ts POST /repos/{owner}/{repo}/issues/{issue_number}/comments': 'here',
  'infrastructure/github/write/replies.ts POST /repos/{owner}/{repo}/git/trees':
    'nothing foreign: files that Git shows as they are, with the fixes made',
  'infrastructure/github/write/replies.ts POST /repos/{owner}/{repo}/git/commits':
    'nothing foreign: a sentence of ours',
  'infrastructure/github/write/replies.ts PATCH /repos/{owner}/{repo}/git/refs/{ref}':
    'nothing foreign: a commit id',
  'infrastructure/github/write/replies.ts POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews': 'here',
  'infrastructure/github/write/merging.ts PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge':
    'nothing foreign: a commit id',
  'infrastructure/github/write/proposals.ts POST /repos/{owner}/{repo}/git/trees':
    'nothing foreign: a file that Git shows as it is',
  'infrastructure/github/write/proposals.ts POST /repos/{owner}/{repo}/git/commits':
    'nothing foreign: a number and the place of a definition, whose characters are a closed set',
  'infrastructure/github/write/proposals.ts POST /repos/{owner}/{repo}/git/refs':
    'nothing foreign: a number, an id and a commit id',
  'infrastructure/github/write/proposals.ts PATCH /repos/{owner}/{repo}/git/refs/{ref}':
    'nothing foreign: a commit id',
  'infrastructure/github/write/proposals.ts DELETE /repos/{owner}/{repo}/git/refs/{ref}':
    'nothing foreign: a number and an id',
  'infrastructure/github/write/proposals.ts POST /repos/{owner}/{repo}/pulls': 'here',
  'infrastructure/github/write/proposals.ts PATCH /repos/{owner}/{repo}/pulls/{pull_number}':
    'nothing foreign: a state',
  'infrastructure/github/write/reviewers.ts POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers':
    'nothing foreign: names of the settings, which their schema bounds',
  'infrastructure/github/write/issues.ts POST /repos/{owner}/{repo}/issues': 'here',
  'infrastructure/github/write/issues.ts PATCH /repos/{owner}/{repo}/issues/{issue_number}': 'here',
  'infrastructure/github/write/issues.ts POST /repos/{owner}/{repo}/issues/{issue_number}/comments': 'here',
  'infrastructure/github/write/deployments.ts POST /repos/{owner}/{repo}/issues/{issue_number}/comments':
    'here',
  'infrastructure/github/write/deployments.ts PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}':
    'here',
  'infrastructure/github/write/deployments.ts POST /repos/{owner}/{repo}/deployments':
    'nothing foreign: a commit id and one of four environments, without a description',
  'infrastructure/github/write/deployments.ts POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses':
    'nothing foreign: one of three states, without a description',
  'infrastructure/github/write/review-check.ts POST /repos/{owner}/{repo}/check-runs':
    'test/domain/review/hostile.test.ts',
  'infrastructure/github/write/review-check.ts PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}':
    'test/domain/review/hostile.test.ts',
  'infrastructure/github/write/review-comment.ts DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}':
    'nothing foreign: a number',
  'infrastructure/github/write/review-comment.ts PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}':
    'test/domain/review/hostile.test.ts',
  'infrastructure/github/write/review-comment.ts POST /repos/{owner}/{repo}/issues/{issue_number}/comments':
    'test/domain/review/hostile.test.ts',
  'infrastructure/github/write/review-labels.ts POST /repos/{owner}/{repo}/labels':
    'nothing foreign: names that the settings of the default branch give, and words of ours',
  'infrastructure/github/write/review-labels.ts PATCH /repos/{owner}/{repo}/labels/{name}':
    'nothing foreign: names that the settings of the default branch give, and words of ours',
  'infrastructure/github/write/review-labels.ts DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}':
    'nothing foreign: a name out of the closed set',
  'infrastructure/github/write/review-labels.ts POST /repos/{owner}/{repo}/issues/{issue_number}/labels':
    'nothing foreign: names out of the closed set',
  'application/redelivery/redelivery.ts POST /app/hook/deliveries/{delivery_id}/attempts':
    'nothing foreign: a number',
};

/** Where texts are handed to what writes or sends them. A file that is new here brings texts that are new above. */
const callers: Readonly<Record<string, readonly string[]>> = {
  'application/front-desk/bring-request.ts': ['replyOnce'],
  'application/pull-requests/answers.ts': ['replyOnce'],
  'application/pull-requests/ask-reviewers.ts': ['replyOnce'],
  'application/pull-requests/merge-by-itself.ts': ['replyOnce'],
  'application/pull-requests/run-commands.ts': ['replyOnce', 'reviewWithSuggestions'],
  'application/pull-requests/review-pull-request.ts': ['publishReview'],
  'application/pull-requests/review-merge-group.ts': ['publishReview'],
  'application/reconciliation/outcomes/github-publisher.ts': [
    'closeIssue',
    'editIssue',
    'openIssue',
    'reopenIssue',
    'upsertComment',
  ],
  'main/provisioning.ts': ['handoverPage'],
  'application/handover/outbox.ts': ['composeMail', 'composeRecertificationMail'],
};

const writingFunctions = [
  'replyOnce',
  'closeIssue',
  'composeMail',
  'composeRecertificationMail',
  'editIssue',
  'handoverPage',
  'upsertComment',
  'openIssue',
  'publishReview',
  'reopenIssue',
  'reviewWithSuggestions',
];

const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ name, text: readFileSync(join(root, 'src', name), 'utf8') }));

describe('the writers', () => {
  it('are all known', () => {
    const found = sources.flatMap(({ name, text }) =>
      Array.from(
        text.matchAll(/['`]((?:POST|PUT|PATCH|DELETE) \/[^'`]+)['`]/g),
        ([, route]) => `${name} ${route}`,
      ),
    );
    expect([...new Set(found)].sort()).toEqual(Object.keys(writers).sort());
    const graphql = sources.filter(({ text }) =>
      /\.graphql\(|\.rest\.|octokit\.(?:issues|pulls|checks)\b/.test(text),
    );
    expect(graphql.map(({ name }) => name)).toEqual([]);
  });

  it('are given texts from known places only', () => {
    const found = sources.flatMap(({ name, text }) => {
      const imported = Array.from(
        text.matchAll(
          /import \{([^}]*)\} from '(?:#infrastructure\/github\/write|#application\/handover|#application\/recertification|\.)\/[a-z-]+(?:\.ts)?'/g,
        ),
        ([, names = '']) => names.split(',').map((each) => each.trim()),
      ).flat();
      const taken = imported.filter((each) => writingFunctions.includes(each)).sort();
      return taken.length === 0 ? [] : [[name, taken] as const];
    });
    expect(Object.fromEntries(found)).toEqual(callers);
    const mailers = sources.filter(({ text }) => /\.sendMail\(\{/.test(text)).map(({ name }) => name);
    expect(mailers).toEqual(['infrastructure/mail/smtp.ts']);
  });
});

function inert(markdown: string): void {
  expect(findActiveContent(markdown, ours)).toEqual([]);
  expect(markdown).not.toMatch(invisibleCharacters);
  expect(parseCommands(markdown)).toEqual([]);
}

/** Values for every place of a sentence: all is foreign but numbers, and digests, which we make. */
function foreign(key: string, sentence: string, value: string) {
  const values = placeholders(sentence).map((name) => [name, name === 'digest' ? { trusted: 'd1' } : value]);
  return { ...Object.fromEntries(values), count: key.endsWith('#one') ? 1 : 2 };
}

describe('every sentence', () => {
  const spoken: readonly (readonly [string, Language, Readonly<Record<string, string>>])[] = [
    ['a review', 'fr', reviewFr],
    ['a review', 'en', reviewEn],
    ['an outcome', 'fr', provisioningFr],
    ['an outcome', 'en', provisioningEn],
    ['a request', 'fr', requestFr],
    ['a request', 'en', requestEn],
  ];

  it.each(spoken)(
    'of %s in %s lets nothing act, whatever it is completed with',
    (_what, language, sentences) => {
      fc.assert(
        fc.property(hostileText, (value) => {
          const say = translator<string>(sentences, language);
          for (const [key, sentence] of Object.entries(sentences)) {
            // In a title nothing is Markdown; how a command is to be written stands in a block of its own.
            if (/title|^done-/.test(key)) continue;
            const said = say(key.replace(/#.*/, ''), foreign(key, sentence, value));
            expect(findActiveContent(`${said}\n`, ours), key).toEqual([]);
            expect(said, key).not.toMatch(invisibleCharacters);
          }
        }),
        { numRuns: 20 },
      );
    },
  );

  it.each(languages)('of the rules and of what providers refuse, in %s', (language) => {
    fc.assert(
      fc.property(hostileText, (value) => {
        const rules = catalogue.rules.flatMap(({ id, messages }) =>
          Object.entries(messages).map(([name, pair]) => [`${id}#${name}`, pair[language]] as const),
        );
        const refusals = Object.entries(provisioningMessages).map(
          ([name, pair]) => [name, pair[language]] as const,
        );
        for (const [key, sentence] of [...rules, ...refusals]) {
          const said = interpolate(sentence, foreign(key, sentence, value), codeSpan, language);
          expect(findActiveContent(`- ${said}\n`, ours), key).toEqual([]);
        }
      }),
      { numRuns: 10 },
    );
  });
});

it('an answer that the App posts for someone at the front desk is code within a quote', () => {
  fc.assert(
    fc.property(hostileText, hostileText, (one, two) => {
      const said = answerComment(`${one}\n${two}\n/greffier confirm abc`, 'fr');
      expect(findActiveContent(`${said}\n`, ours)).toEqual([]);
      expect(said).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b]/);
      expect(parseCommands(said)).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

const desiredOf = (one: string, two: string) =>
  aDesired('agenda', {
    name: one,
    datapass: two,
    description: two,
    redirect_uris: [one, two],
    post_logout_redirect_uris: [two],
    contacts: { technical: [one], support: two },
    ip_addresses: [one],
    optional_scopes: [{ scope: 'groups', justification: one }],
  });

function stepOf(one: string, two: string): Step {
  return {
    cell: 'rie/production',
    id: 'agenda',
    action: 'update',
    clientId: one,
    changes: [
      { field: 'client_name', from: one, to: two },
      { field: 'redirect_uris', from: [one], to: [two] },
      { field: 'private_sector', from: true, to: false },
    ],
    left: [{ field: 'scopes', to: [two] }],
    digest: 'a'.repeat(64),
  };
}

const states: readonly OutcomeState[] = [
  'created',
  'updated',
  'revived',
  'deactivated',
  'deleted',
  'unchanged',
  'requested',
  'declined',
  'failed',
  'retrying',
  'stopped',
  'guarded',
  'held',
  'lost',
  'unserved',
];

describe('every document', () => {
  const property = (check: (one: string, two: string, language: Language) => void, numRuns = 60) =>
    fc.assert(fc.property(hostileText, hostileText, fc.constantFrom(...languages), check), { numRuns });

  it('about a client after the merge lets nothing act', () => {
    property((one, two, language) => {
      const metadata = wantedMetadata(desiredOf(one, two));
      const clients = states.map(
        (state): ClientOutcome => ({
          cell: 'rie/integration',
          id: 'agenda',
          state,
          cellInfo: { provider: 'proconnect', issuer, portal, method: 'client_secret_post' },
          clientId: one,
          handle: two,
          metadata,
          granted: [one, two],
          left: [
            { field: 'scopes', to: [two] },
            { field: 'ip_addresses', to: [one] },
          ],
          probes: [{ uri: one, answer: { kind: 'refused', error: two } }],
          step: stepOf(one, two),
          message: failure('unexpected', { host: one, status: 400, error: two }).message,
          detail: codeSpan(one),
          deletion: '2026-03-08T10:00:00Z',
        }),
      );
      inert(renderOutcomeComment({ commit: 'a'.repeat(40), clients }, language));
    });
  });

  it('about drift, and about removals that wait, lets nothing act', () => {
    property((one, two, language) => {
      const step = stepOf(one, two);
      const other = { cell: 'rie/production', id: 'autre' } as const;
      const twins = [{ ...other, clientId: one }];
      const unknown = { count: 2, first: [{ clientId: one, name: two }] };
      inert(driftText(language, { drifts: [step], lost: [other], duplicateClients: twins, unknown }) ?? '');
      inert(
        guardText(language, { kind: 'removals', cell: 'rie/production', removals: 11, of: 20, digest: 'd' }, [
          step,
        ]),
      );
      inert(
        guardText(language, { kind: 'creations', cell: 'rie/production', creations: 51, digest: 'd' }, [
          step,
        ]),
      );
      const settings = readSettings(
        JSON.stringify({ [one]: two, language: two, approvals: { teams: [one] } }),
      );
      inert(settingsText(language, settings.problems));
    });
  });

  it('that asks people to make a client lets nothing act', () => {
    property((one, two, language) => {
      const desired = desiredOf(one, two);
      const subject = { cell: 'rie/production', id: 'agenda' } as const;
      const siret = {
        ok: true,
        at: '',
        value: { found: true, legalName: one, legalForm: two, ceased: false },
      } as const;
      for (const action of ['create', 'update', 'revive', 'deactivate', 'delete'] as const) {
        const { title, body } = renderRequest(
          {
            client: subject,
            action,
            clientId: 'client-1',
            before: { client_name: two, contacts: [two] },
            wanted: wantedMetadata(desired),
            applicant: { definition: desired.definition, siret },
          },
          language,
        );
        expect(title).not.toMatch(/[\r\n@#<]/);
        inert(body);
      }
    });
  });

  it('that answers a command lets nothing act', () => {
    property((one, two, language) => {
      const t = reviewTranslator(language);
      inert(helpReply(t));
      inert(explainReply(t, catalogue, { name: 'explain', argument: 'url/https-required' }) ?? '');
      expect(explainReply(t, catalogue, { name: 'explain', argument: `evil ${one}` })).toBeUndefined();
      // A patch holds only lines whose every character can be seen.
      inert(suggestionsReply(t, 2, `--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+${escapeInvisible(two)}\n`));
      const step = {
        path: one,
        cell: 'rie/production',
        action: 'update',
        changes: [{ field: one, from: two, to: one }],
        left: [{ field: two, to: [one] }],
      } as const;
      const context = {
        t,
        catalogue,
        repository: { fullName: 'org/registre', url: 'https://github.com/org/registre' },
        pull: {
          number: 1,
          author: { id: 1, login: one, bot: false },
          head: 'a'.repeat(40),
          base: 'b'.repeat(40),
          draft: false,
          open: true,
          fork: false,
          intoDefaultBranch: true,
        },
      };
      const plan = { digest: 'd', steps: [step], unserved: [], manual: [] } as const;
      const place = { network: 'rie', environment: 'production', id: 'agenda' } as const;
      const promotion = { place, path: one, answers: {}, missing: [], left: [] } as const;
      const words = promotionWords(t, promotion, two, 3);
      expect(words.title).not.toMatch(/[\r\n@#<]/);
      inert(words.body);
      inert(
        promoteReply(
          t,
          catalogue,
          { url: 'https://github.com/org/registre', defaultBranch: 'main' },
          promotion,
          3,
        ),
      );
      inert(planSection(context, [{ path: one, kind: 'modified', name: two, findings: [] }], plan));
    });
  });

  const notices: readonly MailKind[] = ['created', 'renewed', 'changed', 'revived', 'deactivated', 'deleted'];
  const tags = /^<(?:!doctype html|html lang="fr"|\/?body|div lang="(?:fr|en)"|\/div|\/?p|hr|\/a|\/html)>$/;

  it('that is mailed lets nothing act: no tag, no address and no header but ours', () => {
    property((one, two) => {
      for (const notice of notices) {
        const { subject, text, html } = composeMail({
          kind: notice,
          name: one,
          clientId: two,
          cell: 'rie/production',
          keys: { by: 'portal', url: `${portal}/${urlPart(two)}` },
          discovery: `${issuer}/.well-known/openid-configuration`,
          deletion: new Date('2026-03-08T10:00:00Z'),
        });
        expect(subject + text.replaceAll('\n', '') + html.replaceAll('\n', '')).not.toMatch(
          invisibleCharacters,
        );
        expect(subject).not.toMatch(/[\r\n\u2028\u0085]/);
        // As many lines as without the foreign text: no line of it begins one.
        const plain = composeMail({
          kind: notice,
          name: 'x',
          clientId: 'y',
          cell: 'rie/production',
          keys: { by: 'portal', url: portal },
          discovery: issuer,
          deletion: new Date('2026-03-08T10:00:00Z'),
        });
        expect(text.split('\n')).toHaveLength(plain.text.split('\n').length);
        for (const tag of html.match(/<[^>]*>?/g) ?? [])
          if (!tags.test(tag)) {
            const href = /^<a href="([^"<>]*)">$/.exec(tag)?.[1] ?? '';
            expect(href.startsWith(portal) || href.startsWith(issuer), tag).toBe(true);
          }
      }
    });
  });

  it('that asks whether a service still lives lets nothing act, mailed or on GitHub', () => {
    property((one, two, language) => {
      const facts = { notice: 'recertify', step: 'asked', to: [], answerBy: 0, pull: 3 } as const;
      const client = { cell: 'rie/production', id: 'agenda' };
      const places = { registryUrl: 'https://github.com/org/registre', desk: `${portal}/demandes` };
      const mail = (name: string, clientId: string) =>
        composeRecertificationMail({ ...facts, name, clientId }, client, places, language);
      const { subject, text, html } = mail(one, two);
      expect(subject).not.toMatch(/[\r\n\u2028\u0085]/);
      expect(text.split('\n')).toHaveLength(mail('x', 'y').text.split('\n').length);
      const shape = (of: string) => of.match(/<[^>]*>?/g);
      expect(shape(html)).toEqual(shape(mail('x', 'y').html));
      const asked = { client: one, asked: 0, answerBy: 0 };
      for (const lead of ['recertify-lead', 'recertify-silent-lead', 'recertify-pull'] as const)
        inert(
          recertificationText(language, lead, [
            { ...asked, isSilent: false },
            { ...asked, client: two, isSilent: true },
          ]) ?? '',
        );
    });
  });

  it('that hands the keys over lets nothing act', async () => {
    await fc.assert(
      fc.asyncProperty(hostileText, hostileText, async (one, two) => {
        const handovers: HandoverStore = {
          peek: async () => ({ name: one, cell: two, expiresAt: new Date(0) }),
          reveal: async () => ({
            name: one,
            cell: 'rie/production',
            clientId: two,
            secret: one,
            discovery: two,
            method: two,
          }),
        };
        for (const method of ['GET', 'POST']) {
          const { body } = await handoverPage(handovers, { method, token: 'a'.repeat(43), lang: 'fr' });
          const empty = await handoverPage(
            {
              peek: async () => ({ name: 'x', cell: 'x', expiresAt: new Date(0) }),
              reveal: async () => ({
                name: 'x',
                cell: 'x',
                clientId: 'x',
                secret: 'x',
                discovery: 'x',
                method: 'x',
              }),
            },
            { method, token: 'a'.repeat(43), lang: 'fr' },
          );
          const shape = (html: string) => html.match(/<[^>]*>?/g);
          expect(shape(body)).toEqual(shape(empty.body));
          expect(body.replaceAll('\n', '')).not.toMatch(invisibleCharacters);
        }
      }),
      { numRuns: 40 },
    );
  });
});
