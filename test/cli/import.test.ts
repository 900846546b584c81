/** Beginning with what is there: the form's export, lists of clients with the faults that real ones have, a real provider. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as openid from 'openid-client';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { startLocalOpenIdProvider } from '#demo/openid-provider';
import { startDirectory } from '../application/directory.ts';
import { engines, opened, type Scratch } from '../infrastructure/database/engines.ts';
import { partnerSecret, startPartnerApi } from '../infrastructure/identity-providers/partner-api.ts';
import { greffier } from './console.ts';
import { registryOnDisk } from './registry-on-disk.ts';

const labels = [
  'Email',
  'Établissement SIRET',
  'Nom du Fournisseur de Services',
  'Réseau(x) du Fournisseur de Services',
  'Environnement du Fournisseur de Services',
  'Numéro de DataPass validé',
  'Courte description du service rendu',
  'URLs de redirection de connexion',
  'URLs de redirection de déconnexion',
  'Plages / adresses IP',
  'Algorithme de signature id_token',
  'Algorithme de signature userinfo',
  'Utilisez-vous des scopes non obligatoires ?',
  'Voulez-vous ouvrir l’application aux personnes professionnelles du privé ?',
  'Email du support de votre application',
];
const quoted = (cells: readonly string[]) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(';');
const request = [
  'DSI@agence-fictive.gouv.fr',
  '130 999 907 00012',
  'Suivi des subventions',
  'Internet',
  'Production',
  'h 4821',
  'Permet de suivre les aides',
  'https://subventions.agence-fictive.gouv.fr/cb\nhttps://www.subventions.agence-fictive.gouv.fr/cb',
  'https://subventions.agence-fictive.gouv.fr/fin',
  '',
  'RS256',
  'Aucun (les informations seront renvoyées au format JSON)',
  'organizational_unit, pour orienter les dossiers',
  'Non',
  'aide@agence-fictive.gouv.fr',
];

/** Clients as ProConnect keeps them: every tenth with one of the faults that people make or systems leave behind. */
function generatedClients(count: number) {
  const faults: readonly ((client: Record<string, unknown>) => void)[] = [
    (client) => (client.redirect_uris = ['https://a.fr/#/cb']),
    (client) => (client.redirect_uris = ['https://*.agence-fictive.gouv.fr/cb']),
    (client) => (client.redirect_uris = ['http://agence-fictive.gouv.fr/cb']),
    (client) => (client.redirect_uris = ['http://localhost:3000/cb']),
    (client) => (client.redirect_uris = []),
    (client) => delete client.post_logout_redirect_uris,
    (client) => (client.redirect_uris = 'https://a.fr/cb'),
    (client) => (client.name = 'Webconférence de l’État'),
    (client) => (client.name = `${client.name} é`.normalize('NFD')),
    (client) => (client.name = ''),
    (client) => (client.id_token_signed_response_alg = null),
    (client) => (client.id_token_signed_response_alg = 'PS256'),
    (client) => (client.scopes = [...(client.scopes as string[]), 'profile']),
    (client) => (client.scopes = [...(client.scopes as string[]), 'siren']),
    (client) => (client.scopes = ['openid', 'email']),
    (client) => (client.active = false),
    (client) => delete client.key,
    (client) => (client.collaborators = ['DSI@Agence-fictive.gouv.fr']),
    (client) => (client.redirect_uris = ['https://un.agence-fictive.gouv.fr/cb;jsessionid=1']),
  ];
  let faulty = 0;
  const clients: Record<string, unknown>[] = Array.from({ length: count }, (_one, n) => ({
    _id: n.toString(16).padStart(24, '0'),
    key: `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`,
    client_secret: `secret-${n}`,
    name: `Service numéro ${n} ${['Ain', 'Lot', 'Tarn', 'Var'][n % 4]}`,
    redirect_uris: [`https://service${n}.agence-fictive.gouv.fr/cb`],
    post_logout_redirect_uris: n % 3 === 0 ? [] : [`https://service${n}.agence-fictive.gouv.fr/`],
    id_token_signed_response_alg: 'RS256',
    userinfo_signed_response_alg: n % 5 === 0 ? null : 'RS256',
    scopes: [
      'openid',
      'given_name',
      'usual_name',
      'email',
      'uid',
      'siret',
      'phone',
      'idp_id',
      'custom',
      'roles',
      'organization_label',
    ],
    collaborators: ['dsi@agence-fictive.gouv.fr'],
    type: n % 2 === 0 ? 'public' : 'private',
    active: true,
  }));
  for (let n = 3; n < count; n += 10) {
    faults[faulty % faults.length]?.(clients[n] ?? {});
    faulty++;
  }
  // Twins: a creation that was replayed.
  clients.push({ ...clients[0], _id: 'f'.repeat(24), key: 'ffffffff-0000-4000-8000-000000000000' });
  return { clients, undecided: faulty + 2 };
}

/** Windows-1252, as far as the letters of these tests go. */
const latin1 = (text: string) => Buffer.from(text.replaceAll('\u2019', '\x92'), 'latin1');

describe('import and adopt', () => {
  let store: Scratch;
  beforeEach(async () => {
    store = await (engines[0] ?? expect.fail()).scratch();
    await (await opened(store.location)).close();
    vi.stubEnv('GREFFIER_DATA', 'folder' in store.location ? store.location.folder : '');
    vi.stubEnv('GREFFIER_KEY', randomBytes(32).toString('base64'));
    vi.stubEnv('DATABASE_URL', '');
    vi.stubEnv('DATAPASS_URL', 'http://127.0.0.1:9');
    vi.stubEnv('ENTREPRISES_URL', 'http://127.0.0.1:9');
    for (const name of ['APP_ID', 'PRIVATE_KEY', 'GITHUB_TOKEN', 'GHE_HOST']) vi.stubEnv(name, '');
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await store.remove();
  });
  const registry = (files: Readonly<Record<string, string>>, cells: string) => {
    const disk = registryOnDisk({
      'service-providers/.gitkeep': '',
      'greffier.config.yaml': `registry: org/registre\ncells:\n${cells}`,
      ...files,
    });
    vi.stubEnv('GREFFIER_CONFIG', join(disk.root, 'greffier.config.yaml'));
    return disk;
  };
  const definitionsIn = (root: string, cell: string) => {
    const folder = join(root, 'service-providers', cell);
    return existsSync(folder) ? readdirSync(folder) : [];
  };

  it('writes what the form asked for, put right where that is certain, and says what is not', async () => {
    const both = request
      .with(2, 'Autre service')
      .with(3, 'les deux')
      .with(7, 'https://autre.agence-fictive.gouv.fr/cb');
    const vague = request
      .with(2, 'Troisième')
      .with(7, 'https://trois.agence-fictive.gouv.fr/cb')
      .with(8, '')
      .with(12, 'le grade');
    const csv = [labels, request, both, vague].map(quoted).join('\r\n');
    const { root, read } = registry(
      { 'export.csv': `\ufeff${csv}` },
      '  internet/production: {provider: manual}\n',
    );
    const { code, out } = await greffier(root, ['import', 'export.csv', '--from=demarches']);
    expect(out).toContain('1 définition écrite, 2 à décider');
    expect(out).toContain('Le réseau n’est pas clair : `les deux`');
    expect(out).toContain('Les scopes sont demandés en toutes lettres : `le grade`');
    expect(code).toBe(1);
    const text = read('service-providers/internet/production/suivi-des-subventions.yaml');
    expect(text).toContain('siret: "13099990700012"');
    expect(text).toContain('datapass: H4821');
    expect(text).toContain('description: Suivre les aides');
    expect(text).toContain('- dsi@agence-fictive.gouv.fr');
    expect(text).toContain('userinfo_signed_response_alg: none');
    expect(text).toContain('scope: organizational_unit');
    expect((await greffier(root, ['validate'])).code).toBe(0);
    const again = await greffier(root, ['import', 'export.csv', '--from=demarches']);
    expect(again.out).toMatch(/^1 déjà là, 2 à décider/m);
  });

  it('reads an answer that is a list with bullets or numbers', async () => {
    const listed = request
      .with(7, '• https://un.agence-fictive.gouv.fr/cb\n2. https://deux.agence-fictive.gouv.fr/cb')
      .with(8, '-');
    const { root, read } = registry(
      { 'export.csv': [labels, listed].map(quoted).join('\r\n') },
      '  internet/production: {provider: manual}\n',
    );
    const { code, out } = await greffier(root, ['import', 'export.csv', '--from=demarches']);
    expect({ code, out }).toEqual({ code: 0, out: '1 définition écrite.\n' });
    expect(read('service-providers/internet/production/suivi-des-subventions.yaml')).toContain(
      [
        'redirect_uris:',
        '  - https://un.agence-fictive.gouv.fr/cb',
        '  - https://deux.agence-fictive.gouv.fr/cb',
        'post_logout_redirect_uris: []',
      ].join('\n'),
    );
  });

  it('writes nothing where something else is called so, says what, and goes on with the others', async () => {
    const two = request.with(2, 'Autre service').with(7, 'https://autre.agence-fictive.gouv.fr/cb');
    const path = 'service-providers/internet/production/suivi-des-subventions.yaml';
    const { root } = registry(
      {
        'export.csv': `\ufeff${[labels, request, two].map(quoted).join('\r\n')}`,
        // A folder: nothing that anyone would take for a definition.
        [`${path}/notes.txt`]: 'x',
      },
      '  internet/production: {provider: manual}\n',
    );
    const { code, out, err } = await greffier(root, [
      'import',
      'export.csv',
      '--from=demarches',
      '--report=r.json',
    ]);
    expect(err).toBe('');
    expect(out).toContain('1 définition écrite, 1 à décider');
    expect(out).toContain(`Quelque chose porte déjà le nom \`${path}\``);
    expect(code).toBe(1);
    const report = JSON.parse(readFileSync(join(root, 'r.json'), 'utf8')) as { outcome: string }[];
    expect(report.map(({ outcome }) => outcome)).toEqual(['undecided', 'written']);
    expect(statSync(join(root, 'r.json')).mode & 0o777).toBe(0o600);
    expect(definitionsIn(root, 'internet/production')).toContain('autre-service.yaml');
  });

  it('takes in 2,000 clients with their faults: nothing lost, no key changed, and then there is nothing to do', async () => {
    const { clients, undecided } = generatedClients(2_000);
    const completion = [
      'client_id,siret,datapass,description,support',
      ...clients
        .flatMap(({ key }) => key ?? [])
        .map((key) => `${key},13099990700012,H4821,Suivre les dossiers,aide@agence-fictive.gouv.fr`),
    ].join('\n');
    const { root } = registry(
      { 'clients.json': JSON.stringify(clients), 'complements.csv': completion },
      '  internet/production: {provider: manual}\n',
    );
    const args = [
      'import',
      'clients.json',
      '--from=clients',
      '--cell=internet/production',
      '--complete=complements.csv',
    ];
    const first = await greffier(root, [...args, '--report=rapport.json']);
    expect(first.err).toBe('');
    expect(first.code).toBe(1);
    const report = JSON.parse(readFileSync(join(root, 'rapport.json'), 'utf8')) as {
      outcome: string;
      reasons?: object[];
    }[];
    expect(report).toHaveLength(clients.length);
    const written = report.filter(({ outcome }) => outcome === 'written').length;
    expect(
      report.filter(({ outcome, reasons = [] }) => outcome === 'undecided' && reasons.length > 0),
    ).toHaveLength(undecided);
    expect(written).toBe(clients.length - undecided);
    expect(definitionsIn(root, 'internet/production')).toHaveLength(written);
    expect(first.out + readFileSync(join(root, 'rapport.json'), 'utf8')).not.toContain('secret-');
    expect((await greffier(root, ['validate'])).code).toBe(0);
    const kept = await greffier(root, args);
    expect(kept.out).toMatch(new RegExp(`^${written} déjà là, ${undecided} à décider`, 'm'));

    const adopted = await greffier(root, ['adopt', 'clients.json', '--cell=internet/production']);
    expect(adopted.err).toBe('');
    expect(adopted.out).toContain(`${written} clients rattachés à leur définition, ${undecided} laissés`);
    const again = await greffier(root, ['adopt', 'clients.json', '--cell=internet/production']);
    expect(again.out).toMatch(new RegExp(`^${written} déjà rattachés, ${undecided} laissés\\.$`, 'm'));
    const planned = await greffier(root, ['plan', '--format=json']);
    expect(planned.err).toBe('');
    expect(JSON.parse(planned.out)).toMatchObject({ steps: [] });
    expect(planned.code).toBe(0);
    const log = await greffier(root, ['log', 'service-numero-1-lot']);
    expect(JSON.parse(log.out)).toMatchObject({ what: 'adopted', clientId: clients[1]?.key });
  }, 300_000);

  it('adopts the clients of a real provider, changes the very same afterwards, and hands over no keys again', async () => {
    const provider = await startLocalOpenIdProvider();
    onTestFinished(() => provider.stop());
    vi.stubEnv('IDP_TOKEN', provider.initialAccessToken);
    const directory = await startDirectory();
    onTestFinished(() => directory.stop());
    vi.stubEnv('ENTREPRISES_URL', directory.url);
    const made = await openid.dynamicClientRegistration(
      new URL(provider.issuer),
      {
        client_name: 'Agenda',
        redirect_uris: ['https://agenda.agence-fictive.gouv.fr/cb'],
        contacts: ['dsi@agence-fictive.gouv.fr'],
        id_token_signed_response_alg: 'RS256',
        userinfo_signed_response_alg: 'RS256',
        token_endpoint_auth_method: 'client_secret_post',
        scope: 'openid given_name usual_name email uid siret phone idp_id custom roles organization_label',
      },
      undefined,
      { execute: [openid.allowInsecureRequests], initialAccessToken: provider.initialAccessToken },
    );
    const document = { post_logout_redirect_uris: [], ...made.clientMetadata() };
    const { root, read } = registry(
      {
        'clients.json': JSON.stringify([document]),
        'complements.csv': `client_id;siret\n${document.client_id};13099990700012\n`,
      },
      `  internet/integration: {provider: registration, issuer: "${provider.issuer}", initial_access_token: "\${IDP_TOKEN}"}\n`,
    );
    const cell = '--cell=internet/integration';
    const imported = await greffier(root, [
      'import',
      'clients.json',
      '--from=clients',
      cell,
      '--complete=complements.csv',
    ]);
    expect(imported.out).toContain('1 définition écrite');
    expect(imported.out).toContain(
      'greffier adopt clients.json --cell internet/integration --complete complements.csv`',
    );
    const elsewhere = await greffier(root, ['import', 'clients.json', '--from=clients', cell, '--root=.']);
    expect(elsewhere.out).toContain('greffier adopt --root . clients.json --cell internet/integration`');
    expect((await greffier(root, ['plan'])).code).toBe(3);
    const adopted = await greffier(root, ['adopt', 'clients.json', cell]);
    expect(adopted).toMatchObject({ code: 0, err: '' });
    expect(await greffier(root, ['plan'])).toMatchObject({ code: 0, err: '' });
    const secrets = provider.secrets();
    const path = 'service-providers/internet/integration/agenda.yaml';
    writeFileSync(join(root, path), read(path).replace('/cb', '/retour'));
    const done = await greffier(root, ['reconcile']);
    expect(done.code, done.out + done.err).toBe(0);
    expect(provider.clients()).toMatchObject([
      { client_id: document.client_id, redirect_uris: ['https://agenda.agence-fictive.gouv.fr/retour'] },
    ]);
    expect(provider.secrets()).toEqual(secrets);
    const log = await greffier(root, ['log']);
    for (const secret of [...provider.secrets(), ...provider.managementTokens()])
      expect(log.out).not.toContain(secret);
  });

  it('leaves a client to a person that would lose what it signs in with at its first change', async () => {
    const of = (id: string, more: object = {}) => ({
      client_id: id,
      client_name: `Agenda ${id}`,
      redirect_uris: [`https://${id}.agence-fictive.gouv.fr/cb`],
      contacts: ['dsi@agence-fictive.gouv.fr'],
      id_token_signed_response_alg: 'RS256',
      userinfo_signed_response_alg: 'RS256',
      registration_client_uri: `https://idp.example.fr/reg/${id}`,
      registration_access_token: 'jeton',
      ...more,
    });
    // What servers tell of the clients that Greffier makes there.
    const usual = {
      token_endpoint_auth_method: 'client_secret_basic',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code', 'none'],
      application_type: 'web',
      subject_type: 'public',
      require_auth_time: false,
      jwks: { keys: [] },
      request_object_signing_alg: null,
    };
    const clients = [
      of('un', usual),
      of('deux', { token_endpoint_auth_method: 'private_key_jwt', jwks_uri: 'https://deux.example.fr/jwks' }),
      of('trois', { grant_types: ['client_credentials'], response_types: ['id_token'] }),
      of('quatre', { id_token_encrypted_response_alg: 'RSA-OAEP', subject_type: 'pairwise' }),
    ];
    const { root, read } = registry(
      {
        'clients.json': JSON.stringify(clients),
        'complements.csv': `client_id;siret\n${clients.map(({ client_id }) => `${client_id};13099990700012`).join('\n')}\n`,
      },
      '  internet/integration: {provider: registration, issuer: "https://idp.example.fr"}\n',
    );
    const cell = '--cell=internet/integration';
    const given = ['clients.json', cell, '--complete=complements.csv'];
    const { code, out } = await greffier(root, ['import', ...given, '--from=clients']);
    expect(code).toBe(1);
    expect(out).toContain('1 définition écrite, 3 à décider par une personne');
    for (const fields of [
      '`token_endpoint_auth_method`, `jwks_uri`',
      '`grant_types`, `response_types`',
      '`id_token_encrypted_response_alg`, `subject_type`',
    ])
      expect(out).toContain(`Une définition ne dit pas tout de ce client (${fields})`);
    // And where someone wrote the definition by hand.
    const path = (id: string) => `service-providers/internet/integration/agenda-${id}.yaml`;
    writeFileSync(join(root, path('deux')), read(path('un')).replaceAll(/\bun\b/g, 'deux'));
    const adopted = await greffier(root, ['adopt', ...given]);
    expect(adopted.out).toContain('1 client rattaché');
    expect(adopted.out).toMatch(/`deux`.*\n?.*il a ce qu’aucune définition ne dit/);
  });

  it('asks the partner API for the clients of a person, keeps their secrets to itself, and changes none', async () => {
    const api = await startPartnerApi();
    onTestFinished(() => api.close());
    const stored = {
      _id: 'a'.repeat(24),
      key: 'b'.repeat(64),
      client_secret: 'c'.repeat(64),
      name: 'Agenda',
      redirect_uris: ['https://agenda.agence-fictive.gouv.fr/cb'],
      post_logout_redirect_uris: [],
      id_token_signed_response_alg: 'RS256',
      userinfo_signed_response_alg: 'RS256',
      collaborators: ['dsi@agence-fictive.gouv.fr'],
      active: true,
    };
    api.clients.set(stored._id, stored);
    const cell = `  internet/integration: {provider: proconnect, url: "${api.url}", secret: ${partnerSecret}, identity_domain: registre.example.gouv.fr, portal: "https://p.example.fr/apps", issuer: "https://fca.integ01.dev-agentconnect.fr/api/v2"}\n`;
    const { root, read } = registry({ 'c.csv': `client_id,siret\n${stored.key},13099990700012\n` }, cell);
    const from = ['--cell=internet/integration', '--as=dsi@agence-fictive.gouv.fr'];
    const imported = await greffier(root, ['import', ...from, '--complete=c.csv']);
    expect(imported).toMatchObject({ code: 0, err: '' });
    const text = read('service-providers/internet/integration/agenda.yaml');
    expect(text + imported.out).not.toContain(stored.client_secret);
    expect(await greffier(root, ['adopt', ...from])).toMatchObject({ code: 0, err: '' });
    expect(new Set(api.asked)).toEqual(new Set(['GET /api/oidc_clients']));
    expect((await greffier(root, ['import', ...from.with(1, '--as=x@y.fr')])).out).toContain(
      '0 définition écrite',
    );
    expect((await greffier(root, ['import', from[0] ?? ''])).err).toContain('--as');
  });

  it('ties one client to one definition, and never takes it from another', async () => {
    const { clients } = generatedClients(2);
    const completion = `client_id,siret,datapass,description,support\n${clients.map(({ key }) => `${key},13099990700012,H4821,Suivre les dossiers,aide@agence-fictive.gouv.fr`).join('\n')}`;
    const { root } = registry(
      { 'clients.json': JSON.stringify(clients.slice(0, 2)), 'c.csv': completion },
      '  internet/production: {provider: manual}\n',
    );
    const cell = '--cell=internet/production';
    await greffier(root, ['import', 'clients.json', '--from=clients', cell, '--complete=c.csv']);
    const [one = '', other = ''] = definitionsIn(root, 'internet/production').map((name) =>
      name.replace('.yaml', ''),
    );
    expect(await greffier(root, ['adopt', one, 'abc', cell])).toMatchObject({ code: 0 });
    expect((await greffier(root, ['adopt', one, 'abc', cell])).out).toContain('1 déjà rattaché');
    for (const [id, client, words] of [
      [one, 'def', 'a déjà le client `abc`'],
      [other, 'abc', 'déjà celui de la définition'],
      ['absente', 'ghi', 'aucune définition'],
      [other, 'é è', 'pas un identifiant'],
    ] as const) {
      const { code, out } = await greffier(root, ['adopt', id, client, cell]);
      expect(out).toContain(words);
      expect(code).toBe(1);
    }
  });

  it('records no client of another server than that of the clients of its cell', async () => {
    const { clients } = generatedClients(2);
    const [one, other] = clients;
    const list = (client: object | undefined) =>
      JSON.stringify([
        { ...client, registration_client_uri: 'https://a.fr/r', registration_access_token: 't' },
      ]);
    const at = (issuer: string) =>
      `registry: org/registre\ncells:\n  internet/production: {provider: registration, issuer: "${issuer}", initial_access_token: t}\n`;
    const { root } = registry(
      {
        'one.json': list(one),
        'other.json': list(other),
        'c.csv': `client_id,siret,datapass,description,support\n${clients.map(({ key }) => `${key},13099990700012,H4821,Suivre les dossiers,aide@agence-fictive.gouv.fr`).join('\n')}`,
      },
      '',
    );
    const cell = '--cell=internet/production';
    writeFileSync(join(root, 'greffier.config.yaml'), at('https://un.example.fr'));
    for (const file of ['one.json', 'other.json'])
      await greffier(root, ['import', file, '--from=clients', cell, '--complete=c.csv']);
    expect(await greffier(root, ['adopt', 'one.json', cell])).toMatchObject({ code: 0, err: '' });
    writeFileSync(join(root, 'greffier.config.yaml'), at('https://deux.example.fr'));
    const { code, out, err } = await greffier(root, ['adopt', 'other.json', cell]);
    expect(err).toContain('greffier store moved internet/production');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    const retried = await greffier(root, ['reconcile', '--retry=internet/production/service-numero-0-ain']);
    expect(retried.err).toContain('greffier store moved internet/production');
  });

  it.each([
    ['Windows-1252, as Excel saves', (text: string) => latin1(text)],
    ['the separator that Excel declares', (text: string) => latin1(`sep=;\r\n${text}`)],
    ['UTF-16', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
  ])('reads the form’s export in %s', async (_name, encode) => {
    const named = request.with(2, 'Crèches de l\u2019été');
    const { root, read } = registry({}, '  internet/production: {provider: manual}\n');
    writeFileSync(join(root, 'export.csv'), encode([labels, named].map(quoted).join('\r\n')));
    const { out, code } = await greffier(root, ['import', 'export.csv', '--from=demarches']);
    expect(out).toContain('1 définition écrite');
    expect(code).toBe(0);
    // The apostrophe that ProConnect's console refuses is put right, as in any definition.
    expect(read('service-providers/internet/production/creches-de-l-ete.yaml')).toContain("Crèches de l'été");
  });

  it('takes nothing of a row that cannot be told, and says of columns that contradict each other', async () => {
    const other = request.with(2, 'Autre service').with(7, 'https://autre.agence-fictive.gouv.fr/cb');
    const twice = [labels, request, other].map((cells, row) =>
      quoted([...cells, row === 0 ? 'Email' : row === 1 ? '' : 'intrus@ailleurs.fr']),
    );
    const slipped = `${quoted(request.with(2, 'Troisième'))};"de trop";"encore"`;
    const open = `"x";"${request[1]};${request[2]}`;
    const { root } = registry(
      { 'export.csv': [...twice, slipped, open, quoted(other)].join('\r\n') },
      '  internet/production: {provider: manual}\n',
    );
    const { out, code } = await greffier(root, ['import', 'export.csv', '--from=demarches']);
    expect(out).toContain('1 définition écrite, 3 à décider');
    expect(out).toContain('Deux colonnes du tableau ont le libellé `Email` et se contredisent');
    expect(out).toContain('La ligne 4 du tableau ne se lit pas');
    expect(out).toContain('La ligne 5 du tableau ne se lit pas');
    expect(definitionsIn(root, 'internet/production')).toEqual(['suivi-des-subventions.yaml']);
    expect(code).toBe(1);
    // Nobody can tell of which cell such a row is: asking for one leaves it out of nothing.
    const ofCell = await greffier(root, [
      'import',
      'export.csv',
      '--from=demarches',
      '--cell=rie/integration',
    ]);
    expect(ofCell.out).toMatch(/^2 à décider/m);
  });

  it('takes up nothing that a person refused, and reads a value once where the export has it twice', async () => {
    const states = ['Refusé', 'Classé sans suite', 'Accepté', 'En instruction'];
    const rows = states.map((state, n) =>
      quoted([
        ...request
          .with(2, `Service ${'ABCD'[n]} des subventions`)
          .with(7, `https://s${n}.agence-fictive.gouv.fr/cb`),
        state,
        '13099990700012',
      ]),
    );
    const { root } = registry(
      { 'export.csv': [quoted([...labels, 'État du dossier', 'SIRET']), ...rows].join('\r\n') },
      '  internet/production: {provider: manual}\n',
    );
    const { out } = await greffier(root, ['import', 'export.csv', '--from=demarches']);
    expect(out).toContain('2 définitions écrites, 2 à décider');
    expect(out).toContain('l’export la dit `Refusé`');
    expect(out).toContain('l’export la dit `Classé sans suite`');
    expect(definitionsIn(root, 'internet/production')).toEqual([
      'service-c-des-subventions.yaml',
      'service-d-des-subventions.yaml',
    ]);
  });

  it('takes the same request twice for one, and two that cannot both be for a choice', async () => {
    const other = request.with(2, 'Autre service').with(7, 'https://autre.agence-fictive.gouv.fr/cb');
    const csv = [labels, request, request, other, other.with(2, 'Autre service corrigé')].map(quoted);
    const { root } = registry(
      { 'export.csv': csv.join('\r\n') },
      '  internet/production: {provider: manual}\n',
    );
    const { out, code } = await greffier(root, ['import', 'export.csv', '--from=demarches']);
    expect(out).toContain('1 définition écrite, 1 déjà là, 2 à décider');
    expect(out).toContain('autre-service.yaml` n’est pas écrit non plus : c’est le numéro 4 de la liste');
    expect(code).toBe(1);
  });

  it('loses nothing of what a person tells besides, and takes no word of it for another', async () => {
    const client = (key: string, name: string, uri: string) => ({
      key,
      name,
      redirect_uris: [uri],
      post_logout_redirect_uris: [],
      id_token_signed_response_alg: 'RS256',
      collaborators: ['dsi@agence-fictive.gouv.fr'],
      type: 'private',
      active: true,
    });
    const a = client('aaaa-1', 'Suivi des subventions', 'https://a.agence-fictive.gouv.fr/cb');
    const twice = client('bbbb-2', 'Agenda', 'https://b.agence-fictive.gouv.fr/cb');
    const { root, read } = registry(
      // As PowerShell writes it.
      { 'clients.json': '' },
      '  internet/production: {provider: manual}\n',
    );
    const list = JSON.stringify([a, a, twice, { ...twice, name: 'Agenda des élus' }]);
    writeFileSync(join(root, 'clients.json'), Buffer.from(`\ufeff${list}`, 'utf16le'));
    const complete = (...rows: readonly string[]) =>
      writeFileSync(join(root, 'c.csv'), latin1(rows.join('\r\n')));
    const args = ['--cell=internet/production', '--complete=c.csv'];
    const header = ' Client_ID ;siret;datapass;description;support;private_sector';
    const told = 'aaaa-1;13099990700012;H4821;Suivre les dossiers déposés;aide@agence-fictive.gouv.fr';
    for (const [rows, words] of [
      [['client_id;siret;contact', 'aaaa-1;1;x@y.fr'], 'ne connaît pas : `contact`'],
      [['client_id;siret;siret', 'aaaa-1;1;2'], 'ne connaît pas : `siret`'],
      [[header, `${told};VRAI`, `${told};FAUX`], 'deux choses différentes d’un même client (`aaaa-1`)'],
      [[header, `"${told};VRAI`], 'ne se lit pas, ligne `2`'],
    ] as const) {
      complete(...rows);
      const refused = await greffier(root, ['import', 'clients.json', ...args]);
      expect(refused.err).toContain(words);
      expect(refused.code).toBe(2);
    }
    complete(header, `${told};peut-être`);
    expect((await greffier(root, ['import', 'clients.json', ...args])).out).toContain(
      'écrivez `oui` ou `non`',
    );
    complete(header, `${told};VRAI`, `${told.replace('aaaa-1', 'zzzz')};VRAI`);
    const { out, err } = await greffier(root, ['import', 'clients.json', ...args]);
    expect(err).toContain('1 ligne n’est d’aucun client de la liste : `zzzz`');
    expect(out).toContain('1 définition écrite, 1 déjà là, 2 à décider');
    expect(out).toContain('plusieurs fois ce client, et chaque fois autrement (numéros `3`, `4`)');
    const written = read('service-providers/internet/production/suivi-des-subventions.yaml');
    expect(written).toContain('private_sector: true');
    expect(written).toContain('déposés');
    const adopted = await greffier(root, ['adopt', 'clients.json', ...args]);
    expect(adopted.out).toContain('1 client rattaché à sa définition, 1 déjà rattaché, 2 laissés');
  });

  it('says in which column to give what the list or the export does not, and proposes no adoption of nothing', async () => {
    const bare = [{ key: 'aaaa-1', name: 'Agenda', redirect_uris: ['https://a.fr/cb'], active: true }];
    const { root } = registry(
      {
        'clients.json': JSON.stringify(bare),
        'export.csv': [labels, request.with(5, '')].map(quoted).join('\r\n'),
      },
      '  internet/production: {provider: manual}\n',
    );
    const list = await greffier(root, ['import', 'clients.json', '--cell=internet/production']);
    for (const column of ['siret', 'contacts', 'support', 'datapass', 'description', 'private_sector'])
      expect(list.out).toContain(`colonne \`${column}\``);
    expect(list.out).toContain('(--complete FICHIER), puis recommencez');
    const form = await greffier(root, ['import', 'export.csv', '--from=demarches']);
    expect(form.out).toContain('Le champ `datapass` manque : sa colonne est vide dans l’export.');
    for (const { out } of [list, form]) {
      expect(out).not.toMatch(/Ajoutez une ligne|décalée|crochets/);
      expect(out).not.toContain('greffier adopt');
    }
  });

  it('leaves no part of a definition behind where the disk takes no more', () => {
    const long = request.with(
      7,
      Array.from({ length: 40 }, (_, n) => `https://s${n}.agence-fictive.gouv.fr/cb`).join('\n'),
    );
    const { root } = registry(
      { 'export.csv': [labels, long].map(quoted).join('\r\n') },
      '  internet/production: {provider: manual}\n',
    );
    const program = join(import.meta.dirname, '../../bin/greffier.js');
    const line = `ulimit -f 1 && exec "${process.execPath}" "${program}" import export.csv --from=demarches`;
    const ran = spawnSync('bash', ['-c', line], { cwd: root, encoding: 'utf8' });
    expect(ran.stderr).toContain('suivi-des-subventions.yaml');
    expect(ran.status).toBe(2);
    expect(definitionsIn(root, 'internet/production')).toEqual([]);
  });

  it('writes nothing without the report that it was asked for', async () => {
    const { root } = registry(
      { 'export.csv': [labels, request].map(quoted).join('\r\n'), 'r.json': 'à moi' },
      '  internet/production: {provider: manual}\n',
    );
    const { code, err } = await greffier(root, [
      'import',
      'export.csv',
      '--from=demarches',
      '--report=r.json',
    ]);
    expect(err).toContain('`r.json` existe déjà');
    expect(code).toBe(2);
    expect(readFileSync(join(root, 'r.json'), 'utf8')).toBe('à moi');
    expect(definitionsIn(root, 'internet/production')).toEqual([]);
  });

  it('says what it cannot read, and overwrites nothing', async () => {
    const { root } = registry(
      { 'x.json': '{', 'y.csv': 'a,b\n1,2\n', 'r.json': '', 'z.json': '[]' },
      '  internet/production: {provider: manual}\n',
    );
    const cell = '--cell=internet/production';
    for (const [args, words] of [
      [['import'], '--from'],
      [['import', 'absent.json', cell], 'Impossible de lire'],
      [['import', 'x.json', cell], 'liste de clients'],
      [['import', 'x.json'], '--cell'],
      [['import', 'y.csv', '--from=demarches'], 'Nom du Fournisseur de Services'],
      [['import', cell], 'n’est pas provisionnée par l’API'],
      [['import', 'z.json', cell, '--report=r.json'], 'existe déjà'],
      [['adopt', 'z.json'], 'quelle liste'],
      [
        ['import', 'z.json', '--cell=internet/prod'],
        'Valeurs possibles : `internet/integration`, `internet/prod',
      ],
    ] as const) {
      const { code, err } = await greffier(root, args);
      expect(err).toContain(words);
      expect(code).toBe(2);
    }
  });
});
