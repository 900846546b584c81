import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readConfiguration } from '#base/config/config-file';
import { configurationSchema } from '#base/config/config-schema';
import { startupErrorText } from '#base/config/startup-errors';

const full = `registry: org/registre
cells:
  internet/integration:
    provider: proconnect
    url: https://api-partenaires.example.gouv.fr
    secret: \${PROCONNECT_SECRET}
    identity_domain: registre.example.gouv.fr
    portal: https://partenaires.example.gouv.fr/apps
    issuer: https://fca.example.gouv.fr/api/v2
  internet/production: { provider: manual, issuer: https://auth.example.gouv.fr, repository: org/demandes }
  rie/integration:
    provider: registration
    issuer: https://idp.example.gouv.fr
    initial_access_token: \${IDP_TOKEN}
sweep: 90s
forget_after: 7d
removal_delay: 2d
front_desk:
  sign_in: { issuer: https://idp.example.gouv.fr, client_id: guichet, client_secret: "\${DESK_SECRET}" }
  operators: [Adele@example.gouv.fr]
  catalogue: public
`;
const environment = { PROCONNECT_SECRET: 'canary-1', IDP_TOKEN: 'canary-2', DESK_SECRET: 'canary-3' };

function errorsOf(text: string, given: Record<string, string> = environment): readonly string[] {
  const read = readConfiguration(text, 'c.yaml', given);
  return read.ok ? [] : read.errors.map((message) => startupErrorText(message, 'en'));
}

/** How a configuration asks for a variable of the environment. */
const token = '$' + '{TOKEN}';

describe('the configuration', () => {
  it('says all that the operator decides, with secrets from the environment', () => {
    const read = readConfiguration(full, 'c.yaml', environment);
    if (!read.ok) return expect.fail(JSON.stringify(read.errors));
    expect(read.configuration).toMatchObject({
      registry: 'org/registre',
      sweep: 90,
      removalDelay: 172_800,
      forgetAfter: 604_800,
      cells: {
        'internet/integration': { provider: 'proconnect', identityDomain: 'registre.example.gouv.fr' },
        'internet/production': { provider: 'manual', repository: 'org/demandes' },
        'rie/integration': { provider: 'registration' },
      },
      frontDesk: {
        signIn: { issuer: 'https://idp.example.gouv.fr', clientId: 'guichet' },
        operators: ['adele@example.gouv.fr'],
        catalogue: true,
      },
    });
    expect(read.configuration.frontDesk?.signIn?.clientSecret.reveal()).toBe('canary-3');
    const cell = read.configuration.cells['internet/integration'];
    expect(cell?.provider === 'proconnect' && cell.secret.reveal()).toBe('canary-1');
    expect(inspect(read, { depth: null }) + JSON.stringify(read)).not.toContain('canary');
  });

  it('refuses two cells whose clients nothing would tell apart at their partner API', () => {
    const cell = (changes: object = {}) => ({
      provider: 'proconnect',
      url: 'https://api.example.gouv.fr',
      secret: 'x',
      identity_domain: 'registre.example.gouv.fr',
      issuer: 'https://fca.example.gouv.fr/api/v2',
      ...changes,
    });
    const errors = (other: object) =>
      errorsOf(JSON.stringify({ cells: { 'internet/integration': cell(), 'rie/integration': cell(other) } }));
    for (const same of [
      {},
      { url: 'https://api.example.gouv.fr/' },
      { identity_domain: 'registre.example.gouv.fr' },
    ])
      expect(errors(same)).toEqual([expect.stringMatching(/`internet\/integration` and `rie\/integration`/)]);
    expect(errors({ identity_domain: 'rie.example.gouv.fr' })).toEqual([]);
    expect(errors({ url: 'https://api.rie.example.gouv.fr' })).toEqual([]);
  });

  it.each([
    [
      'issuer: https://idp.example.gouv.fr',
      'issuer: "https://idp\\u200b.example.gouv.fr"',
      13,
      'issuer',
      'U+200B',
    ],
    ['portal: https', 'portal: \u202ehttps', 8, 'portal', 'U+202E'],
    ['identity_domain: registre', 'identity_domain: "re\\u0007gistre"#', 7, 'identity_domain', 'U+0007'],
    ['registry: org/registre', 'registry: org/regi\u00adstre', 1, 'registry', 'U+00AD'],
  ])('names the place of what nobody sees: %s', (plain, hiding, line, key, character) => {
    const text = full.replace(plain, hiding).replace('"#.example.gouv.fr', '.example.gouv.fr"');
    expect(errorsOf(text)).toEqual([
      `\`c.yaml\`, line ${line}: the value of \`${key}\` holds a character that nobody sees (\`${character}\`), which came by copying. Delete it and type it anew.`,
    ]);
  });

  it('has defaults for everything', () => {
    const read = readConfiguration('', 'c.yaml', {});
    expect(read).toEqual({
      ok: true,
      configuration: { cells: {}, sweep: 300, removalDelay: 604_800, forgetAfter: 7_776_000 },
    });
  });

  it.each([
    [
      'a variable that is not set',
      full,
      { IDP_TOKEN: 'x', DESK_SECRET: 'x' },
      'line 6: `secret` asks for the environment variable `PROCONNECT_SECRET`',
    ],
    [
      'an unknown key',
      'registy: org/r\n',
      {},
      'line 1: there is no key `registy`. Possible keys: `registry`',
    ],
    [
      'an unknown cell',
      'cells:\n  intranet/integration: { provider: manual }\n',
      {},
      'line 2: there is no key `cells.intranet/integration`',
    ],
    [
      'an unknown provider',
      'cells:\n  rie/integration:\n    provider: magic\n',
      {},
      'line 3: the value of `cells.rie/integration.provider` does not fit. Write `proconnect`, `registration`, `manual`.',
    ],
    [
      'a missing key',
      'cells:\n  rie/integration:\n    provider: registration\n',
      {},
      '`cells.rie/integration.issuer` is missing',
    ],
    [
      'a key of another provider',
      'cells:\n  rie/integration:\n    provider: manual\n    url: https://a.fr\n',
      {},
      'line 4: there is no key `cells.rie/integration.url`',
    ],
    ['a duration in words', 'sweep: often\n', {}, 'line 1: the value of `sweep` does not fit'],
    [
      'a registry that is no repository',
      '\nregistry: https://github.com/org/r\n',
      {},
      'line 2: the value of `registry` does not fit',
    ],
    [
      'half a sign-in',
      'front_desk:\n  sign_in:\n    issuer: https://idp.example.gouv.fr\n',
      {},
      'line 3: `front_desk.sign_in.client_id` is missing',
    ],
    [
      'a catalogue for some',
      'front_desk:\n  catalogue: some\n',
      {},
      'line 2: the value of `front_desk.catalogue`',
    ],
    [
      'an operator without an address',
      'front_desk:\n  operators: [adele]\n',
      {},
      'line 2: the value of `front_desk.operators.0`',
    ],
    ['broken YAML', 'registry: [\n', {}, 'this is not readable YAML'],
    ['a tab', 'cells:\n\trie/integration: {}\n', {}, 'line 2: a tab is used as indentation'],
    ['a key twice', 'sweep: 5m\nsweep: 6m\n', {}, 'line 2: `sweep` is written twice'],
    [
      'a variable between braces',
      `cells:\n  rie/integration: { provider: registration, initial_access_token: ${token} }\n`,
      {},
      `line 2: between braces YAML cannot read \`${token}\` without quotes. Write \`"${token}"\`.`,
    ],
    ['braces that are not closed', `cells: { rie/integration: "${token}"\n`, {}, 'this is not readable YAML'],
    ['a list', '- a\n', {}, '`c.yaml` must hold fields'],
    ['a number', 'sweep: 5\n', {}, 'Write it like this: `30s`, `5m`, `12h`, `7d`'],
    ['a memory of less than a week', 'forget_after: 6d\n', {}, 'Write it like this: `90d`'],
  ])('is refused with %s, which is named with its place', (_what, text, given, expected) => {
    expect(errorsOf(text, given as Record<string, string>).join('\n')).toContain(expected);
  });

  it('has a front desk only where it says so, by itself without sign-in and without a catalogue', () => {
    const read = readConfiguration('front_desk: {}\n', 'c.yaml', {});
    expect(read.ok && read.configuration.frontDesk).toEqual({ operators: [], catalogue: false });
  });

  it('says all that is wrong at once, and never a value that may be secret', () => {
    const text = `registry: 7\nsweep: \${CANARY}\ncells:\n  rie/integration: { provider: proconnect, url: "\${CANARY}" }\n`;
    const errors = errorsOf(text, { CANARY: 'canary-value' });
    expect(errors.length).toBeGreaterThanOrEqual(3);
    expect(errors.join('\n')).not.toContain('canary-value');
  });

  it('has its schema beside the others, for editors', () => {
    const file = readFileSync(join(import.meta.dirname, '../../../schemas/config.v1.schema.json'), 'utf8');
    expect(JSON.parse(file)).toEqual(configurationSchema);
  });
});
