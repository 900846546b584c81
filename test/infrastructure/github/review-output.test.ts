import nock from 'nock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Annotation, Effects } from '#domain/review/effects';
import type {
  PresentOutput,
  PublishedReview,
  PublishOptions,
} from '#infrastructure/github/write/published-review';
import { publishReview } from '#infrastructure/github/write/review-output';
import { at, intercept, origin, repository, restore } from './edge.ts';

const head = 'a'.repeat(40);
const appId = 7;
const ready = { key: 'ready', name: 'ready', color: '0e8a16', description: 'Prête' } as const;

function note(line: number): Annotation {
  return {
    path: 'a.yaml',
    startLine: line,
    endLine: line,
    level: 'failure',
    title: 't',
    message: `m${line}`,
  };
}

function effects(changes: Partial<Effects> = {}, annotations: readonly Annotation[] = []): Effects {
  return {
    check: { head, conclusion: 'success', title: 'Tout est prêt', summary: 'Rien à dire', annotations },
    comment: { body: '<!-- greffier:review -->\n## Tout est prêt' },
    labels: { wanted: [ready], managed: ['ready', 'invalid', 'new-sp'] },
    ...changes,
  };
}

describe('publishing', () => {
  let seen: PublishedReview[] = [];
  let made: string[] = [];
  let calls: string[] = [];
  const present: PresentOutput = { number: 12, labels: [], existing: [], unsure: false };
  const options: PublishOptions = {
    appId,
    savePublished: async (published) => void seen.push(published),
    saveLabels: async (names) => void made.push(...names),
  };
  const on = (
    method: 'get' | 'post' | 'patch' | 'delete',
    path: string,
    status: number,
    answer: object = {},
  ) =>
    nock(origin)
      [method](`${at}${path}`, () => true)
      .query(true)
      .reply(status, async (request: Request) => {
        const path = new URL(request.url).pathname.slice(at.length);
        calls.push(`${method} ${path} ${await request.text()}`.trimEnd());
        return answer;
      });

  beforeEach(() => {
    seen = [];
    made = [];
    calls = [];
    intercept();
  });
  afterEach(() => expect(restore()).toEqual([]));

  async function first(): Promise<PublishedReview> {
    on('post', '/check-runs', 201, { id: 31 });
    on('post', '/labels', 201);
    on('post', '/issues/12/labels', 200, []);
    on('post', '/issues/12/comments', 201, { id: 41 });
    return await publishReview(repository(), effects(), {}, present, options);
  }

  it('writes the check, the labels and the comment, and remembers them', async () => {
    const published = await first();
    expect(calls.map((call) => call.split(' {')[0])).toEqual([
      'post /check-runs',
      'post /labels',
      'post /issues/12/labels',
      'post /issues/12/comments',
    ]);
    expect(published.check).toMatchObject({ head, id: 31 });
    expect(published.comment).toMatchObject({ id: 41 });
    expect(made).toEqual(['ready']);
    expect(seen.at(-1)).toEqual(published);
  });

  it('writes nothing when nothing changed', async () => {
    const published = await first();
    calls = [];
    const again = await publishReview(
      repository(),
      effects(),
      published,
      { ...present, labels: ['ready'] },
      options,
    );
    expect(calls).toEqual([]);
    expect(again).toEqual(published);
  });

  it('writes the check again when someone asks for it', async () => {
    const published = await first();
    on('patch', '/check-runs/31', 200, { id: 31 });
    await publishReview(
      repository(),
      effects(),
      published,
      { ...present, labels: ['ready'] },
      { ...options, again: true },
    );
    expect(calls.at(-1)).toMatch(/^patch/);
  });

  it('updates in place what changed on the same commit, without telling a note twice', async () => {
    const published = await first();
    on('patch', '/check-runs/31', 200, { id: 31 });
    on('patch', '/issues/comments/41', 200, { id: 41 });
    const changed = effects({ comment: { body: '<!-- greffier:review -->\n## Autre' } }, [note(1)]);
    const second = await publishReview(
      repository(),
      changed,
      published,
      { ...present, labels: ['ready'] },
      options,
    );
    expect(calls.at(-2)).toContain('"annotations":[{');
    calls = [];
    on('patch', '/check-runs/31', 200, { id: 31 });
    const third = effects({ comment: { body: '<!-- greffier:review -->\n## Autre' } }, [note(1), note(2)]);
    await publishReview(repository(), third, second, { ...present, labels: ['ready'] }, options);
    expect(calls).toHaveLength(1);
    expect(calls[0]).toContain('m2');
    expect(calls[0]).not.toContain('m1');
  });

  it('makes a new check for a new commit', async () => {
    const published = await first();
    on('post', '/check-runs', 201, { id: 32 });
    const next = effects();
    const other = { ...next, check: { ...next.check, head: 'b'.repeat(40) } };
    const second = await publishReview(
      repository(),
      other,
      published,
      { ...present, labels: ['ready'] },
      options,
    );
    expect(second.check?.id).toBe(32);
  });

  it('sends notes fifty at a time', async () => {
    const notes = Array.from({ length: 120 }, (_, index) => note(index + 1));
    on('post', '/check-runs', 201, { id: 31 });
    on('patch', '/check-runs/31', 200, { id: 31 });
    on('patch', '/check-runs/31', 200, { id: 31 });
    const published = await publishReview(
      repository(),
      effects({ comment: 'keep', labels: 'keep' }, notes),
      {},
      present,
      options,
    );
    const sizes = calls.map((call) => (call.match(/annotation_level/g) ?? []).length);
    expect(sizes).toEqual([50, 50, 20]);
    expect(published.check?.annotations).toHaveLength(120);
  });

  it('finds its check and its comment again after a crash between the write and its note', async () => {
    const before: PublishedReview = {
      check: { head, digest: '', annotations: [] },
      comment: { digest: '' },
    };
    const run = (id: number, app: number, external: string) => ({
      id,
      app: { id: app },
      external_id: external,
    });
    on('get', `/commits/${head}/check-runs`, 200, {
      total_count: 2,
      check_runs: [run(99, 8, 'review:12'), run(31, appId, 'review:12')],
    });
    on('patch', '/check-runs/31', 200, { id: 31 });
    on('get', '/issues/12/comments', 200, [
      { id: 40, user: { type: 'User' }, body: '<!-- greffier:review -->\nimposture' },
      {
        id: 41,
        user: { type: 'Bot' },
        performed_via_github_app: { id: appId },
        body: '<!-- greffier:review -->',
      },
    ]);
    on('patch', '/issues/comments/41', 200, { id: 41 });
    const published = await publishReview(
      repository(),
      effects(),
      before,
      { ...present, labels: ['ready'] },
      options,
    );
    expect(published).toMatchObject({ check: { id: 31 }, comment: { id: 41 } });
  });

  it('writes the comment again when someone took it away or rewrote it', async () => {
    const published = await first();
    const verifying = { ...options, verifyComment: true };
    on('get', '/issues/comments/41', 404);
    on('patch', '/issues/comments/41', 404);
    on('post', '/issues/12/comments', 201, { id: 42 });
    const second = await publishReview(
      repository(),
      effects(),
      published,
      { ...present, labels: ['ready'] },
      verifying,
    );
    expect(second.comment?.id).toBe(42);
    on('get', '/issues/comments/42', 200, { id: 42, body: 'autre chose' });
    on('patch', '/issues/comments/42', 200, { id: 42 });
    await publishReview(repository(), effects(), second, { ...present, labels: ['ready'] }, verifying);
  });

  it('takes its comment away when there is nothing left to say', async () => {
    const published = await first();
    on('delete', '/issues/comments/41', 204);
    on('delete', '/issues/12/labels/ready', 200, []);
    const labels = { wanted: [], managed: ['ready', 'invalid'] };
    const bare = await publishReview(
      repository(),
      effects({ comment: 'none', labels }),
      published,
      { ...present, labels: ['ready', 'à relire'] },
      options,
    );
    expect(bare.comment).toBeUndefined();
    expect(calls.filter((call) => call.startsWith('delete'))).toHaveLength(2);
  });

  it('never touches the labels of people, and knows its own in any case', async () => {
    on('delete', '/issues/12/labels/invalid', 200, []);
    const quiet = effects({ comment: 'keep' });
    const published: PublishedReview = { check: { head, id: 31, digest: 'x', annotations: [] } };
    on('patch', '/check-runs/31', 200, { id: 31 });
    await publishReview(
      repository(),
      quiet,
      published,
      { ...present, labels: ['Ready', 'invalid', 'urgent'] },
      options,
    );
    expect(calls.filter((call) => call.includes('labels'))).toEqual(['delete /issues/12/labels/invalid']);
  });

  it.each([
    ['was deleted comes back as it was', { name: 'ready', color: 'ededed', description: null }, true],
    [
      'was deleted, and made by hand in capitals, is told',
      { name: 'Ready', color: 'ededed', description: '' },
      true,
    ],
    ['has a colour of people stays', { name: 'ready', color: '123456', description: null }, false],
    ['has words of people stays', { name: 'ready', color: 'ededed', description: 'à nous' }, false],
  ])('a label that %s', async (_what, label, mended) => {
    on('post', '/check-runs', 201, { id: 31 });
    on('post', '/issues/12/labels', 200, [label, { name: 'urgent', color: 'ededed', description: null }]);
    if (mended) on('patch', '/labels/ready', 200, {});
    await publishReview(
      repository(),
      effects({ comment: 'keep' }),
      {},
      { ...present, existing: ['ready', 'production'] },
      options,
    );
    expect(calls.filter((call) => call.startsWith('patch /labels/'))).toEqual(
      mended ? ['patch /labels/ready {"color":"0e8a16","description":"Prête"}'] : [],
    );
  });

  it('accepts that a label is there already', async () => {
    on('post', '/check-runs', 201, { id: 31 });
    on('post', '/labels', 422, { message: 'Validation Failed', errors: [{ code: 'already_exists' }] });
    on('post', '/issues/12/labels', 200, []);
    await publishReview(repository(), effects({ comment: 'keep' }), {}, present, options);
  });

  it('remembers that it began before it writes what could be doubled', async () => {
    on('post', '/check-runs', 500);
    await expect(publishReview(repository(), effects(), {}, present, options)).rejects.toThrow();
    expect(seen).toEqual([{ check: { head, digest: '', annotations: [] } }]);
  });
});
