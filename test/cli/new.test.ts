import { describe, expect, it } from 'vitest';
import { greffier } from './console.ts';
import { definition, inProduction, registryOnDisk } from './registry-on-disk.ts';

const answers = [
  'dsi@agence-fictive', // refused: no top-level domain
  'dsi@agence-fictive.gouv.fr',
  '',
  '13099990700013', // refused: wrong check digit
  '13099990700012',
  'Portail des agents',
  '3', // no such choice
  'rie',
  '2',
  'H5137',
  'Plateforme des agents', // refused: no infinitive
  'Consulter les dossiers individuels',
  '', // refused: at least one
  'https://portail.agence-fictive.rie.gouv.fr/oidc/callback',
  '',
  '',
  '10.144.7.20',
  '',
  '',
  'none',
  'siren',
  'court', // refused: too short
  'Rapprocher les dossiers par unité légale',
  '',
  'peut-être', // neither yes nor no
  'non',
  'assistance@agence-fictive.gouv.fr',
  'Pas bon',
  '',
];

describe('greffier new', () => {
  it('asks in the order of the form, checks each answer, and writes a file that validates', async () => {
    const { root, read } = registryOnDisk({ 'service-providers/.gitkeep': '' });
    const { code, out, err } = await greffier(root, ['new'], { answers });
    expect(err).not.toContain('Rien n’a été écrit');
    expect(code).toBe(0);
    const path = 'service-providers/rie/production/portail-des-agents.yaml';
    expect(out).toContain(path);
    expect(err.match(/✗/g)).toHaveLength(4);
    expect(read(path)).toBe(
      [
        'version: 1',
        'name: Portail des agents',
        'network: rie',
        'environment: production',
        'organization:',
        '  siret: "13099990700012"',
        'datapass: H5137',
        'description: Consulter les dossiers individuels',
        'contacts:',
        '  technical:',
        '    - dsi@agence-fictive.gouv.fr',
        '  support: assistance@agence-fictive.gouv.fr',
        'redirect_uris:',
        '  - https://portail.agence-fictive.rie.gouv.fr/oidc/callback',
        'post_logout_redirect_uris: []',
        'id_token_signed_response_alg: RS256',
        'userinfo_signed_response_alg: none',
        'optional_scopes:',
        '  - scope: siren',
        '    justification: Rapprocher les dossiers par unité légale',
        'private_sector: false',
        'ip_addresses:',
        '  - 10.144.7.20',
        '',
      ].join('\n'),
    );
    expect((await greffier(root, ['validate'])).code).toBe(0);
  });

  it('writes nothing when the answers stop', async () => {
    const { root } = registryOnDisk({ 'service-providers/.gitkeep': '' });
    const { code, err } = await greffier(root, ['new'], { answers: answers.slice(0, 8) });
    expect(code).toBe(2);
    expect(err).toContain('rien n’a été écrit');
  });

  const options = [
    'new',
    '--name=Suivi & pilotage : aides',
    '--siret=13099990700012',
    '--contact=dsi@agence-fictive.gouv.fr',
    '--redirect-uri=https://recette.aides.agence-fictive.gouv.fr/cb',
    '--redirect-uri=http://localhost:3000/cb',
    '--owner=camille-dupont',
  ];

  it('asks nothing when it is given options', async () => {
    const { root, read } = registryOnDisk({ 'service-providers/.gitkeep': '' });
    const { code, out } = await greffier(root, options);
    expect(code).toBe(0);
    expect(out).toContain('suivi-pilotage-aides.yaml');
    expect(read('service-providers/internet/integration/suivi-pilotage-aides.yaml')).toContain(
      'name: "Suivi & pilotage : aides"',
    );
    const again = await greffier(root, options);
    expect(again.code).toBe(2);
    expect(again.err).toContain('existe déjà');
  });

  it('says what is wrong with the options, and writes nothing', async () => {
    const { root } = registryOnDisk({ 'service-providers/.gitkeep': '' });
    const { code, err } = await greffier(root, [...options, '--siret=1', '--environment=production']);
    expect(code).toBe(2);
    expect(err).toContain('siret/format');
    expect(err).toContain('schema/missing-key');
    expect((await greffier(root, ['validate'])).out).toContain('Aucune définition');
  });

  it('does not leave behind what another definition forbids', async () => {
    const { root } = registryOnDisk({ [inProduction]: definition() });
    const { code, err } = await greffier(root, [
      'new',
      '--environment=production',
      '--name=Suivi des subventions',
      '--siret=13099990700012',
      '--datapass=H1',
      '--description=Suivre les aides',
      '--private-sector=false',
      '--support=aide@agence-fictive.gouv.fr',
      '--contact=dsi@agence-fictive.gouv.fr',
      '--redirect-uri=https://subventions.agence-fictive.gouv.fr/oidc/callback',
      '--id=jumeau',
    ]);
    expect(code).toBe(2);
    expect(err).toContain('registry/duplicate-uri');
    expect((await greffier(root, ['validate', '--format=json'])).out).not.toContain('jumeau');
  });
});
