/** A registry is what others wrote: a symbolic link in it leads no command out of it. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { greffier } from './console.ts';
import { definition, registryOnDisk } from './registry-on-disk.ts';

const sources = join(import.meta.dirname, '../../src');
const cell = 'service-providers/internet/production';
const local = 'service-providers/internet/integration/agenda.yaml';
const production = ['--datapass=H4821', '--private-sector=false', '--support=aide@agence-fictive.gouv.fr'];
const client = {
  key: '00000000-0000-4000-8000-000000000001',
  name: 'Agenda',
  redirect_uris: ['https://agenda.agence-fictive.gouv.fr/cb'],
  post_logout_redirect_uris: [],
  id_token_signed_response_alg: 'RS256',
  userinfo_signed_response_alg: 'RS256',
  scopes: [
    ...['openid', 'given_name', 'usual_name', 'email', 'uid', 'siret', 'phone', 'idp_id', 'custom', 'roles'],
    'organization_label',
  ],
  collaborators: ['dsi@agence-fictive.gouv.fr'],
  type: 'public',
  active: true,
};
const complete =
  'client_id,siret,datapass,description,support\n00000000-0000-4000-8000-000000000001,13099990700012,H4821,Réserver une salle,aide@agence-fictive.gouv.fr\n';

const commands: Readonly<Record<string, readonly string[]>> = {
  new: [
    ...['new', '--name=Agenda', '--id=agenda', '--siret=13099990700012', '--environment=production'],
    ...['--contact=dsi@agence-fictive.gouv.fr', '--redirect-uri=https://agenda.agence-fictive.gouv.fr/cb'],
    ...['--description=Réserver une salle', ...production],
  ],
  promote: [
    ...['promote', 'agenda', '--description=Réserver une salle', ...production],
    '--redirect-uri=https://agenda.agence-fictive.gouv.fr/cb',
  ],
  import: [
    'import',
    'clients.json',
    '--from=clients',
    '--cell=internet/production',
    '--complete=complete.csv',
  ],
};

function registry() {
  return registryOnDisk({
    [local]: definition('name: Agenda', 'internet/integration'),
    'clients.json': JSON.stringify([client]),
    'complete.csv': complete,
  });
}

describe.each(Object.entries(commands))('greffier %s', (_name, command) => {
  it('writes into a real folder', async () => {
    const { root } = registry();
    const { code, out, err } = await greffier(root, command);
    expect(code, out + err).toBe(0);
    expect(existsSync(join(root, cell, 'agenda.yaml'))).toBe(true);
  });

  it.each([cell, dirname(cell), 'service-providers'])(
    'writes nothing through %s, where that is a symbolic link',
    async (link) => {
      const { root } = registry();
      const elsewhere = registryOnDisk({}).root;
      mkdirSync(dirname(join(root, link)), { recursive: true });
      // What the command reads stays readable there.
      if (existsSync(join(root, link))) renameSync(join(root, link), join(elsewhere, 'there'));
      else mkdirSync(join(elsewhere, 'there'));
      symlinkSync(join(elsewhere, 'there'), join(root, link));
      const before = readdirSync(elsewhere, { recursive: true });
      const { code, err } = await greffier(root, command);
      expect(readdirSync(elsewhere, { recursive: true })).toEqual(before);
      expect(code).toBe(2);
      expect(err).toContain(`\`${link}\` est un lien symbolique`);
    },
  );

  it('does not write through a link that stands in the place of the file, to nothing', async () => {
    const { root } = registry();
    const elsewhere = registryOnDisk({}).root;
    mkdirSync(join(root, cell), { recursive: true });
    symlinkSync(join(elsewhere, 'agenda.yaml'), join(root, cell, 'agenda.yaml'));
    // `import` finds another name.
    await greffier(root, command);
    expect(readdirSync(elsewhere)).toEqual([]);
  });
});

describe('greffier import --report', () => {
  it('writes no report through a symbolic link of the registry', async () => {
    const { root } = registry();
    const elsewhere = registryOnDisk({}).root;
    symlinkSync(elsewhere, join(root, 'rapports'));
    const { code } = await greffier(root, [...(commands.import ?? []), '--report=rapports/import.json']);
    expect(code).toBe(2);
    expect(readdirSync(elsewhere)).toEqual([]);
  });
});

describe('greffier fix', () => {
  it('changes nothing behind a symbolic link, of a file or of a folder', async () => {
    const faulty = definition('name: Agenda\nredirect_uris: [http://agenda.agence-fictive.gouv.fr/cb]');
    const elsewhere = registryOnDisk({ 'file.yaml': faulty, 'folder/other.yaml': faulty });
    const { root } = registry();
    mkdirSync(join(root, cell), { recursive: true });
    symlinkSync(join(elsewhere.root, 'file.yaml'), join(root, cell, 'lien.yaml'));
    symlinkSync(join(elsewhere.root, 'folder'), join(root, 'service-providers/rie'));
    await greffier(root, ['fix']);
    expect(elsewhere.read('file.yaml')).toBe(faulty);
    expect(readdirSync(elsewhere.root, { recursive: true })).toHaveLength(3);
  });
});

describe('the command line', () => {
  it('writes files of a registry in one place', () => {
    const writing = /\b(?:writeFile|appendFile|createWriteStream|renameSync|copyFile|cpSync|openSync)/;
    const files = readdirSync(join(sources, 'cli'), { recursive: true, encoding: 'utf8' }).filter(
      (name) => name.endsWith('.ts') && writing.test(readFileSync(join(sources, 'cli', name), 'utf8')),
    );
    // The store's copies are where the operator says, that of Git's index in a folder of its own; a registry's files are
    // only read.
    expect(files.sort()).toEqual([
      'provisioning/store-file.ts',
      'registry/git.ts',
      'registry/registry-folder.ts',
      'registry/write-file.ts',
    ]);
  });
});
