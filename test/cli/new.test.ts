import { describe, expect, it } from 'vitest';
import { scopeWords } from '#cli/interview/scope-words';
import { optionalScopes, restrictedScopes } from '#domain/definition/rules/scope/known-scopes';
import { registrySchemaPath, schemaAddress } from '#domain/definition/schema/schema-address';
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
  '', // nobody else may change the file
  'Pas bon', // refused: no name of a file
  '',
  '', // the answers are as they should be
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
        `# yaml-language-server: $schema=${schemaAddress}`,
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

  describe('with options', () => {
    const given = ['--name', 'Annuaire des élus', '--siret', '21999900000017'];
    const yamlWords =
      /crochet|tiret|bracket|hyphen|Ajoutez une ligne|Add a line|décalée|indented|liste `?\w+`? est vide|`\w+: …`/;
    async function refused(args: readonly string[], language: 'fr' | 'en' = 'fr') {
      const { root } = registryOnDisk({ 'service-providers/.gitkeep': '' });
      const { code, err } = await greffier(root, ['new', ...args], { language });
      expect(code).toBe(2);
      expect(err).not.toMatch(yamlWords);
      return { root, err };
    }

    it.each([
      ['nothing but a name', given],
      ['empty values', [...given, '--contact=', '--redirect-uri', ' ']],
      ['nothing of what production needs', [...given, '--environment', 'production']],
      [
        'nothing of what production needs on the RIE',
        [...given, '--environment', 'production', '--network', 'rie'],
      ],
      [
        'no SIRET and no name',
        ['--contact', 'dsi@ville-de-montfictif.fr', '--redirect-uri', 'http://localhost:3000/r'],
      ],
    ])('says which options are missing, and the command with them: %s', async (_name, args) => {
      for (const language of ['fr', 'en'] as const) {
        const { root, err } = await refused(args, language);
        // The command that it shows writes a definition, but for a number that is only an example.
        const command = /^ {2}greffier new (.*)$/m.exec(err)?.[1] ?? '';
        const words = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(
          ([, quoted, word]) => quoted ?? word ?? '',
        );
        const again = await greffier(root, ['new', ...words]);
        expect(again, again.err).toMatchObject({ code: 0 });
      }
    });

    it('shows the command for the registry that it was given, from where it was typed', async () => {
      const { root } = registryOnDisk({ 'un registre/service-providers/.gitkeep': '' });
      const { err } = await greffier(root, ['new', '--root', 'un registre', ...given]);
      expect(err).toMatch(/^ {2}greffier new --root 'un registre' --/m);
    });

    it('says of a malformed value what is wrong with it, and of which option', async () => {
      const { err } = await refused([...given, '--contact', 'dsi', '--redirect-uri', 'exemple']);
      expect(err).toMatch(/--contact {2}email\/format\n[^\n]*lui manque `@`/);
      expect(err).toMatch(/--redirect-uri {2}url\/invalid/);
    });
  });

  it('writes nothing when the answers stop', async () => {
    const { root } = registryOnDisk({ 'service-providers/.gitkeep': '' });
    const { code, err } = await greffier(root, ['new'], { answers: answers.slice(0, 8) });
    expect(code).toBe(2);
    expect(err).toContain('rien n’a été écrit');
  });

  /** A definition of integration, question by question; what a test says otherwise stands in its place. */
  function typed(other: Readonly<Record<string, readonly string[]>> = {}): readonly string[] {
    const lines: Readonly<Record<string, readonly string[]>> = {
      technical: ['dsi@agence-fictive.gouv.fr', ''],
      siret: ['13099990700012'],
      name: ['Portail des élus'],
      network: ['1'],
      environment: ['integration'],
      description: [''],
      redirectUris: ['http://localhost:3000/cb', ''],
      postLogout: [''],
      idToken: [''],
      userinfo: [''],
      scopes: [''],
      privateSector: ['non'],
      support: [''],
      owners: [''],
      id: [''],
      summary: [''],
    };
    return Object.entries(lines).flatMap(([name, own]) => other[name] ?? own);
  }

  const portal = 'service-providers/internet/integration/portail-des-elus.yaml';

  async function interview(other: Readonly<Record<string, readonly string[]>>) {
    const { root, read } = registryOnDisk({ 'service-providers/.gitkeep': '' });
    const ran = await greffier(root, ['new'], { answers: typed(other) });
    return { ...ran, read };
  }

  it('shows what it understood of an answer, and takes it by an empty line', async () => {
    const { code, err, read } = await interview({
      technical: ['DSI@agence-fictive.gouv.fr; <web@agence-fictive.gouv.fr>', '', '', ''],
      siret: ['« 130 999 907 00012 »', ''],
      name: ['"Portail des élus"', ''],
      network: ['« internet »'],
      environment: ['Intégration'],
      redirectUris: ['<https://recette.agence-fictive.gouv.fr/cb>', '', ''],
      owners: ['@camille-dupont', '', ''],
    });
    expect(err).toContain('Compris : `13099990700012`.');
    expect(err).not.toContain('✗');
    expect(code).toBe(0);
    const text = read(portal);
    for (const line of [
      '    - dsi@agence-fictive.gouv.fr',
      '    - web@agence-fictive.gouv.fr',
      '  siret: "13099990700012"',
      'name: Portail des élus',
      'environment: integration',
      '  - https://recette.agence-fictive.gouv.fr/cb',
      '  - camille-dupont',
    ])
      expect(text.split('\n')).toContain(line);
  });

  it('takes another answer in the place of what it understood', async () => {
    const { read } = await interview({ siret: ['130 999 907 00012', '21999900000017'] });
    expect(read(portal)).toContain('siret: "21999900000017"');
  });

  it('speaks of what is typed, and not of how it stands in the file', async () => {
    const { code, err } = await interview({
      technical: [
        '',
        'dsi@agence-fictive.gouv.fr et web@agence-fictive.gouv.fr',
        'dsi@agence-fictive.gouv.fr',
        '',
      ],
      siret: ['DINUM', '2,19999E+13', 'À COMPLÉTER', 'DINUM 13099990700012', '13099990700012'],
      redirectUris: [
        'http://localhost:3000/cb ou http://localhost:3000/retour',
        'http://localhost:3000/cb',
        '',
      ],
    });
    expect(code).toBe(0);
    expect(err).toContain('Il faut au moins une réponse ici.');
    expect(err).toContain(
      '`DINUM` n’est pas un SIRET. Indiquez les 14 chiffres de l’établissement, que donne',
    );
    expect(err).toContain('`À COMPLÉTER` est à remplacer. Écrivez à la place les 14 chiffres du SIRET');
    expect(err).toContain('`DINUM 13099990700012` n’est pas seulement un SIRET. Gardez ses 14 chiffres');
    expect(err).toContain('Une seule adresse par ligne');
    expect(err).toContain('Une seule URL par ligne');
    const toType = err.slice(0, err.indexOf('Voici ce qui sera écrit'));
    expect(toType).not.toMatch(/guillemets|tiret|YAML|`"/);
    const { root } = registryOnDisk({ 'service-providers/.gitkeep': '' });
    const refused = await greffier(root, ['new', '--name', 'A', '--siret', 'DINUM', '--contact', 'dsi']);
    expect(refused.err).toContain('`DINUM` n’est pas un SIRET.');
    expect(refused.err).not.toMatch(/guillemets/);
  });

  it('goes back, as far as one likes, and keeps what was answered', async () => {
    const { err, read } = await interview({
      network: ['<', '<', '21999900000017', '', '1'],
      redirectUris: [
        'https://un.agence-fictive.gouv.fr/cb',
        '<',
        '<',
        '',
        'https://deux.agence-fictive.gouv.fr/cb',
        '',
      ],
    });
    expect(err.split('\n')[1]).toContain('tapez <');
    expect(err).toContain('Votre réponse : `Portail des élus`');
    expect(read(portal)).toContain('siret: "21999900000017"');
    expect(read(portal)).toContain('redirect_uris:\n  - https://deux.agence-fictive.gouv.fr/cb\n');
  });

  it('takes the beginning of a choice for it, where no other begins so', async () => {
    const begun = answers.map((answer) => (answer === '2' ? 'Prod.' : answer));
    const { root } = registryOnDisk({ 'service-providers/.gitkeep': '' });
    const { code, out, err } = await greffier(root, ['new'], { answers: begun });
    expect(out).toContain('service-providers/rie/production/portail-des-agents.yaml');
    expect({ code, refused: err.match(/Répondez par/g)?.length }).toEqual({ code: 0, refused: 2 });
  });

  it('says of a name of the file that will not do, and of nothing else, that it will not do', async () => {
    const { root } = registryOnDisk({ 'service-providers/.gitkeep': '' });
    const options = ['--name', 'Annuaire', '--siret', '21999900000017', '--environment', 'integration'];
    const others = ['--contact', 'dsi@agence-fictive.gouv.fr', '--redirect-uri', 'http://localhost:3000/cb'];
    for (const id of ['../../x', 'Annuaire', 'annuaire.yaml', 'a']) {
      const { code, out, err } = await greffier(root, ['new', ...options, ...others, '--id', id]);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toContain(`--id ne peut pas valoir \`${id}\``);
      expect(err).not.toContain('--contact');
    }
  });

  it('shows every answer before it writes, and changes those that it is asked to', async () => {
    const { err, out, read } = await interview({
      summary: [
        '3',
        'Portail des maires',
        '99',
        '5',
        'production',
        'H5137',
        'Suivre les dossiers',
        'aide@agence-fictive.gouv.fr',
        '',
        'https://portail.agence-fictive.gouv.fr/cb',
        '',
        '',
      ],
    });
    expect(err).toContain('   2  SIRET');
    expect(err).toContain('Il reste à corriger avant d’écrire le fichier');
    expect(out).toContain('service-providers/internet/production/portail-des-elus.yaml');
    const text = read('service-providers/internet/production/portail-des-elus.yaml');
    expect(text).toContain('name: Portail des maires');
    expect(text).toContain('datapass: H5137');
    expect(text).toContain('redirect_uris:\n  - https://portail.agence-fictive.gouv.fr/cb\n');
  });

  it('says what the RIE is, what every service receives, what each scope is for, and what comes next', async () => {
    const { err } = await interview({});
    expect(err).toContain('Réseau interministériel de l’État (RIE)');
    for (const scope of [...optionalScopes, ...restrictedScopes]) {
      expect(err).toContain(`    ${scope} `);
      expect(scopeWords[scope]).toBeDefined();
    }
    expect(err).toContain('Tout service reçoit : le prénom');
    expect(err).toMatch(
      /1\. .*git switch[\s\S]*2\. .*git commit[\s\S]*3\. .*git push[\s\S]*4\. .*pull request/,
    );
  });

  it('says to go to the registry first, when it is elsewhere', async () => {
    const { root } = registryOnDisk({ 'service-providers/.gitkeep': '' });
    const elsewhere = await greffier('/', ['new', '--root', root], { answers: typed() });
    expect(elsewhere.err).toContain(`1. Mettez le fichier sur une branche : cd ${root} && git switch`);
    const { root: here } = registryOnDisk({ 'service-providers/.gitkeep': '' });
    const there = await greffier(here, ['new'], { answers: typed() });
    expect(there.err).toContain('1. Mettez le fichier sur une branche : git switch');
  });

  it('names the schema that the registry holds, when it holds one', async () => {
    const { root, read } = registryOnDisk({ 'service-providers/.gitkeep': '', [registrySchemaPath]: '{}' });
    await greffier(root, ['new'], { answers: typed() });
    expect(read(portal)).toMatch(/^# yaml-language-server: \$schema=\.\.\/\.\.\/\.\.\/schemas\//);
  });

  it('proposes a name of its own when a file has the name of the service', async () => {
    const { root, read } = registryOnDisk({ 'service-providers/.gitkeep': '', [portal]: 'name: là' });
    const answers = typed({ name: ['Portail des élus'], id: ['portail-des-elus', ''] });
    const { code, err } = await greffier(root, ['new'], { answers });
    expect(code).toBe(0);
    expect(err).toContain('existe déjà');
    expect(read(portal)).toBe('name: là');
    expect(read(portal.replace('.yaml', '-2.yaml'))).toContain('Portail des élus');
  });

  it('asks again, instead of giving up, for what another definition has', async () => {
    const there = 'service-providers/internet/integration/autre.yaml';
    const uri = 'https://recette.agence-fictive.gouv.fr/cb';
    const { root, read } = registryOnDisk({
      [there]: definition(
        `name: Autre
redirect_uris:
  - ${uri}
post_logout_redirect_uris: []`,
        'internet/integration',
      ),
    });
    const answers = typed({
      redirectUris: [uri, ''],
      summary: ['', 'https://recette.agence-fictive.gouv.fr/autre', '', ''],
    });
    const { code, err } = await greffier(root, ['new'], { answers });
    expect(err).toContain('Il reste à corriger');
    expect(code).toBe(0);
    expect(read(portal)).toContain('/autre\n');
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
    expect(err).toContain('Il manque --datapass');
    expect(err).toContain('--siret');
    expect(err).toContain('--datapass');
    // The file that was not written is not named; the one of integration, where an address belongs, is.
    expect(err).not.toMatch(/\/production\/\S*\.yaml/);
    const spaced = await greffier(root, [...options, '--siret=130 999 907 00012']);
    expect(spaced.err).toContain('Écrivez : `--siret 13099990700012`');
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
