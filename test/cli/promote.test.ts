import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { greffier } from './console.ts';
import { definition, registryOnDisk } from './registry-on-disk.ts';

const from = 'service-providers/internet/integration/agenda.yaml';
const to = 'service-providers/internet/production/agenda.yaml';
const host = 'https://agenda.agence-fictive.gouv.fr';
const local = definition(
  `name: Agenda
redirect_uris:
  - http://localhost:3000/cb
  - https://recette.agenda.agence-fictive.gouv.fr/cb
  - ${host}/cb
post_logout_redirect_uris:
  - http://localhost:3000/
  - ${host}/fin`,
  'internet/integration',
).replace(/^description: .*\n| {2}support: .*\n/gm, '');
const options = [
  ...['promote', 'agenda', '--datapass=H4821', '--private-sector=false'],
  ...['--description=Réserver une salle', '--support=aide@agence-fictive.gouv.fr'],
];

describe('greffier promote', () => {
  it('takes over what is true of both, leaves out what production cannot have, and validates', async () => {
    const { root, read } = registryOnDisk({ [from]: local });
    const { code, out, err } = await greffier(root, options);
    expect(err).toContain('http://localhost:3000/cb');
    expect(err).toContain('recette.agenda');
    expect(out).toContain(`Écrit : \`${to}\``);
    expect(code).toBe(0);
    expect(read(to)).toContain('environment: production');
    expect(read(to)).toContain(
      `redirect_uris:\n  - ${host}/cb\npost_logout_redirect_uris:\n  - ${host}/fin\n`,
    );
    expect(read(from)).toBe(local);
    expect((await greffier(root, ['validate'])).code).toBe(0);
    const again = await greffier(root, options);
    expect(again.code).toBe(2);
    expect(again.err).toContain('existe déjà');
  });

  it('names the options that are missing, and writes nothing', async () => {
    const onlyLocal = local.replace(/ {2}- https:.*\n/g, '');
    const { root } = registryOnDisk({ [from]: onlyLocal });
    const { code, err } = await greffier(root, ['promote', 'agenda', '--lang=en']);
    expect(code).toBe(2);
    for (const option of ['--datapass', '--description', '--support', '--private-sector', '--redirect-uri'])
      expect(err).toContain(option);
    expect((await greffier(root, ['validate', '--format=json'])).out).toContain('"files": 1');
  });

  it('puts right what is certain in what it is given, and takes a path for a name', async () => {
    const { root, read } = registryOnDisk({ [from]: local });
    const { code, err } = await greffier(root, [
      ...['promote', from, '--datapass=h 4821', '--private-sector=false'],
      ...['--description=Permet de réserver une salle', '--support=Aide@agence-fictive.gouv.fr'],
    ]);
    expect(code, err).toBe(0);
    expect(read(to)).toContain('datapass: H4821\n');
    expect(read(to)).toContain('description: Réserver une salle\n');
    expect(read(to)).toContain('support: aide@agence-fictive.gouv.fr\n');
  });

  it('asks for them on a terminal, each until it is right', async () => {
    const { root, read } = registryOnDisk({ [from]: local });
    const answers = [
      '4821',
      'H4821',
      'Une plateforme',
      'Réserver une salle',
      'aide',
      'aide@agence-fictive.gouv.fr',
      'bof',
      'non',
    ];
    const { code, err } = await greffier(root, ['promote', 'agenda'], { answers });
    expect(code).toBe(0);
    expect(err.match(/✗/g)).toHaveLength(3);
    expect(read(to)).toContain('private_sector: false');
  });

  it('says what is wrong with what it was given, also among the others, and writes nothing', async () => {
    const { root } = registryOnDisk({
      [from]: local,
      [to.replace('agenda', 'autre')]: definition(
        `name: Agenda\nredirect_uris:\n  - ${host}/cb\npost_logout_redirect_uris: []`,
      ),
    });
    const untouched = statSync(join(root, dirname(to))).mtimeMs;
    for (const [more, rule] of [
      ['--datapass=12', 'datapass/format'],
      ['--datapass=H1', 'registry/duplicate-uri'],
    ] as const) {
      const { code, err } = await greffier(root, [...options, more]);
      expect(code).toBe(2);
      expect(err).toContain(rule);
      // What was typed is said of the option, not of a line of a file that is not there.
      if (rule === 'datapass/format') expect(err).toMatch(/--datapass {2}datapass\/format\n {4}\S/);
    }
    // Judged before it is written: whoever is stopped in between leaves nothing faulty behind.
    expect(statSync(join(root, dirname(to))).mtimeMs).toBe(untouched);
    expect((await greffier(root, ['validate', '--format=json'])).out).toContain('"files": 2');
  });

  it('asks which, when the service is on both networks, or on none', async () => {
    const rie = from.replace('internet', 'rie');
    const { root } = registryOnDisk({ [from]: local, [rie]: definition('', 'rie/integration') });
    expect((await greffier(root, ['promote', 'agenda'])).err).toContain('--network');
    expect((await greffier(root, ['promote', 'autre'])).err).toContain('Aucune définition');
    expect((await greffier(root, ['promote'])).code).toBe(2);
  });
});
