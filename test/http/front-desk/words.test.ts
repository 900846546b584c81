import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { definitionRulesMetadata, placeholders } from '#domain/definition/rules/rule-catalogue';
import { judgeForm } from '#domain/front-desk/judge';
import { registryRulesMetadata } from '#domain/registry/rules/all';
import { messageHtml, messageText } from '#http/front-desk/finding-words';
import { frontDeskWords } from '#http/front-desk/words';
import en from '#templates/front-desk.en.json' with { type: 'json' };
import fr from '#templates/front-desk.fr.json' with { type: 'json' };
import { soundValues } from './desk-server.ts';

const french: Readonly<Record<string, string>> = fr;
const english: Readonly<Record<string, string>> = en;

/** What only those know who see the file. */
const ofYaml =
  /YAML|\btirets? devant|d’un tiret|derrière un tiret|guillemet|\bquotes?\b|hyphen, |preceded by a hyphen|\[\]|`?\b(?:redirect_uris|post_logout_redirect_uris|optional_scopes|ip_addresses|private_sector)\b|[Ll]a clé <|The key <|cette définition|this definition|la ligne suivante|« # »|“#”|dièse|« [-~] ?»/;
/** What only those know who see the pull request. */
const ofGitHub =
  /pull request|\bbranche?\b|\bpoussé|\bpushed\b|\bGitHub\b|\bfusion|\bmerg|#[«“]|propriétaires|\bowners?\b|[Ll]e fichier [«“]|[Tt]he file [«“]/;
/** What nobody does at the desk: others may, on the branch of a request, and see the pull request. */
const notAtTheDesk = /^change\/(?:settings|mixed|too-many|cell|renamed)#/;
/** Of keys that the form does not ask, and of a SIRET without the quotes that the form always writes. */
const unasked = /^owner\/|^file\/placeholder#owners$|^siret\/format#(?:number|unclearNumber)$/;

describe('the words of the front desk', () => {
  it('are there in both languages, with the same values', () => {
    expect(Object.keys(fr).sort()).toEqual(Object.keys(en).sort());
    for (const [key, sentence] of Object.entries(french))
      expect(placeholders(sentence), key).toEqual(placeholders(english[key] ?? ''));
  });

  it('tell nobody of what is somebody else’s: which service, or request, has the same, or what its values are', () => {
    const ofOthers = ['others', 'other', 'path', 'number', 'scopes'];
    // What the request itself asks for, and names that everybody knows.
    const own = ['registry/twin-differs#extra', 'registry/confusable-name#imitation'];
    for (const { id, messages } of registryRulesMetadata.filter((rule) => rule.id.startsWith('registry/')))
      for (const [name, { fr: sentence }] of Object.entries(messages)) {
        const key = `${id}#${name}`;
        const said = french[`said.${key}`] ?? sentence;
        if (!own.includes(key))
          expect(
            placeholders(said).filter((one) => [...ofOthers, 'names'].includes(one)),
            key,
          ).toEqual([]);
      }
  });

  it('are of messages that there are: those of another name would be said in general', () => {
    const messages = new Set(
      [...definitionRulesMetadata, ...registryRulesMetadata].flatMap((rule) => [
        rule.id,
        ...Object.keys(rule.messages).map((name) => `${rule.id}#${name}`),
      ]),
    );
    // Of the desk itself.
    const own = new Set(['other', 'file/name#taken', 'file/name#fix', 'change/hidden']);
    const said = Object.keys(fr).flatMap((key) => (key.startsWith('said.') ? [key.slice(5)] : []));
    expect(said.filter((key) => !messages.has(key) && !own.has(key))).toEqual([]);
  });

  it('teach what to do about what people paste or leave, and name what the button does', () => {
    const t = frontDeskWords('fr');
    const mistakes = [
      { name: 'Cantine\u00a0scolaire' },
      { name: 'Cantine\u200b scolaire' },
      { name: 'RÃ©servation des salles' },
      { name: 'Nom du service' },
      { 'organization.siret': 'à compléter' },
      { description: 'à compléter' },
      { redirect_uris: 'https://mon-service.example.com/callback' },
      { redirect_uris: 'https://agenda.montfictif.fr/retour (recette)' },
    ];
    for (const mistake of mistakes) {
      const found = judgeForm({ ...soundValues, ...mistake }).findings;
      expect(found.length, JSON.stringify(mistake)).toBeGreaterThan(0);
      for (const { message, fix } of found)
        for (const said of [message, ...(fix === undefined ? [] : [fix.title])])
          expect(messageText(t, said), said.key).not.toBe(t.text('said.other'));
    }
  });

  it('say in general what another version found, and this one has no words for', () => {
    const t = frontDeskWords('fr');
    for (const key of ['email/case#former', 'gone/rule#one'])
      expect(messageText(t, { key, values: {} })).toBe(t.text('said.other'));
  });

  it('are all used', () => {
    const folder = join(import.meta.dirname, '../../../src/http');
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('\n');
    const composed = /^(?:said|field|hint|choice|section|scope|severity|trouble|check\.keys-)/;
    const unused = Object.keys(fr)
      .map((key) => key.replace(/#.*/, ''))
      .filter((key) => !composed.test(key) && !sources.includes(`'${key}'`));
    expect(unused).toEqual([]);
  });

  it('say of each finding what to do in the form, and never speak of the file, nor of the pull request', () => {
    const rules = [...definitionRulesMetadata, ...registryRulesMetadata];
    const values = Object.fromEntries(
      rules
        .flatMap(({ messages }) => Object.values(messages))
        .flatMap(({ fr: sentence }) => placeholders(sentence))
        .map((name) => [name, 'x']),
    );
    const ofFiles = new Set<string>();
    for (const lang of ['fr', 'en'] as const)
      for (const { id, messages } of rules)
        for (const name of Object.keys(messages)) {
          const message = { key: `${id}#${name}`, values: { ...values, count: 2 } };
          const t = frontDeskWords(lang);
          for (const said of [String(messageHtml(t, message)), messageText(t, message)])
            if (
              (ofYaml.test(said) || ofGitHub.test(said)) &&
              !unasked.test(message.key) &&
              !notAtTheDesk.test(message.key)
            )
              ofFiles.add(`${message.key}: ${said}`);
        }
    expect([...ofFiles]).toEqual([]);
  });
});
