/** What a person answered and what somebody else changed meanwhile, put together field by field. Pure. */
import { listedLines } from '#base/listed-lines';
import { fields } from './fields.ts';
import type { FormValues } from './form-values.ts';

export interface MergedValues {
  readonly values: FormValues;
  /** The controls that somebody else changed and the person did not: as they are now. */
  readonly taken: readonly string[];
  /** The controls that both changed, each in another way: the person's answer is kept, to be looked at beside what is there. */
  readonly disputed: readonly { readonly name: string; readonly now: string }[];
}

/**
 * @param before what was there when the person began; undefined when nobody knows any more
 * @param mine what the person answered
 * @param now what is there
 */
export function mergeValues(before: FormValues | undefined, mine: FormValues, now: FormValues): MergedValues {
  const taken: string[] = [];
  const disputed: MergedValues['disputed'][number][] = [];
  const values: Record<string, string> = { ...mine };
  for (const name of controlsOf(before ?? {}, mine, now)) {
    const [was, is, own] = [before?.[name], now[name], mine[name]].map(plain);
    if (own === is || (before !== undefined && was === is)) continue;
    if (before !== undefined && own === was) {
      values[name] = now[name] ?? '';
      taken.push(name);
    } else disputed.push({ name, now: is ?? '' });
  }
  return { values, taken, disputed };
}

function controlsOf(...all: readonly FormValues[]): ReadonlySet<string> {
  const own = fields.map(({ name }) => name as string).filter((name) => name !== 'optional_scopes');
  const scopes = all.flatMap((values) =>
    Object.keys(values).filter((name) => name.startsWith('optional_scopes.')),
  );
  return new Set([...own, 'owners', ...scopes]);
}

/** As it counts: without the spaces and line ends that a browser adds, and the bullets that people do. */
function plain(value: string | undefined): string {
  return listedLines(value ?? '')
    .filter((line) => line !== '')
    .join('\n');
}
