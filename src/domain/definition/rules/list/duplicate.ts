import type { Located, PartialDefinition } from '#domain/definition/parse/partial-definition';
import { isAccepted } from '#domain/definition/rules/email/address';
import { isLogin } from '#domain/definition/rules/owner/login';
import { definitionRule } from '#domain/definition/rules/rule';
import { optionalScopes, restrictedScopes } from '#domain/definition/rules/scope/known-scopes';

/** The items that stand before in the list already, each with the one before it. What is no value of its list has rules of its own. */
function repeated<T>(
  items: readonly Located<T>[],
  keyOf: (value: T) => string | undefined,
): readonly { readonly item: Located<T>; readonly first: Located<T> }[] {
  const firsts = new Map<string, Located<T>>();
  return items.flatMap((item) => {
    const key = keyOf(item.value);
    if (key === undefined) return [];
    const first = firsts.get(key);
    if (first === undefined) firsts.set(key, item);
    return first === undefined ? [] : [{ item, first }];
  });
}

/** URLs and IP addresses have rules of their own, by what they mean. */
export const listDuplicate = definitionRule({
  id: 'list/duplicate',
  severity: 'warning',
  title: { fr: 'Rien ne figure deux fois dans une liste', en: 'Nothing stands twice in a list' },
  why: {
    fr: 'Ce qui figure deux fois ne sert qu’une, et cache souvent un oubli : la seconde adresse ou le second compte devait être un autre.',
    en: 'What stands twice serves once, and often hides an oversight: the second address or account was meant to be another.',
  },
  messages: {
    same: {
      fr: '{value} figure deux fois dans cette liste. Retirez la seconde mention, ou écrivez à sa place ce qui manque.',
      en: '{value} stands twice in this list. Remove the second one, or write in its place what is missing.',
    },
    scope: {
      fr: 'Le scope {value} est demandé deux fois, avec deux raisons. Gardez une seule demande, et mettez-y les deux raisons.',
      en: 'The scope {value} is asked for twice, with two reasons. Keep one of them, and give it both reasons.',
    },
    remove: { fr: 'Retirer {value}', en: 'Remove {value}' },
  },
  examples: {
    good: [
      {
        yaml: 'contacts:\n  technical: [dsi@agence-fictive.gouv.fr, web@agence-fictive.gouv.fr]\n  support: dsi@agence-fictive.gouv.fr\n',
      },
    ],
    bad: [
      {
        yaml: 'contacts:\n  technical:\n    - dsi@agence-fictive.gouv.fr\n    - dsi@agence-fictive.gouv.fr\n  support: aide@agence-fictive.gouv.fr\n',
        messageIds: ['same'],
      },
      { yaml: 'owners:\n  - camille-dupont\n  - Camille-Dupont\n', messageIds: ['same'] },
      {
        yaml: 'optional_scopes:\n  - scope: siren\n    justification: Regrouper les agents par organisme\n  - scope: siren\n    justification: Compter les organismes\n',
        messageIds: ['scope'],
      },
    ],
  },
  concerns: hasLists,
  check({ technicalContacts, owners, optionalScopes: scopes }, report) {
    const names = [
      ...repeated(technicalContacts, (value) => (isAccepted(value) ? value.toLowerCase() : undefined)),
      // GitHub's names do not depend on case.
      ...repeated(owners, (value) => (isLogin(value) ? value.toLowerCase() : undefined)),
    ];
    for (const { item } of names) report(same(item.pointer, item.value));
    for (const { item, first } of repeated(scopes, ({ scope }) => (isKnown(scope) ? scope : undefined))) {
      const value = item.value.scope ?? '';
      if (item.value.justification === first.value.justification) report(same(item.pointer, value));
      else report({ pointer: `${item.pointer}/scope`, messageId: 'scope', values: { value } });
    }
  },
});

function hasLists({ technicalContacts, owners, optionalScopes: scopes }: PartialDefinition): boolean {
  return technicalContacts.length > 1 || owners.length > 1 || scopes.length > 1;
}

function isKnown(scope: string | undefined): boolean {
  return scope !== undefined && (optionalScopes.has(scope) || restrictedScopes.has(scope));
}

function same(pointer: string, value: string) {
  return {
    pointer,
    messageId: 'same',
    values: { value },
    fix: { title: 'remove', values: { value }, correction: { kind: 'remove' } },
  } as const;
}
