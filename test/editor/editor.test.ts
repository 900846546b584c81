import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cellNames } from '#base/config/cells';
import { applyFixes } from '#domain/definition/fix/fixes';
import { readDefinition } from '#domain/definition/read-definition';
import { completeExample } from '#domain/definition/rules/complete-example';
import { LanguageServer } from './language-server.ts';

const template = join(import.meta.dirname, '../../templates');
const modeline = '# yaml-language-server: $schema=../../../schemas/service-provider.v1.schema.json\n';

function definition(path: string, yaml = ''): string {
  return modeline + completeExample({ yaml, path }).text;
}

describe('a registry in an editor that nobody has set up', () => {
  const path = 'service-providers/internet/production/agenda.yaml';
  let root: string;
  let server: LanguageServer;

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'greffier-editor-'));
    cpSync(join(template, 'registry'), root, { recursive: true });
    server = new LanguageServer(root);
    await server.start();
  });
  afterAll(() => {
    server.stop();
    rmSync(root, { recursive: true, force: true });
  });

  it('finds nothing to say of a definition', async () => {
    expect(await server.open(path, definition(path))).toEqual([]);
  });

  it('explains a field in French', async () => {
    const text = definition(path);
    const line = text.split('\n').findIndex((one) => one.startsWith('redirect_uris'));
    expect(await server.hover(path, line, 3)).toContain('où l’usager revient après s’être connecté');
  });

  it('completes fields and choices', async () => {
    const other = 'service-providers/internet/production/autre.yaml';
    const text = `${modeline}version: 1\nnetwork: \nid_token_signed_response_alg: \nda\n`;
    await server.open(other, text);
    expect(await server.complete(other, 4, 2)).toContain('datapass');
    expect(await server.complete(other, 2, 9)).toEqual(expect.arrayContaining(['internet', 'rie']));
    expect(await server.complete(other, 3, 30)).toEqual(expect.arrayContaining(['RS256', 'ES256', 'HS256']));
  });

  it('says at its line what is wrong', async () => {
    const faulty = 'service-providers/internet/production/faute.yaml';
    const text = definition(faulty, 'network: intranet');
    const found = await server.open(faulty, text);
    const line = text.split('\n').indexOf('network: intranet');
    expect(found.map(({ range }) => range.start.line)).toContain(line);
  });

  it.each(cellNames)('explains the model of %s where it stands and where it is copied to', async (cell) => {
    const model = `modeles/${cell}/mon-service.yaml`;
    const text = readFileSync(join(root, model), 'utf8');
    const copy = `service-providers/${cell}/mon-service.yaml`;
    for (const place of [model, copy]) {
      expect(await server.open(place, text)).toEqual([]);
      const line = text.split('\n').findIndex((one) => one.startsWith('network:'));
      expect(await server.hover(place, line, 2)).toContain('Réseau interministériel');
    }
  });

  it('explains the settings', async () => {
    expect(await server.open('.github/greffier.yaml')).toEqual([]);
    const line = readFileSync(join(root, '.github/greffier.yaml'), 'utf8')
      .split('\n')
      .indexOf('language: fr');
    expect(await server.hover('.github/greffier.yaml', line, 2)).toContain('La langue des commentaires');
  });

  it('explains a definition without the line, by the settings of the registry for VS Code', async () => {
    const settings = JSON.parse(readFileSync(join(root, '.vscode/settings.json'), 'utf8')) as Record<
      string,
      object
    >;
    const schemas = settings['yaml.schemas'] ?? {};
    for (const schema of Object.keys(schemas)) expect(existsSync(join(root, schema))).toBe(true);
    const byFile = Object.fromEntries(
      Object.entries(schemas).map(([schema, globs]) => [join(root, schema), globs as unknown]),
    );
    const configured = new LanguageServer(root, {
      yaml: { schemas: byFile, hover: true, completion: true, validate: true },
    });
    try {
      await configured.start();
      const bare = definition(path).replace(modeline, '');
      await configured.open(path, bare);
      const line = bare.split('\n').findIndex((one) => one.startsWith('datapass'));
      expect(await configured.hover(path, line, 3)).toContain('habilitation');
    } finally {
      configured.stop();
    }
  });

  it('explains the templates of Greffier where they stand', async () => {
    const repository = join(import.meta.dirname, '../..');
    const own = new LanguageServer(repository);
    try {
      await own.start();
      const place = 'templates/service-provider/rie/production.yaml';
      await own.open(place);
      const lines = readFileSync(join(repository, place), 'utf8').split('\n');
      const line = lines.findIndex((one) => one.startsWith('ip_addresses'));
      expect(await own.hover(place, line, 3)).toContain('Adresses IP du serveur');
    } finally {
      own.stop();
    }
  });
});

describe('the line from which editors know the schema', () => {
  const path = 'service-providers/internet/production/agenda.yaml';

  it('is nothing that a rule says anything of', () => {
    const bytes = new TextEncoder().encode(definition(path));
    expect(readDefinition({ path, bytes }).findings).toEqual([]);
  });

  it('stays where it is when the rest is corrected', () => {
    const { text, applied } = applyFixes(path, definition(path, 'organization:\n  siret: 130 999 907 00012'));
    expect(applied).not.toEqual([]);
    expect(text.startsWith(modeline)).toBe(true);
  });

  it('opens every model, and a file that copies it may be anywhere among the definitions', () => {
    for (const cell of cellNames)
      for (const file of [`registry/modeles/${cell}/mon-service.yaml`, `service-provider/${cell}.yaml`])
        expect(readFileSync(join(template, file), 'utf8').startsWith(modeline)).toBe(true);
  });
});
