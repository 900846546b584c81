import { type Report, structureRule } from '#domain/definition/rules/rule';
import { missingKeyMessages } from './missing-key-messages.ts';
import { hasStructureProblems, problemsOfKind } from './problems.ts';

export const schemaMissingKey = structureRule<string>({
  id: 'schema/missing-key',
  severity: 'error',
  title: { fr: 'Les clés nécessaires sont présentes', en: 'The necessary keys are present' },
  why: {
    fr: 'Chaque clé nécessaire répond à une question sans laquelle votre service ne peut pas être créé, ou ne marcherait pas. La production en demande quelques-unes de plus, et le RIE une.',
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
      { yaml: 'version: undefined', messageIds: ['version'] },
      { yaml: 'network: undefined', messageIds: ['network'] },
    ],
  },
  concerns: hasStructureProblems,
  check({ problems, place }, report) {
    for (const problem of problemsOfKind(problems, 'missing-key')) {
      const { pointer, key } = problem;
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
