import { type Report, structureRule } from '#domain/definition/rules/rule';
import { missingKeyMessages } from './missing-key-messages.ts';
import { hasStructureProblems, problemsOfKind } from './problems.ts';

export const schemaMissingKey = structureRule<string>({
  id: 'schema/missing-key',
  severity: 'error',
  title: { fr: 'Les champs nécessaires sont présents', en: 'The necessary keys are present' },
  why: {
    fr: 'Chaque champ nécessaire répond à une question sans laquelle votre service ne peut pas être créé, ou ne marcherait pas. La production en demande quelques-uns de plus, et le RIE un.',
    en: 'Each necessary key answers a question without which your service cannot be created, or would not work. Production asks for a few more, and the RIE for one.',
  },
  messages: missingKeyMessages,
  examples: {
    good: [
      {
        yaml: 'datapass: undefined\ndescription: undefined\nprivate_sector: undefined',
        cell: 'internet/integration',
      },
    ],
    bad: [
      { yaml: 'name: undefined', messageIds: ['name'] },
      { yaml: 'contacts: undefined', messageIds: ['contacts'] },
      { yaml: 'datapass: undefined', messageIds: ['datapass'] },
      { yaml: 'description: undefined', messageIds: ['description'] },
      { yaml: 'private_sector: undefined', messageIds: ['private_sector'] },
      {
        yaml: 'contacts:\n  technical:\n    - exploitation@agence-fictive.gouv.fr',
        messageIds: ['support'],
      },
      { yaml: 'ip_addresses: undefined', cell: 'rie/integration', messageIds: ['ip_addresses'] },
      {
        yaml: 'optional_scopes:\n  - scope: siren\n  - justification: Regrouper les agents par organisme',
        messageIds: ['sameItem'],
      },
      {
        yaml: 'contacts:\n  technical:\n    - exploitation@agence-fictive.gouv.fr\n  # support: aide@agence-fictive.gouv.fr',
        messageIds: ['commented'],
      },
      { yaml: 'version: undefined', messageIds: ['version'] },
      { yaml: 'network: undefined', messageIds: ['network'] },
    ],
  },
  concerns: hasStructureProblems,
  check({ problems, place, text }, report) {
    const missing = problemsOfKind(problems, 'missing-key');
    for (const problem of missing) {
      const { pointer, key } = problem;
      const next = nextItem(pointer);
      if (key === 'justification' && missing.some((one) => one.pointer === next && one.key === 'scope'))
        continue;
      const before = previousItem(pointer);
      if (key === 'scope' && missing.some((one) => one.pointer === before && one.key === 'justification')) {
        report({
          pointer,
          messageId: 'sameItem',
          fix: { title: 'join', correction: { kind: 'withoutHyphen', pointer } },
        });
        continue;
      }
      const commented = commentedLine(text, key);
      if (commented !== undefined) {
        report({ pointer, messageId: 'commented', values: { key, ...commented } });
        continue;
      }
      const base: Report = { pointer, messageId: key in missingKeyMessages ? key : 'other', values: { key } };
      const value =
        key === 'version'
          ? 1
          : key === 'network'
            ? place?.network
            : key === 'environment'
              ? place?.environment
              : undefined;
      if (value === undefined || pointer !== '') report(base);
      else
        report({
          ...base,
          fix: {
            title: 'add',
            values: { line: `${key}: ${value}` },
            correction: { kind: 'add', pointer, key, value },
          },
        });
    }
  },
});

/** The one line on which a key with its value is commented out. */
function commentedLine(text: string, key: string): { line: number; written: string } | undefined {
  const comment = new RegExp(`^\\s*#+\\s*(${key}:(?:\\s.*)?)$`);
  const found = text.split('\n').flatMap((line, index) => {
    const written = comment.exec(line.trimEnd())?.[1];
    return written === undefined ? [] : [{ line: index + 1, written }];
  });
  return found.length === 1 ? found[0] : undefined;
}

/** The item behind or before the one at a pointer. */
function nextItem(pointer: string): string {
  return pointer.replace(/\d+$/, (index) => String(Number(index) + 1));
}

function previousItem(pointer: string): string {
  return pointer.replace(/\d+$/, (index) => String(Number(index) - 1));
}
