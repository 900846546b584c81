import { execFile, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { commandNames } from '#base/invocation';
import { siretFormat } from '#domain/definition/rules/siret/format';
import { greffier } from './console.ts';
import { definition, inProduction, registryOnDisk } from './registry-on-disk.ts';

const faulty = definition('nom: A\nprivate_sector: oui # à voir\nuserinfo_signed_response_alg: rs256');

describe('greffier validate', () => {
  it('ends with 0 on a registry without errors', async () => {
    const { root } = registryOnDisk({ [inProduction]: definition() });
    const ran = await greffier(root, ['validate']);
    expect(ran).toEqual({ code: 0, out: '✓ 1 définition lue. Rien à redire.\n', err: '' });
  });

  it('ends with 1 on an error, and shows the line, the reason and the correction', async () => {
    const { root } = registryOnDisk({ [inProduction]: definition('private_sector: oui # à voir') });
    const { code, out } = await greffier(root, ['validate']);
    expect(code).toBe(1);
    expect(out).toContain(inProduction);
    expect(out).toMatch(/19 │ private_sector: oui # à voir\n +│ {17}~~~\n/);
    expect(out).toContain('Correction sûre : Écrire `true`');
    expect(out).toContain('Pourquoi :');
    expect(out).toContain('1 définition lue : 1 erreur.');
  });

  it('judges the rest of a registry in which a name is no UTF-8', async () => {
    const { root } = registryOnDisk({ [inProduction]: definition('private_sector: oui') });
    const folder = join(root, 'service-providers/internet/production');
    writeFileSync(
      Buffer.concat([Buffer.from(`${folder}/a`), Buffer.from([0xff]), Buffer.from('.yaml')]),
      'x',
    );
    const whole = await greffier(root, ['validate']);
    expect(whole.code).toBe(1);
    expect(whole.out).toMatch(/suivi\.yaml[\s\S]*private_sector: oui/);
    const one = await greffier(root, ['validate', inProduction]);
    expect(one).toMatchObject({ code: 1, err: '' });
  });

  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
    'judges a definition whose values are words of JavaScript: %s',
    async (word) => {
      const keys = ['network', 'environment', 'id_token_signed_response_alg', 'userinfo_signed_response_alg'];
      const files = keys.map((key, index) => [
        inProduction.replace('suivi', `suivi-${index}`),
        definition().replace(new RegExp(`^${key}: .*$`, 'm'), `${key}: ${word}`),
      ]);
      const others = `${definition('name: A')}\nowners: [${word}]\noptional_scopes: [{scope: ${word}, justification: ${word}}]\n${word}: ${word}\n`;
      const { root } = registryOnDisk({ ...Object.fromEntries(files), [inProduction]: others });
      for (const format of ['text', 'json', 'github', 'sarif'])
        expect(await greffier(root, ['validate', '--format', format])).toMatchObject({ code: 1, err: '' });
    },
  );

  it('says of which definition a fault of its own kept it from judging, and judges the rest', async () => {
    const check = siretFormat.check.bind(siretFormat);
    const broken = vi.spyOn(siretFormat, 'check').mockImplementation((partial, report) => {
      if (partial.name === 'Cassé') throw new TypeError('broken');
      check(partial, report);
    });
    const fine = inProduction.replace('suivi', 'autre');
    const { root } = registryOnDisk({
      [inProduction]: definition('name: Cassé'),
      [fine]: definition('private_sector: oui'),
    });
    for (const format of ['text', 'json', 'github', 'sarif']) {
      const { code, out, err } = await greffier(root, ['validate', '--format', format]);
      expect({ code, err }).toEqual({ code: 1, err: '' });
      expect(out).toContain('file/unjudged');
      expect(out).toContain('siret/format');
      expect(out).toContain('schema/type');
    }
    broken.mockRestore();
  });

  it('says the same in English', async () => {
    const { root } = registryOnDisk({ [inProduction]: definition('private_sector: oui') });
    const { out } = await greffier(root, ['validate', '--lang', 'en']);
    expect(out).toContain('expects true (yes) or false (no)');
    expect(out).toContain('1 definition read: 1 error.');
  });

  it('prints JSON ordered by path, line, column, rule', async () => {
    const { root } = registryOnDisk({
      [inProduction]: faulty,
      'service-providers/internet/integration/a.yaml': '',
    });
    const { code, out } = await greffier(root, ['validate', '--format', 'json']);
    expect(code).toBe(1);
    const report = JSON.parse(out);
    expect(Object.keys(report)).toEqual(['files', 'errors', 'decisions', 'warnings', 'infos', 'findings']);
    expect(report).toMatchObject({ files: 2, errors: 5, decisions: 0 });
    expect(
      report.findings.map((one: { path: string; rule: string }) => [one.path.split('/').at(-1), one.rule]),
    ).toEqual([
      ['a.yaml', 'file/empty'],
      ['a.yaml', 'file/name'],
      ['suivi.yaml', 'schema/enum'],
      ['suivi.yaml', 'schema/type'],
      ['suivi.yaml', 'schema/unknown-key'],
    ]);
    expect(report.findings[2]).toMatchObject({
      severity: 'error',
      pointer: '/userinfo_signed_response_alg',
      range: { start: { line: 18, column: 31 }, end: { line: 18, column: 36 } },
      fix: {
        title: 'Écrire `RS256`',
        edits: [{ range: { start: { line: 18, column: 31 }, end: { line: 18, column: 36 } }, text: 'RS256' }],
      },
    });
  });

  it('prints annotations whose text cannot start another command', async () => {
    const path = 'service-providers/internet/production/a,b:c%\n::error::x.yaml';
    const { root } = registryOnDisk({ [path]: definition() });
    const { out } = await greffier(root, ['validate', '--format', 'github']);
    const lines = out.trimEnd().split('\n');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(
      /^::error file=service-providers\/internet\/production\/a%2Cb%3Ac%25⟨U\+000A⟩%3A%3Aerror%3A%3Ax\.yaml,line=1,endLine=1,title=file\/name::/,
    );
  });

  it('prints SARIF with its rules and fixes', async () => {
    const { root } = registryOnDisk({ [inProduction]: faulty });
    const { out } = await greffier(root, ['validate', '--format', 'sarif']);
    const [first] = JSON.parse(out).runs;
    expect(first.results.map((one: { ruleId: string }) => one.ruleId)).toEqual([
      'schema/enum',
      'schema/type',
      'schema/unknown-key',
    ]);
    const [result] = first.results;
    expect(first.tool.driver.rules[result.ruleIndex].id).toBe('schema/enum');
    expect(result.fixes[0].artifactChanges[0].replacements[0].insertedContent.text).toBe('RS256');
    expect(result.locations[0].physicalLocation.region).toEqual({
      startLine: 18,
      startColumn: 31,
      endLine: 18,
      endColumn: 36,
    });
  });

  it('reports on the paths it is given, and knows the others', async () => {
    const { root } = registryOnDisk({
      [inProduction]: definition(),
      'service-providers/internet/production/autre.yaml': definition('private_sector: oui'),
    });
    const { code, out } = await greffier(join(root, 'service-providers'), [
      'validate',
      'internet/production/suivi.yaml',
      '--root',
      '..',
      '--format',
      'json',
    ]);
    expect(code).toBe(1);
    const report = JSON.parse(out);
    expect(report.files).toBe(1);
    const rules = report.findings.map((one: { rule: string }) => one.rule);
    expect(rules).toContain('registry/duplicate-uri');
    expect(rules).not.toContain('schema/type');
  });

  it('does not follow symbolic links', async () => {
    const outside = registryOnDisk({ 'secret.yaml': 'top: secret' });
    const { root } = registryOnDisk({ [inProduction]: definition() });
    symlinkSync(
      join(outside.root, 'secret.yaml'),
      join(root, 'service-providers/internet/production/lien.yaml'),
    );
    symlinkSync(outside.root, join(root, 'service-providers/rie'));
    const { code, out } = await greffier(root, ['validate', '--format', 'json']);
    expect(code).toBe(1);
    expect(out).not.toContain('top');
    expect(
      JSON.parse(out).findings.map((one: { path: string; rule: string }) => [one.path, one.rule]),
    ).toEqual([
      ['service-providers/internet/production/lien.yaml', 'file/path'],
      ['service-providers/rie', 'file/path'],
    ]);
  });

  it('never shows a secret, in any format', async () => {
    const secret = '0a1b2c3d'.repeat(8);
    const { root } = registryOnDisk({
      [inProduction]: definition(`description: ${secret}\nclient_secret: ${secret}\nname: "|${secret}"`),
    });
    for (const format of ['text', 'json', 'github', 'sarif']) {
      const { out, err } = await greffier(root, ['validate', '--format', format]);
      expect(out).toContain('file/secret');
      expect(out + err).not.toContain(secret);
    }
  });

  it.each([
    [['validate', '--root', 'nulle-part'], 'Le dossier `nulle-part` n’existe pas.'],
    [['validate', '--root', '.github'], 'n’est pas un registre'],
    [['validate', 'absent.yaml'], 'Le chemin `absent.yaml` n’existe pas.'],
    [['validate', '/etc'], 'est hors du registre'],
    [['validate', '--format', 'xml'], 'ne peut pas valoir `xml`'],
    [['validate', '--root'], 'attend une valeur'],
    [['validate', '--rot=x'], 'n’existe pas pour cette commande'],
    [['valider'], 'n’existe pas. Vouliez-vous écrire `validate` ?'],
    [['--lang', 'de', 'validate'], 'ne peut pas valoir `de`'],
    [['explain', 'enum'], 'Peut-être'],
    [['explain', 'url/httpsrequired'], 'Peut-être `url/https-required` ?'],
    [['explain', 'a', 'b'], 'est de trop'],
  ])('%j ends in a sentence and 2', async (args, sentence) => {
    const { root } = registryOnDisk({ [inProduction]: definition(), '.github/x': '' });
    const { code, out, err } = await greffier(root, args);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toContain(sentence);
    expect(err.trimEnd()).not.toContain('\n');
  });

  it.skipIf(process.getuid?.() === 0)('says which file it may not read', async () => {
    const { root } = registryOnDisk({ [inProduction]: definition() });
    chmodSync(join(root, inProduction), 0);
    const { code, err } = await greffier(root, ['validate']);
    expect(code).toBe(2);
    expect(err).toContain('Impossible de lire');
  });

  it('reads a registry without definitions', async () => {
    const { root } = registryOnDisk({ 'service-providers/.gitkeep': '' });
    expect(await greffier(root, ['validate'])).toMatchObject({ code: 0 });
  });
});

describe('greffier fix', () => {
  it('applies fixes and leaves the rest byte for byte; the second time changes nothing', async () => {
    const disk = registryOnDisk({
      [inProduction]: definition(
        'private_sector: oui   # à voir\nuserinfo_signed_response_alg:   "rs256"',
      ).replaceAll('\n', '\r\n'),
    });
    const before = disk.read(inProduction);
    const dry = await greffier(disk.root, ['fix', '--dry-run']);
    expect(dry.code).toBe(0);
    expect(dry.out).toContain('Rien n’a été écrit.');
    expect(disk.read(inProduction)).toBe(before);
    const { code, out } = await greffier(disk.root, ['fix']);
    expect(code).toBe(0);
    expect(out).toContain('2 corrections appliquées.');
    expect(out).toContain('- private_sector: oui   # à voir\n');
    expect(out).toContain('+ private_sector: true   # à voir\n');
    const after = disk.read(inProduction);
    expect(after).toBe(before.replace('oui   #', 'true   #').replace('"rs256"', '"RS256"'));
    expect(await greffier(disk.root, ['fix'])).toMatchObject({ code: 0 });
    expect(disk.read(inProduction)).toBe(after);
  });

  it('says of nothing that it is done before it is written', async () => {
    const disk = registryOnDisk({ [inProduction]: definition('private_sector: oui') });
    // Where the file is written first, something stands.
    writeFileSync(join(disk.root, `${inProduction}.greffier-${process.pid}`), '');
    const { code, out, err } = await greffier(disk.root, ['fix']);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(`Impossible d’écrire \`${inProduction}\``);
    expect(disk.read(inProduction)).toContain('oui');
  });

  it('is named by validate with the registry that validate was given', async () => {
    const { root } = registryOnDisk({ [inProduction]: definition('private_sector: oui') });
    expect((await greffier(root, ['validate'])).out).toMatch(/ : greffier fix$/m);
    const elsewhere = await greffier(dirname(root), ['validate', '--root', basename(root)]);
    expect(elsewhere.out).toContain(` : greffier fix --root ${basename(root)}\n`);
  });

  it('ends with 1 and says what is left', async () => {
    const { root } = registryOnDisk({ [inProduction]: definition('couleur: bleu\nprivate_sector: oui') });
    const { code, out } = await greffier(root, ['fix']);
    expect(code).toBe(1);
    expect(out).toContain('Reste à corriger à la main');
    expect(out).toContain('schema/unknown-key');
  });
});

describe('greffier explain', () => {
  it('lists the rules', async () => {
    const { code, out } = await greffier('/', ['explain']);
    expect(code).toBe(0);
    expect(out).toMatch(/^yaml\/syntax +erreur +Le fichier est du YAML valide$/m);
  });

  it('shows a rule with its examples', async () => {
    const { code, out } = await greffier('/', ['explain', 'yaml/syntax', '--lang=en']);
    expect(code).toBe(0);
    expect(out).toContain('Not to be written:');
    expect((await greffier('/', ['explain', 'email/plus'])).out).not.toContain('À ne pas écrire');
    expect((await greffier('/', ['explain', 'file/path'])).out).toContain(
      '    # service-providers/internet/exemple.yaml\n    name: Suivi\n',
    );
    expect(out).toContain('name: Portail : suivi');
    // What is wrong with it, and how it must stand.
    expect(out).toContain('name: "Portail : suivi"');
  });

  it('shows the rules of a family, and of a field with what it is', async () => {
    const family = await greffier('/', ['explain', 'siret']);
    expect(family.out).toMatch(/^siret\/checksum +erreur/m);
    const field = await greffier('/', ['explain', 'redirect_uris']);
    expect(field.out).toContain('URL de retour après connexion');
    expect(field.out).toMatch(/^url\/https-required +erreur/m);
    expect(await greffier('/', ['explain', 'couleur'])).toMatchObject({ code: 2 });
  });
});

describe('the program', () => {
  const program = join(import.meta.dirname, '../../bin/greffier.js');
  const start = (args: readonly string[], cwd: string, env: Record<string, string> = {}) =>
    new Promise<{ code: number; out: string; err: string }>((resolve) => {
      execFile(
        process.execPath,
        [program, ...args],
        { cwd, env: { PATH: process.env.PATH ?? '', ...env } },
        (error, out, err) => resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
      );
    });

  it('says where the Node that it needs is, to whoever starts it with an older one', () => {
    const older =
      "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.1.0' } })";
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--import', `data:text/javascript,${encodeURIComponent(older)}`, program],
      { encoding: 'utf8', env: { LANG: 'fr_FR.UTF-8' } },
    );
    expect(status).toBe(2);
    expect(stderr).toContain('celui-ci est le 20.1.0');
    expect(stderr).toContain('npx greffier');
  });

  it('answers --help in the language of LANG', async () => {
    const { root } = registryOnDisk({ x: '' });
    expect(await start(['--help'], root, { LANG: 'en_GB.UTF-8' })).toMatchObject({ code: 0, err: '' });
    expect((await start(['--help'], root, { LANG: 'en_GB.UTF-8' })).out).toContain('Usage: node ');
    expect((await start(['--help'], root, { LANG: 'C' })).out).toContain('Usage : node ');
  });

  it.each(['/dev/null', 'package.json'])('runs with its input from %s', async (input) => {
    const { root } = registryOnDisk({ [inProduction]: definition() });
    const ran = await new Promise<string>((resolve) => {
      execFile(
        '/bin/sh',
        ['-c', `"${process.execPath}" "${program}" validate --root "${root}" < "${input}"; echo "exit $?"`],
        { cwd: join(import.meta.dirname, '../..'), env: { PATH: process.env.PATH ?? '', LANG: 'en' } },
        (_error, out, err) => resolve(out + err),
      );
    });
    expect(ran).toBe('✓ 1 definition read. Nothing to say.\nexit 0\n');
  });

  it('answers questions from a pipe and ends', async () => {
    const { root } = registryOnDisk({ 'service-providers/.gitkeep': '' });
    const ran = await new Promise<string>((resolve) => {
      execFile(
        '/bin/sh',
        ['-c', `echo a@b.gouv.fr | "${process.execPath}" "${program}" new --lang en; echo "exit $?"`],
        { cwd: root },
        (_error, out, err) => resolve(out + err),
      );
    });
    expect(ran).toContain('exit 2');
    expect(ran).toContain('nothing was written');
  });

  it('ends in a sentence when the reader goes away', async () => {
    const files: Record<string, string> = {};
    for (let index = 0; index < 300; index++)
      files[`service-providers/internet/production/fs-${index}.yaml`] = 'a: 1\n'.repeat(30);
    const { root } = registryOnDisk(files);
    mkdirSync(join(root, 'bin'));
    const piped = await new Promise<string>((resolve) => {
      execFile(
        '/bin/sh',
        ['-c', `"${process.execPath}" "${program}" validate | head -1 >/dev/null`],
        { cwd: root },
        (_error, _out, err) => resolve(err),
      );
    });
    expect(piped).not.toContain('    at ');
    expect(piped.trimEnd().split('\n').length).toBeLessThanOrEqual(1);
  });
});

describe('a command that a sentence names', () => {
  it('is known to be one, each of them', async () => {
    const { out } = await greffier('.', ['--help']);
    const listed = [...out.matchAll(/^ {2}([a-z]+) {2,}/gm)].map(([, name]) => name);
    expect(listed).toEqual([...commandNames]);
  });

  it('works where it is read', async () => {
    const bin = join(import.meta.dirname, '../../bin/greffier.js');
    const environment = { ...process.env, npm_lifecycle_event: '', npm_command: '', CI: '' };
    const said = await new Promise<string>((resolve) => {
      execFile(
        process.execPath,
        [bin, 'explain', 'nulle/part'],
        { cwd: import.meta.dirname, env: environment },
        (_e, _o, err) => resolve(err),
      );
    });
    expect(said).toContain(`node ${bin} explain`);
  });
});
