/** What only one engine reads stands in the folder of the database. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const source = join(import.meta.dirname, '../../../src');
const outside = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
  (name) => name.endsWith('.ts') && !name.startsWith('infrastructure/database/'),
);
const sqlTexts = /\bsql(?:<[^`]*?>)?`[^`]*`/g;
/** Casts, functions and clauses of the one or the other. */
const ofOneEngine =
  /::|@>|\bselect from\b|\b(?:now|jsonb?_\w+|to_jsonb?\w*|pg_\w+|strftime|instr|extract|date_part|make_interval|split_part|greatest|least|encode|decode)\(|\b(?:interval|for (?:update|share)|ctid|rowid|truncate)\b/i;

it('knows what only one of them reads', () => {
  const written = ['now()', 'a::text', 'for update skip locked', 'jsonb_set(a)', "now() + interval '1 day'"];
  for (const text of written) expect(text).toMatch(ofOneEngine);
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as it stands in the source
  for (const text of ["account ->> 'a' = ${b}", 'until > ${now}', 'returning *'])
    expect(text).not.toMatch(ofOneEngine);
});

it('is written nowhere else', () => {
  const found = outside.flatMap((name) => {
    const text = readFileSync(join(source, name), 'utf8');
    // What is put in may have a name that SQL has too.
    const fragments = (text.match(sqlTexts) ?? []).map((fragment) =>
      fragment.replaceAll(/\$\{[^}]*\}/g, '?'),
    );
    const own = /\bperEngine\b/.test(text) ? ['perEngine'] : [];
    return [...own, ...fragments.filter((fragment) => ofOneEngine.test(fragment))].map(
      (fragment) => `${name}: ${fragment}`,
    );
  });
  expect(found).toEqual([]);
});

it('looks at all of it', () => {
  const fragments = outside.flatMap((name) => readFileSync(join(source, name), 'utf8').match(sqlTexts) ?? []);
  expect(fragments.length).toBeGreaterThan(20);
});
