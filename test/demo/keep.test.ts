/** What someone finds when the demo is left running: pages to look at, and two commands that work as printed. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newcomerPath } from '#demo/definitions';
import { type DemoEnvironment, startEnvironment } from '#demo/environment';
import { nextSteps } from '#demo/next-steps';

const run = promisify(execFile);
let environment: DemoEnvironment;
let folder: string;

beforeAll(async () => {
  environment = await startEnvironment({ entry: 'unused', language: 'fr' });
  folder = mkdtempSync(join(tmpdir(), 'keep-'));
});

afterAll(async () => {
  await environment.stop();
  rmSync(folder, { recursive: true });
});

describe('the two commands', () => {
  it('push a branch and open a pull request, as they are printed', async () => {
    const { push, open } = nextSteps(environment);
    await run('sh', ['-c', push], { cwd: folder });
    const { stdout } = await run('sh', ['-c', open], { cwd: folder });
    expect(stdout).toBe(`${environment.github.url}/registre-fictif/proconnect/pull/1\n`);
    const pull = environment.registry.issues.get(1);
    const head = pull?.pull?.headSha ?? '';
    expect(environment.registry.git.textAt(head, newcomerPath)).toContain('name: Mon service');
  });
});

describe('the local GitHub', () => {
  it('lets the bot look each second, so that a merge is still answered after an hour', async () => {
    const { github, applicant } = environment;
    const answer = await fetch(`${github.url}/api/v3/user`, {
      headers: { authorization: `Bearer ${applicant.token}` },
    });
    expect(answer.status).toBe(200);
    // About a dozen requests a sweep.
    expect(Number(answer.headers.get('x-ratelimit-limit'))).toBeGreaterThanOrEqual(12 * 3600);
  });
});

describe('the pages', () => {
  it('show the registry and a pull request, and run nothing', async () => {
    environment.applicant.pushCommit(environment.registry, 'essai', { 'a.md': '<b>\n' });
    const pull = environment.applicant.openPullRequest(environment.registry, {
      branch: 'essai',
      title: 'Un <i>essai</i>',
    });
    environment.applicant.comment(environment.registry, pull, '**Bonjour** <script>alert(1)</script>');
    const read = async (path: string) => {
      const response = await fetch(`${environment.github.url}${path}`);
      return {
        status: response.status,
        policy: response.headers.get('content-security-policy'),
        html: await response.text(),
      };
    };
    expect((await read('/')).html).toContain('registre-fictif/proconnect');
    expect((await read('/registre-fictif/proconnect')).html).toContain('Un &lt;i&gt;essai');
    const page = await read(`/registre-fictif/proconnect/pull/${pull.number}`);
    expect(page.html).toContain('<strong>Bonjour</strong>');
    expect(page.html).toContain('&lt;b&gt;');
    expect(page.policy).toContain("default-src 'none'");
    expect((await read('/registre-fictif/rien')).status).toBe(404);
  });
});
