import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { greffier } from './console.ts';
import { commitAll, git, newFolder, newRepository, write } from './git-repository.ts';
import { definition, inProduction } from './registry-on-disk.ts';

/** Rules and paths of what is told of the change since `main`. */
async function told(folder: string, ...args: readonly string[]) {
  const { out, code, err } = await greffier(folder, [
    'validate',
    '--base',
    'main',
    '--format',
    'json',
    ...args,
  ]);
  expect(err).toBe('');
  const { findings } = JSON.parse(out) as {
    findings: readonly { rule: string; path: string; severity: string }[];
  };
  return { code, rules: findings.map(({ rule, path }) => `${rule} ${path}`) };
}

const other = 'service-providers/internet/integration/agenda.yaml';

describe('greffier validate --base', () => {
  it('says nothing of a change when there is none', async () => {
    const folder = newRepository({ [inProduction]: definition() });
    expect(await told(folder)).toEqual({ code: 0, rules: [] });
  });

  it('validates what stands on the disk, committed or not, at its line', async () => {
    const folder = newRepository({ [inProduction]: definition() });
    const text = definition(
      'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/oidc/callback\n  - https://subventions.editeur-fictif.fr/retour\nid_token_signed_response_alg: ES256',
    );
    write(folder, { [inProduction]: text });
    expect(await told(folder)).toEqual({
      code: 0,
      rules: [`change/new-domain ${inProduction}`, `change/algorithm ${inProduction}`],
    });
    const { out } = await greffier(folder, ['validate', '--base', 'main']);
    expect(out).toContain('https://subventions.editeur-fictif.fr/retour');
    expect(out).toContain('~~~');
  });

  it('tells a removal and a rename, which have no line', async () => {
    const folder = newRepository({
      [inProduction]: definition(),
      [other]: definition('', 'internet/integration'),
    });
    rmSync(join(folder, other));
    const renamed = inProduction.replace('suivi', 'suivi-des-aides');
    renameSync(join(folder, inProduction), join(folder, renamed));
    expect(await told(folder)).toEqual({
      code: 0,
      rules: [`change/removed ${other}`, `change/renamed ${renamed}`],
    });
    expect((await told(folder, renamed)).rules).toEqual([`change/renamed ${renamed}`]);
    expect((await told(folder, other)).rules).toEqual([`change/removed ${other}`]);
  });

  it('refuses a network edited in place, and says it once', async () => {
    const folder = newRepository({ [inProduction]: definition() });
    write(folder, { [inProduction]: definition('environment: integration') });
    expect(await told(folder)).toEqual({ code: 1, rules: [`change/cell ${inProduction}`] });
  });

  it('refuses definitions mixed with what Git follows besides, and lets scratch files be', async () => {
    const folder = newRepository({
      [inProduction]: definition(),
      '.github/workflows/ci.yml': 'a',
      'README.md': 'a',
    });
    write(folder, { [inProduction]: definition('name: Suivi'), 'README.md': 'b', 'essai.js': 'x' });
    expect((await told(folder)).rules).toEqual([]);
    write(folder, { '.github/workflows/ci.yml': 'b' });
    expect(await told(folder)).toEqual({ code: 1, rules: ['change/mixed .github/workflows/ci.yml'] });
  });

  it('reads the settings at the base, never from the change', async () => {
    const service = (n: number) => inProduction.replace('suivi', `service-${n}`);
    const integration = (n: number) => service(n).replace('/production/', '/integration/');
    const folder = newRepository({
      [inProduction]: definition(),
      '.github/greffier.yaml': 'limits: { definitions: 1 }',
    });
    const text = (n: number) =>
      definition(
        `name: Service ${n}\nredirect_uris:\n  - https://s${n}.agence-fictive.gouv.fr/retour\npost_logout_redirect_uris: []`,
        'internet/integration',
      );
    write(folder, { [integration(1)]: text(1), [integration(2)]: text(2) });
    expect((await told(folder)).rules).toContain(`change/too-many ${integration(1)}`);
    git(folder, 'checkout', '-q', '-b', 'topic');
    write(folder, { '.github/greffier.yaml': 'limits: { definitions: 100 }' });
    commitAll(folder, 'loosen');
    expect((await told(folder)).rules).toContain(`change/too-many ${integration(1)}`);
  });

  it('says what it does not understand of the settings', async () => {
    const folder = newRepository({ [inProduction]: definition(), '.github/greffier.yaml': 'langue: fr' });
    const { code, err } = await greffier(folder, ['validate', '--base', 'main']);
    expect(code).toBe(0);
    expect(err).toContain('Le réglage `langue` n’existe pas');
  });

  it('judges the settings that are there, without a base', async () => {
    const path = '.github/greffier.yaml';
    const folder = newRepository({ [inProduction]: definition(), [path]: 'language: fr\n' });
    expect((await greffier(folder, ['validate'])).code).toBe(0);
    write(folder, { [path]: 'language: fr\nfreeze:\n  internet/preprod: { until: 2027-01-04 }\n' });
    const { code, out } = await greffier(folder, ['validate', '--format', 'json']);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      errors: 1,
      findings: [{ rule: 'change/settings', path, severity: 'error', range: { start: { line: 3 } } }],
    });
    const { out: text } = await greffier(folder, ['validate', path]);
    expect(text).toContain('Le réglage `internet/preprod` n’existe pas');
    expect(text).toContain('Aucune définition lue : 1 erreur.');
    expect((await greffier(folder, ['validate', inProduction])).code).toBe(0);
    // What is in force is no change: nothing is loosened, no team is new, no freeze is judged by its year.
    const inForce = `automatic_merge: { integration: true }
approvals: { teams: [org/equipe] }
freeze: { rie/production: { until: 2020-01-04, reason: Fêtes } }
`;
    write(folder, { [path]: inForce });
    expect(JSON.parse((await greffier(folder, ['validate', '--format', 'json'])).out)).toMatchObject({
      findings: [],
    });
  });

  it.each(['.github/greffier.yml', '.github/Greffier.yaml', '.github/.greffier.yaml', 'greffier.yaml'])(
    'says of %s that nobody reads it, so that nobody counts on what it sets',
    async (path) => {
      const folder = newRepository({
        [inProduction]: definition(),
        [path]: 'approvals: { production: 2 }\n',
      });
      const { code, out } = await greffier(folder, ['validate', '--format', 'json']);
      expect(JSON.parse(out)).toMatchObject({
        findings: [
          {
            rule: 'change/settings',
            path,
            severity: 'error',
            message: expect.stringContaining('rien de ce qu’il règle n’est en vigueur'),
          },
        ],
      });
      expect(code).toBe(1);
      expect(await told(folder)).toEqual({ code: 0, rules: [] });
      write(folder, { [path]: 'approvals: { production: 3 }\n' });
      expect(await told(folder)).toEqual({ code: 1, rules: [`change/settings ${path}`] });
      git(folder, 'mv', path, 'greffier.config.yaml');
      expect(await told(folder)).toEqual({ code: 0, rules: [] });
      expect((await greffier(folder, ['validate'])).code).toBe(0);
    },
  );

  it('judges the settings that the change writes, with their line, or that it takes away', async () => {
    const path = '.github/greffier.yaml';
    const folder = newRepository({ [inProduction]: definition(), [path]: 'approvals: { production: 2 }\n' });
    write(folder, { [path]: '# x\nlangue: fr\n' });
    expect(await told(folder)).toEqual({ code: 1, rules: [`change/settings ${path}`] });
    const { out } = await greffier(folder, ['validate', '--base', 'main', '--format', 'json']);
    expect(JSON.parse(out)).toMatchObject({ findings: [{ range: { start: { line: 2 } } }] });
    git(folder, 'rm', '-q', '-f', path);
    expect((await told(folder)).code).toBe(1);
  });

  it('ends with 2 and a sentence when there is no such base', async () => {
    const folder = newRepository({ [inProduction]: definition() });
    const ran = await greffier(folder, ['validate', '--base', 'nulle-part']);
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(ran.err).toMatch(/^Git ne connaît pas `nulle-part` ici\. .*git fetch.*\n$/);
    const outside = newFolder();
    write(outside, { [inProduction]: definition() });
    const lost = await greffier(outside, ['validate', '--base', 'main']);
    expect(lost).toMatchObject({ code: 2, out: '' });
    expect(lost.err).toMatch(/n’est pas dans un dépôt Git/);
  });
});
