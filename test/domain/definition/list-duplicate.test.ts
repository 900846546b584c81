/** What stands twice in a list is said once, and the fix leaves the first. */
import { describe, expect, it } from 'vitest';
import { applyFixes } from '#domain/definition/fix/fixes';
import { readDefinition } from '#domain/definition/read-definition';
import { completeExample } from '#domain/definition/rules/complete-example';

function judged(yaml: string) {
  const { path, text } = completeExample({ yaml });
  const { findings } = readDefinition({ path, bytes: new TextEncoder().encode(text) });
  return {
    said: findings
      .filter(({ rule }) => rule === 'list/duplicate')
      .map(({ message, pointer }) => `${message.key.split('#')[1]} ${pointer}`),
    mended: applyFixes(path, text).text,
  };
}
const contacts = (...technical: readonly string[]) =>
  `contacts:\n  technical: [${technical.join(', ')}]\n  support: a@agence-fictive.gouv.fr\n`;
const scopes = (...asked: readonly (readonly [string, string])[]) =>
  `optional_scopes:\n${asked.map(([scope, why]) => `  - scope: ${scope}\n    justification: ${why}\n`).join('')}`;

describe('a list', () => {
  it.each([
    [
      contacts('a@agence-fictive.gouv.fr', 'b@agence-fictive.gouv.fr', 'a@agence-fictive.gouv.fr'),
      ['same /contacts/technical/2'],
      contacts('a@agence-fictive.gouv.fr', 'b@agence-fictive.gouv.fr'),
    ],
    [
      contacts('a@agence-fictive.gouv.fr', 'A@agence-fictive.gouv.fr', 'a@agence-fictive.gouv.fr'),
      ['same /contacts/technical/1', 'same /contacts/technical/2'],
      contacts('a@agence-fictive.gouv.fr'),
    ],
    ['owners:\n  - camille\n  - Camille\n', ['same /owners/1'], 'owners:\n  - camille\n'],
    [
      scopes(['siren', 'Regrouper les agents'], ['siren', 'Regrouper les agents']),
      ['same /optional_scopes/1'],
      scopes(['siren', 'Regrouper les agents']),
    ],
    // Which of the reasons is to stay is nobody's to say here.
    [
      scopes(['siren', 'Regrouper les agents'], ['siren', 'Compter les organismes']),
      ['scope /optional_scopes/1/scope'],
      scopes(['siren', 'Regrouper les agents'], ['siren', 'Compter les organismes']),
    ],
  ])('is told what stands twice in it, and loses the second: %j', (yaml, expected, left) => {
    const { said, mended } = judged(yaml);
    expect(said).toEqual(expected);
    expect(mended).toContain(left);
    expect(judged(left).said).toEqual(left === yaml ? expected : []);
  });

  it.each([
    contacts('a@agence-fictive.gouv.fr', 'b@agence-fictive.gouv.fr'),
    // What is no value of the list is told as that, each time.
    contacts('dsi', 'dsi'),
    'owners:\n  - org/equipe\n  - org/equipe\n',
    scopes(['profile', 'Regrouper les agents'], ['profile', 'Regrouper les agents']),
  ])('is left alone otherwise: %j', (yaml) => {
    expect(judged(yaml).said).toEqual([]);
  });
});
