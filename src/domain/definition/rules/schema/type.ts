import type { ParsedDefinition } from '#domain/definition/parse/parsed-definition';
import { pointerParts } from '#domain/definition/parse/pointer';
import { type Reporter, structureRule } from '#domain/definition/rules/rule';
import { urlFaultOf } from '#domain/definition/rules/url/fault';
import { exampleOf, kindOf, lastKeyOf } from '#domain/definition/rules/value-kinds';
import { isWrittenField } from '#domain/definition/rules/what-to-write';
import { type Several, saysNone, unwrapped, valuesIn } from '#domain/definition/rules/wrapping';
import { isMapping, schemaAt } from '#domain/definition/schema/schema-check';
import { hasStructureProblems, noted, problemsOfKind, quotedValue } from './problems.ts';
import { typeMessages } from './type-messages.ts';

/** The yes and no of people, as a boolean. */
function booleanOf(value: unknown): boolean | undefined {
  if (typeof value !== 'string') return value === 1 ? true : value === 0 ? false : undefined;
  const word = value.trim().toLowerCase();
  if (['oui', 'vrai', 'yes', 'true', 'y', 'o', 'on', '1'].includes(word)) return true;
  if (['non', 'faux', 'no', 'false', 'n', 'off', '0'].includes(word)) return false;
  return undefined;
}

/** The items of a list that was written as one text, and whether each is surely one. */
function itemsOf(text: string, pointer: string): Several {
  const isValue = kindOf(pointer) ?? (() => false);
  const several = valuesIn(text, isValue);
  if (several !== undefined) return several;
  if (isValue(text)) return { items: [text], certain: true };
  const inner = unwrapped(text, isValue);
  if (inner !== undefined) return { items: [inner.value], certain: inner.note === '' };
  // Not values yet, but each may become one: an URL without its start.
  const items = text.split(/[\s,;]+/).filter((item) => item !== '');
  return { items, certain: items.every((item) => /^[^\s-].*[./@]/.test(item)) };
}

/** The one text that a list or a mapping holds in which a text is expected. */
function onlyText(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const [[key, inner] = [], ...others] = Object.entries(value);
  if (key === undefined || others.length > 0) return undefined;
  if (Array.isArray(value)) return typeof inner === 'string' ? inner : undefined;
  return inner === null ? key : undefined;
}

export const schemaType = structureRule({
  id: 'schema/type',
  severity: 'error',
  title: { fr: 'Chaque valeur a le bon type', en: 'Each value has the right type' },
  why: {
    fr: 'Une liste, un texte, un nombre et un oui/non ne s’écrivent pas de la même façon. Une valeur du mauvais type ne serait pas comprise.',
    en: 'A list, a text, a number and a yes/no are not written the same way. A value of the wrong type would not be understood.',
  },
  messages: typeMessages,
  examples: {
    good: [{ yaml: 'private_sector: true' }],
    bad: [
      {
        yaml: 'redirect_uris: https://subventions.agence-fictive.gouv.fr/oidc/callback',
        messageIds: ['list'],
      },
      {
        yaml: 'redirect_uris: https://subventions.agence-fictive.gouv.fr/a, https://subventions.agence-fictive.gouv.fr/b',
        messageIds: ['several'],
      },
      { yaml: 'private_sector: oui', messageIds: ['boolean'] },
      { yaml: 'private_sector: "true"', messageIds: ['boolean'] },
      { yaml: 'name: 2026', messageIds: ['text'] },
      { yaml: 'name: [Suivi]', messageIds: ['single'] },
      { yaml: 'name: [Suivi, Agenda]', messageIds: ['oneText'] },
      { yaml: 'post_logout_redirect_uris: aucune', messageIds: ['none'] },
      { yaml: 'post_logout_redirect_uris:', messageIds: ['emptyList'] },
      { yaml: 'redirect_uris: aucune', messageIds: ['needed'] },
      { yaml: 'private_sector:', messageIds: ['emptyBoolean'] },
      { yaml: 'redirect_uris:\n  - 443', messageIds: ['number'] },
      {
        yaml: 'contacts:\n  technical:\n    - nom: Jean\n      email: dsi@agence-fictive.gouv.fr\n  support: aide@agence-fictive.gouv.fr',
        messageIds: ['itemOf'],
      },
      { yaml: 'name:', messageIds: ['emptyNeeded'] },
      { yaml: 'contacts:', messageIds: ['emptyNoExample'] },
      {
        yaml: 'optional_scopes:\n  - scope:\n    justification: Orienter les dossiers',
        messageIds: ['emptyNeeded'],
      },
      { yaml: 'organization: "13099990700012"', messageIds: ['mappingOf'] },
      { yaml: 'organization: Agence fictive', messageIds: ['mapping'] },
      { yaml: 'organization:\n  - siret: "13099990700012"', messageIds: ['noHyphen'] },
      {
        yaml: 'optional_scopes:\n  scope: siren\n  justification: Regrouper les agents',
        messageIds: ['item'],
      },
      { yaml: 'optional_scopes:\n  - siren', messageIds: ['scope'] },
      { yaml: '- version: 1', whole: true, messageIds: ['root'] },
      {
        yaml: 'redirect_uris:\n  - url: https://subventions.agence-fictive.gouv.fr/cb',
        messageIds: ['colon'],
      },
      {
        yaml: 'redirect_uris:\n  - url: voir avec la DSI\n    usage: retour',
        messageIds: ['redirect_uris'],
      },
      { yaml: 'redirect_uris:\n  - TODO : demander au prestataire', messageIds: ['redirect_uris'] },
      {
        yaml: 'redirect_uris:\n  - [https://subventions.agence-fictive.gouv.fr/a, https://subventions.agence-fictive.gouv.fr/b]',
        messageIds: ['itemText'],
      },
      {
        yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/cb\n  -',
        messageIds: ['emptyItem'],
      },
    ],
  },
  concerns: hasStructureProblems,
  check(parsed, report) {
    const { problems } = parsed;
    for (const { pointer, expected, value } of problemsOfKind(problems, 'type')) {
      const key = lastKeyOf(pointer);
      const item = /\/\d+$/.test(pointer);
      const isNothing = value === null || (Array.isArray(value) && value.every((one) => one === null));
      if (pointer === '') report({ pointer, messageId: 'root' });
      else if (item && (isNothing || (expected === 'object' && saysNone(value))))
        report({
          pointer,
          messageId: 'emptyItem',
          values: { key },
          fix: { title: 'remove', correction: { kind: 'remove' } },
        });
      else if (value === null) reportEmpty(report, pointer, key, expected);
      else if (expected === 'array') reportList(report, parsed, pointer, value);
      else if (expected === 'boolean') reportBoolean(report, pointer, value);
      else if (expected === 'object') reportMapping(report, pointer, value);
      else reportText(report, parsed, pointer, value);
    }
  },
});

type Words = keyof typeof typeMessages;

/** Lists of which a definition may have none. */
const optionalLists = new Set(['post_logout_redirect_uris', 'optional_scopes', 'owners']);

/** Keys that no definition needs: their line may go. */
const optionalKeys = new Set(['optional_scopes', 'owners']);

/** Keys with no example of one line, or none that someone could copy. */
const inBlock = new Set(['organization', 'siret', 'contacts']);

function reportEmpty(report: Reporter<Words>, pointer: string, key: string, expected: string): void {
  const messageId =
    expected === 'boolean'
      ? 'emptyBoolean'
      : expected === 'array' && optionalLists.has(key)
        ? 'emptyList'
        : optionalKeys.has(key)
          ? 'empty'
          : inBlock.has(key)
            ? 'emptyNoExample'
            : 'emptyNeeded';
  const [sign, example] = [expected === 'array' ? '- ' : `${key}: `, exampleOf(pointer)];
  report({ pointer, at: 'key', messageId, values: { key, written: `${key}: []`, example: sign + example } });
}

function reportList(
  report: Reporter<Words>,
  parsed: ParsedDefinition,
  pointer: string,
  value: unknown,
): void {
  const key = lastKeyOf(pointer);
  const written = typeof value === 'string' ? value : (parsed.writtenAt(pointer) ?? quotedValue(value));
  const values = { key, value: written, example: exampleOf(pointer) };
  if (saysNone(value) && optionalLists.has(key))
    report({
      pointer,
      messageId: 'none',
      values,
      fix: { title: 'toEmpty', correction: { kind: 'list', items: [] } },
    });
  else if (saysNone(value)) report({ pointer, messageId: 'needed', values });
  else if (isMapping(value) && Object.keys(value).every((name) => itemKeys(pointer).includes(name)))
    report({
      pointer,
      messageId: 'item',
      values: { key, known: Object.keys(value) },
      fix: { title: 'hyphen', correction: { kind: 'item' } },
    });
  else if (typeof value === 'object' || schemaAt([...pointerParts(pointer), '0'])?.type !== 'string')
    report({ pointer, messageId: 'list', values: { key, value: quotedValue(value) } });
  else {
    const { items, certain } = itemsOf(written, pointer);
    report({
      pointer,
      ...(items.length > 1
        ? { messageId: 'several', values: { count: items.length, values: items } }
        : { messageId: 'list', values: { key, value: items[0] ?? written } }),
      ...(certain && { fix: { title: 'toList', correction: { kind: 'list', items } } }),
    });
  }
}

function itemKeys(pointer: string): readonly string[] {
  return Object.keys(schemaAt([...pointerParts(pointer), '0'])?.properties ?? {});
}

/** The box that is ticked, of two. */
const ticked = /^(?:☐\s*\p{L}+[\s/]*)?[☒☑]\s*(\p{L}+)(?:[\s/]*☐\s*\p{L}+)?$/u;

function reportBoolean(report: Reporter<Words>, pointer: string, value: unknown): void {
  const text = typeof value === 'string' ? value : quotedValue(value);
  const inner = unwrapped(text, (word) => booleanOf(word) !== undefined);
  const answer =
    booleanOf(value) ??
    booleanOf(ticked.exec(text)?.[1]) ??
    (inner?.note === '' ? booleanOf(inner.value) : undefined);
  report({
    pointer,
    messageId: 'boolean',
    values: { key: lastKeyOf(pointer), value: text },
    ...(answer !== undefined && {
      fix: { title: 'write', values: { value: String(answer) }, correction: { kind: 'set', value: answer } },
    }),
  });
}

function reportMapping(report: Reporter<Words>, pointer: string, value: unknown): void {
  const key = lastKeyOf(pointer);
  const known = Object.keys(schemaAt(pointerParts(pointer))?.properties ?? {});
  const isOne = (text: string, name: string) => kindOf(`${pointer}/${name}`)?.(text) === true;
  const inner = known.filter((name) => isOne(String(value), name));
  const [only] = inner;
  const [first, ...others] = Array.isArray(value) ? (value as readonly unknown[]) : [];
  if (isMapping(first) && others.length === 0 && Object.keys(first).every((name) => known.includes(name)))
    report({
      pointer,
      messageId: 'noHyphen',
      values: { key, known: Object.keys(first) },
      fix: { title: 'withoutHyphen', correction: { kind: 'withoutHyphen', pointer: `${pointer}/0` } },
    });
  else if (key === 'optional_scopes')
    report({ pointer, messageId: 'scope', values: { value: quotedValue(value) } });
  else if (only !== undefined && inner.length === 1)
    report({
      pointer,
      messageId: 'mappingOf',
      values: { key, proposal: `${only}: "${String(value)}"` },
      fix: { title: 'below', correction: { kind: 'mapping', key: only, value: String(value) } },
    });
  else report({ pointer, messageId: 'mapping', values: { key, known } });
}

function reportText(
  report: Reporter<Words>,
  parsed: ParsedDefinition,
  pointer: string,
  value: unknown,
): void {
  const key = lastKeyOf(pointer);
  const item = /\/\d+$/.test(pointer);
  const isValue = kindOf(pointer);
  const written = parsed.writtenAt(pointer);
  if (typeof value === 'object') {
    const inner = written === undefined || isValue === undefined ? undefined : unwrapped(written, isValue);
    const url =
      /uris$/.test(key) && written !== undefined ? urlFaultOf(written, undefined)?.meant : undefined;
    const meant = inner?.note === '' ? inner.value : url;
    const only = onlyText(value);
    const proposal = only ?? meant;
    const values = value === null ? [] : Object.values(value).filter((one) => typeof one === 'string');
    const own = item && isValue !== undefined ? values.filter(isValue) : [];
    if (proposal === undefined && own.length === 1)
      report({ pointer, messageId: 'itemOf', values: { key, proposal: `- ${own[0]}` } });
    else if (proposal === undefined && item && isMapping(value) && isWrittenField(key))
      report({ pointer, messageId: key, values: { value: written ?? noted(value) } });
    else if (proposal === undefined)
      report({ pointer, messageId: item ? 'itemText' : 'oneText', values: { key } });
    else
      report({
        pointer,
        ...(only === undefined
          ? { messageId: 'colon', values: { value: written ?? '', proposal } }
          : { messageId: 'single', values: { key, proposal } }),
        fix: { title: 'write', values: { value: proposal }, correction: { kind: 'set', value: proposal } },
      });
    return;
  }
  const text = written ?? quotedValue(value);
  // Quotes would make a text of it, but not a value.
  if (isValue !== undefined && !isValue(text))
    report({ pointer, messageId: 'number', values: { key, value: text, example: exampleOf(pointer) } });
  else if (written === undefined) report({ pointer, messageId: 'text', values: { key, value: text } });
  else
    report({
      pointer,
      messageId: 'text',
      values: { key, value: `"${text}"` },
      fix: { title: 'quote', correction: { kind: 'set', value: text } },
    });
}
