/** An installation from nothing, by the commands that `npm run demo -- --setup` prints, as they are printed. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type Rehearsal, rehearsalSteps, startRehearsal } from '#demo/rehearsal';
import { TextBrowser } from '#demo/text-browser';
import { patience } from '../patience.ts';

const program = join(import.meta.dirname, '../../bin/greffier.js');
// Not at once: the local GitHub that they speak to is of this process.
const run = promisify(execFile);
let rehearsal: Rehearsal;
let folder: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  rehearsal = await startRehearsal('fr');
  folder = mkdtempSync(join(tmpdir(), 'rehearsal-'));
});

afterAll(async () => {
  for (const child of children) child.kill();
  await rehearsal.stop();
  rmSync(folder, { recursive: true });
});

/** As in the folder of Greffier, whose program is elsewhere here. */
const shell = (command: string) =>
  command.replaceAll('npx greffier', `exec '${process.execPath}' '${program}'`);
const env = { PATH: process.env.PATH ?? '', LANG: 'fr_FR.UTF-8' };

/** Starts a command. @returns once its output has something */
async function started(command: string, awaited: RegExp): Promise<{ found: string; ended: Promise<string> }> {
  const child = spawn('sh', ['-c', shell(command)], { cwd: folder, env });
  children.push(child);
  let out = '';
  const whole = Promise.withResolvers<string>();
  const seen = Promise.withResolvers<string>();
  const take = (chunk: Buffer) => {
    out += String(chunk);
    const found = awaited.exec(out)?.[0];
    if (found !== undefined) seen.resolve(found);
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  child.on('close', () => {
    whole.resolve(out);
    seen.reject(new Error(out));
  });
  return { found: await seen.promise, ended: whole.promise };
}

it('leads from nothing to a Greffier with which doctor finds nothing wrong', async () => {
  const { create, complete, start, look, push, open } = rehearsalSteps(rehearsal);
  const app = await started(create, /http:\/\/127\.0\.0\.1:\d+\/[\w-]{20,}/);
  const browser = new TextBrowser();
  await browser.press(await browser.press(await browser.open(new URL(app.found))));
  const install = /http\S+\/installations\/new/.exec(await app.ended)?.[0] ?? '';
  await browser.press(await browser.open(new URL(install)));
  await run('sh', ['-c', complete], { cwd: folder });
  await started(start.replace('npm run serve', 'npx greffier serve'), /"msg":"at work"/);
  const doctor = await started(look, /✓|✗/);
  const found = await doctor.ended;
  expect(found).not.toMatch(/^[✗!]/m);
  expect(found).toContain('✓ fournisseurs d’identité');

  await run('sh', ['-c', push], { cwd: folder });
  await run('sh', ['-c', open], { cwd: folder });
  const [pull] = rehearsal.registry.issues.values();
  await vi.waitFor(() => expect(pull?.comments[0]?.body).toContain('url/https-required'), patience);
});
