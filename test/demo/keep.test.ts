/** What someone finds when the demo is left running: pages to look at, and two commands that work as printed. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nextSteps } from '#demo/addresses';
import { visitorPath } from '#demo/definitions';
import { buildSet, type DemoSet } from '#demo/environment';

const run = promisify(execFile);
let set: DemoSet;
let folder: string;

beforeAll(async () => {
  set = await buildSet({ entry: 'unused', language: 'fr' });
  folder = mkdtempSync(join(tmpdir(), 'keep-'));
});

afterAll(async () => {
  await set.strike();
  rmSync(folder, { recursive: true });
});

describe('the two commands', () => {
  it('push a branch and open a pull request, as they are printed', async () => {
    const { push, open } = nextSteps(set);
    await run('sh', ['-c', push], { cwd: folder });
    const { stdout } = await run('sh', ['-c', open], { cwd: folder });
    expect(JSON.parse(stdout)).toMatchObject({ number: 1, changed_files: 1, state: 'open' });
    const pull = set.registry.issues.get(1);
    const head = pull?.pull?.headSha ?? '';
    expect(set.registry.git.textAt(head, visitorPath)).toContain('name: Mon service');
  });
});

describe('the pages', () => {
  it('show the registry and a pull request, and run nothing', async () => {
    set.applicant.pushCommit(set.registry, 'essai', { 'a.md': '<b>\n' });
    const pull = set.applicant.openPullRequest(set.registry, { branch: 'essai', title: 'Un <i>essai</i>' });
    set.applicant.comment(set.registry, pull, '**Bonjour** <script>alert(1)</script>');
    const read = async (path: string) => {
      const response = await fetch(`${set.github.url}${path}`);
      return {
        status: response.status,
        policy: response.headers.get('content-security-policy'),
        html: await response.text(),
      };
    };
    expect((await read('/')).html).toContain('registre-fictif/proconnect');
    expect((await read('/registre-fictif/proconnect')).html).toContain('Un &#60;i&#62;essai');
    const page = await read(`/registre-fictif/proconnect/pull/${pull.number}`);
    expect(page.html).toContain('<strong>Bonjour</strong>');
    expect(page.html).toContain('&#60;b&#62;');
    expect(page.policy).toContain("default-src 'none'");
    expect((await read('/registre-fictif/rien')).status).toBe(404);
  });
});
