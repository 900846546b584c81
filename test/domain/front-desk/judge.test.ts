import { describe, expect, it } from 'vitest';
import { readDefinition } from '#domain/definition/read-definition';
import { serviceProviderSchema } from '#domain/definition/schema/service-provider-schema';
import { fields, unaskedKeys } from '#domain/front-desk/fields';
import { definitionOf, type FormValues, idOf, valuesOf } from '#domain/front-desk/form-values';
import { applyFix, correctedFile, judgeForm, reviewedFields } from '#domain/front-desk/judge';
import { fc } from '../../fast-check.ts';
import { hostileText } from '../../hostile-text.ts';

const sound: FormValues = {
  'organization.siret': '13002526500013',
  name: 'Agenda des associations',
  network: 'internet',
  environment: 'production',
  datapass: 'H4821',
  description: 'Gérer les agendas des associations',
  redirect_uris: 'https://agenda.montfictif.fr/oidc/callback',
  post_logout_redirect_uris: 'https://agenda.montfictif.fr/au-revoir',
  id_token_signed_response_alg: 'RS256',
  userinfo_signed_response_alg: 'ES256',
  'optional_scopes.siren': 'on',
  'optional_scopes.siren.justification': 'Regrouper les agents par organisme',
  private_sector: 'false',
  'contacts.support': 'aide@montfictif.fr',
  'contacts.technical': 'equipe-technique@montfictif.fr\r\nexploitation@montfictif.fr',
};
const said = (values: FormValues) =>
  judgeForm(values).findings.map(({ severity, field, line, rule }) =>
    [severity, field, line, rule].filter((part) => part !== undefined).join(' '),
  );

describe('what is pasted as a list', () => {
  it.each(['- ', '* ', '• ', '– ', '1. ', '2) ', '  ·  '])(
    'is read without the sign %j of its lines',
    (sign) => {
      const values = {
        ...sound,
        redirect_uris: `${sign}https://agenda.montfictif.fr/a\r\n${sign}https://agenda.montfictif.fr/b`,
        'contacts.technical': `${sign}equipe-technique@montfictif.fr\n-\n`,
      };
      expect(said(values)).toEqual([]);
      const { text } = definitionOf(values);
      expect(text).toContain(
        'redirect_uris:\n  - https://agenda.montfictif.fr/a\n  - https://agenda.montfictif.fr/b\n',
      );
      expect(text).toContain('technical:\n    - equipe-technique@montfictif.fr\n');
    },
  );
});

describe('the button of a fix', () => {
  it('says that a line becomes several, where what it writes is more than its last step', () => {
    const values = {
      ...sound,
      redirect_uris: 'https://agenda.montfictif.fr/a ; http://agenda.montfictif.fr/b',
    };
    const fix = judgeForm(values).findings.find(({ field }) => field === 'redirect_uris')?.fix;
    expect(fix?.title.key).toMatch(/#split$/);
    expect(applyFix(values, fix?.key ?? '').redirect_uris).toBe(
      'https://agenda.montfictif.fr/a\nhttps://agenda.montfictif.fr/b',
    );
  });
});

describe('the fields of the form', () => {
  it('are the keys of a definition, all but those that nobody is asked', () => {
    const leaves = Object.entries(serviceProviderSchema.properties).flatMap(([key, node]) =>
      'properties' in node ? Object.keys(node.properties).map((inner) => `${key}.${inner}`) : [key],
    );
    expect([...fields.map(({ name }) => name as string), ...unaskedKeys].sort()).toEqual(leaves.sort());
  });

  it('are needed where the schema says so', () => {
    const needed = (where: string) =>
      fields.filter((field) => field.needed === where).map(({ name }) => name);
    expect(needed('production')).toEqual(['datapass', 'description', 'private_sector', 'contacts.support']);
    expect(needed('rie')).toEqual(['ip_addresses']);
    expect(needed('never')).toEqual(['post_logout_redirect_uris', 'optional_scopes']);
  });
});

describe('the judgement of a form', () => {
  it('finds nothing in a sound one, whose file the very rules accept', () => {
    const { sound: isSound, definition, findings } = judgeForm(sound);
    expect(findings).toEqual([]);
    expect(isSound).toBe(true);
    expect(definition.path).toBe('service-providers/internet/production/agenda-des-associations.yaml');
    const read = readDefinition({ path: definition.path, bytes: new TextEncoder().encode(definition.text) });
    expect(read.definition?.contacts.technical).toEqual([
      'equipe-technique@montfictif.fr',
      'exploitation@montfictif.fr',
    ]);
  });

  it('speaks of fields and of their lines as they were written, empty ones counted', () => {
    expect(
      said({
        ...sound,
        'organization.siret': '130 025 265 00013',
        redirect_uris: 'https://agenda.montfictif.fr/cb\n\nhttp://agenda.montfictif.fr/cb2',
        'contacts.support': '',
        'optional_scopes.siren.justification': 'pour',
        'optional_scopes.groups': 'Partager les dossiers avec les groupes',
        id: 'Mon Agenda',
      }),
    ).toEqual([
      'error organization.siret siret/format',
      'error redirect_uris 3 url/https-required',
      'error optional_scopes.siren schema/length',
      'decision optional_scopes.groups scope/restricted',
      'error contacts.support schema/missing-key',
      'error id file/name',
    ]);
  });

  it('says of an empty form each field that must be answered, and guesses none of them', () => {
    expect(said({})).toEqual(
      [
        'organization.siret schema/missing-key',
        'name schema/missing-key',
        'network schema/missing-key',
        'environment schema/missing-key',
        'redirect_uris schema/length',
        'id_token_signed_response_alg schema/missing-key',
        'userinfo_signed_response_alg schema/missing-key',
        'contacts.technical schema/length',
      ].map((one) => `error ${one}`),
    );
    expect(applyFix({}, 'all')).toMatchObject({});
    expect(applyFix({ redirect_uris: 'http://a.montfictif.fr/cb' }, 'all')).toMatchObject({
      network: '',
      environment: '',
      redirect_uris: 'https://a.montfictif.fr/cb',
    });
  });

  it('makes one fix, by its button, and leaves the rest as it was', () => {
    const values = {
      ...sound,
      redirect_uris: 'http://agenda.montfictif.fr/cb',
      'organization.siret': '130 025 265 00013',
    };
    const key = judgeForm(values).findings.find(({ field }) => field === 'redirect_uris')?.fix?.key ?? '';
    const fixed = applyFix(values, key);
    expect(fixed).toMatchObject({
      redirect_uris: 'https://agenda.montfictif.fr/cb',
      'organization.siret': '130 025 265 00013',
      'optional_scopes.siren.justification': 'Regrouper les agents par organisme',
    });
    // The person has corrected it meanwhile, by hand or with another tab.
    expect(applyFix(fixed, key)).toEqual(fixed);
    expect(applyFix(values, 'no such fix')).toEqual(values);
  });

  it('says what a review found of the fields, with the fixes that the form has', () => {
    const file = definitionOf({ ...sound, 'contacts.technical': 'a@montfictif.fr\nEquipe@Montfictif.fr' });
    const message = { key: 'email/case#upper', values: {} };
    const found = reviewedFields(file, [
      { rule: 'email/case', severity: 'warning', path: file.path, pointer: '/contacts/technical/1', message },
      {
        rule: 'registry/foreign-host',
        severity: 'decision',
        path: file.path,
        pointer: '/redirect_uris/0',
        message,
      },
      {
        rule: 'scope/restricted',
        severity: 'decision',
        path: file.path,
        pointer: '/optional_scopes/0/scope',
        message,
      },
      { rule: 'change/mixed', severity: 'error', path: 'autre.yaml', pointer: '/name', message },
    ]);
    expect(found.map(({ field, line, fix }) => [field, line, fix?.key])).toEqual([
      ['', undefined, undefined],
      ['redirect_uris', 1, undefined],
      ['optional_scopes.siren', undefined, undefined],
      ['contacts.technical', 2, 'email/case /contacts/technical/1'],
    ]);
    const fixed = correctedFile(file, 'email/case /contacts/technical/1') ?? '';
    expect(fixed).toBe(file.text.replace('Equipe@Montfictif.fr', 'equipe@montfictif.fr'));
    expect(correctedFile({ ...file, text: fixed }, 'email/case /contacts/technical/1')).toBeUndefined();
    // A file that the form did not make is changed by nothing but the form, which shows it.
    const other = { ...file, text: `# un mot\n${file.text}` };
    expect(correctedFile(other, 'email/case /contacts/technical/1')).toBeUndefined();
  });

  it('makes every fix, also of the id and of what a fix leaves to another', () => {
    const fixed = applyFix(
      {
        ...sound,
        id: 'Mon Agenda',
        'organization.siret': '130 025 265 00013',
        redirect_uris: 'http://Agenda.montfictif.fr/cb',
        'optional_scopes.email': 'on',
        'optional_scopes.email.justification': 'Écrire aux personnes',
      },
      'all',
    );
    expect(fixed).toMatchObject({
      id: 'mon-agenda',
      'organization.siret': '13002526500013',
      redirect_uris: 'https://agenda.montfictif.fr/cb',
    });
    expect(fixed).not.toHaveProperty(['optional_scopes.email']);
    expect(judgeForm(fixed).findings).toEqual([]);
  });

  it('never cuts a list that is too long while it corrects', () => {
    const redirect_uris = Array.from(
      { length: 80 },
      (_, index) => `http://agenda.montfictif.fr/${index}`,
    ).join('\n');
    const values = { ...sound, redirect_uris };
    expect(said(values).some((one) => one === 'error redirect_uris schema/length')).toBe(true);
    expect(applyFix(values, 'all').redirect_uris).toBe(redirect_uris);
  });

  it('looks at no more of an id than is needed to refuse it', () => {
    for (const id of ['1.'.repeat(125_000), `a${' '.repeat(250_000)}b`])
      expect(idOf({ id, name: '' }).length).toBeLessThanOrEqual(300);
    expect(judgeForm({ id: 'a'.repeat(250_000) }).findings.some(({ field }) => field === 'id')).toBe(true);
  });

  it('reads no more of a list than is needed to refuse it', () => {
    const redirect_uris = 'https://agenda.montfictif.fr/cb\n'.repeat(8_000);
    expect(definitionOf({ ...sound, redirect_uris }).text.length).toBeLessThan(4_000);
  });

  it('gives the form back from its own file, owners too', () => {
    const values = { ...sound, id: 'agenda', ip_addresses: '', owners: 'camille-dupont' };
    const { path, text } = definitionOf(values);
    const back = valuesOf(path, text) ?? {};
    expect(definitionOf(back).text).toBe(text);
    expect(back).toMatchObject({ id: 'agenda', owners: 'camille-dupont' });
    expect(valuesOf(path, ': [')).toBeUndefined();
  });

  it('is never stopped by what is written into it, and reads back what it wrote', () => {
    const names = [
      ...fields.map(({ name }) => name as string),
      'id',
      'owners',
      'optional_scopes.groups',
      'optional_scopes.evil',
    ];
    const anything = fc.dictionary(
      fc.constantFrom(...names),
      fc.oneof(hostileText, fc.string({ unit: 'binary' })),
    );
    fc.assert(
      fc.property(anything, fc.boolean(), (written, complete) => {
        const values = complete ? { ...sound, ...written } : { ...written };
        const { definition, findings } = judgeForm(values);
        expect(definition.path).toMatch(
          /^service-providers\/(internet|rie)\/(integration|production)\/[a-z][a-z0-9-]+\.yaml$/,
        );
        for (const { fix } of findings) if (fix !== undefined) applyFix(values, fix.key);
        applyFix(values, 'all');
        // Whatever was written is a value of the file: YAML has nothing to say about it.
        expect(findings.filter(({ rule }) => /^yaml\//.test(rule) && rule !== 'yaml/nesting')).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});
