/** The parsed file as rules see it: its structure, what the schema says of it, and the draft of its meaning. */
import { environments, networks } from '#base/config/cells';
import type { Cell, Place } from '#domain/definition/cell';
import { isMapping, type Problem, problemsOf } from '#domain/definition/schema/schema-check';
import { type Meaning, meaningOf } from '#domain/definition/schema/unknown-keys';
import type { Draft } from './partial-definition.ts';
import { below, parts, within } from './pointer.ts';
import { drafted } from './read-partial-definition.ts';
import type { Source } from './source.ts';

/** A key that the schema does not know, and what it probably stands for. */
export interface UnknownKey {
  readonly pointer: string;
  readonly key: string;
  /** The mapping in which it stands. */
  readonly in: string;
  readonly meaning: Meaning;
  /** Whether the file was understood as if it were already corrected. */
  readonly adopted: boolean;
}

/** A pointer of the corrected tree, and where that stands in the file. */
interface Alias {
  readonly corrected: string;
  readonly written: string;
}

export interface Tree {
  readonly path: string;
  readonly place: Place | undefined;
  /** The whole text of the file. */
  readonly text: string;
  /** False when no value can be one that a template left. */
  readonly mayHoldSample: boolean;
  /** The mapping at the root, keys corrected where their meaning is certain; else what stands there instead. */
  readonly root: unknown;
  readonly problems: readonly Problem[];
  readonly unknownKeys: readonly UnknownKey[];
  readonly draft: Draft;
  /** The scalar at a pointer as it is written in the file; undefined for what is not a scalar of one line. */
  written(pointer: string): string | undefined;
  /** The value at a pointer. */
  valueAt(pointer: string): unknown;
  /** The file's own pointer for one of the corrected tree. */
  inFile(pointer: string): string;
}

function cellOf(root: Readonly<Record<string, unknown>>, place: Place | undefined): Partial<Cell> {
  const network = networks.find((known) => known === root.network) ?? place?.network;
  const environment = environments.find((known) => known === root.environment) ?? place?.environment;
  return { ...(network && { network }), ...(environment && { environment }) };
}

/** A file with more unknown keys is no definition: what each of them was meant to be is not looked for. */
const mostMeant = 60;

/** Applies the certain meanings of unknown keys to a copy of the tree. */
function adopt(root: Readonly<Record<string, unknown>>, problems: readonly Problem[]) {
  const aliases: Alias[] = [];
  const unknownKeys: UnknownKey[] = [];
  const copy = structuredClone(root) as Record<string, unknown>;
  for (const problem of problems) {
    if (problem.kind !== 'unknown-key') continue;
    const place = parts(problem.in);
    const meaning: Meaning =
      unknownKeys.length < mostMeant ? meaningOf(problem.key, place) : { kind: 'unknown' };
    let holder: unknown = copy;
    for (const part of place)
      holder = isMapping(holder) || Array.isArray(holder) ? Reflect.get(holder, part) : undefined;
    let adopted = false;
    if (isMapping(holder)) {
      const mapping = holder as Record<string, unknown>;
      if (meaning.kind === 'rename' && !Object.hasOwn(mapping, meaning.key)) {
        mapping[meaning.key] = mapping[problem.key];
        aliases.push({ corrected: below(problem.in, meaning.key), written: problem.pointer });
        adopted = true;
      } else if (meaning.kind === 'nest' && !Object.hasOwn(mapping, meaning.parent)) {
        mapping[meaning.parent] = { [meaning.key]: mapping[problem.key] };
        aliases.push({
          corrected: below(below('', meaning.parent), meaning.key),
          written: problem.pointer,
        });
        adopted = true;
      }
      if (adopted) delete mapping[problem.key];
    }
    unknownKeys.push({ pointer: problem.pointer, key: problem.key, in: problem.in, meaning, adopted });
  }
  return { copy, aliases, unknownKeys };
}

/** Makes the tree of a text that was loaded. */
export function treeOf(source: Source, value: unknown): Tree {
  const { path, place } = source;
  let root = value;
  let problems: readonly Problem[] = [];
  let unknownKeys: readonly UnknownKey[] = [];
  let aliases: readonly Alias[] = [];
  if (!isMapping(root)) problems = [{ kind: 'type', pointer: '', expected: 'object', value: root }];
  else {
    problems = problemsOf(root, cellOf(root, place));
    // A misspelt parent may hide misspelt children: two rounds see both.
    for (let round = 0; round < 2 && problems.some((problem) => problem.kind === 'unknown-key'); round++) {
      const adopted: ReturnType<typeof adopt> = adopt(root as Readonly<Record<string, unknown>>, problems);
      root = adopted.copy;
      aliases = [...aliases, ...adopted.aliases];
      const earlier = unknownKeys.filter((key) => key.adopted);
      unknownKeys = [...earlier, ...adopted.unknownKeys];
      problems = problemsOf(adopted.copy, cellOf(adopted.copy, place));
      if (!adopted.unknownKeys.some((key) => key.adopted)) break;
    }
  }
  const draft = drafted(isMapping(root) ? root : {}, path, place);
  return new ParsedTree(source, root, problems, unknownKeys, aliases, draft);
}

class ParsedTree implements Tree {
  readonly #source: Source;
  readonly #aliases: readonly Alias[];
  readonly root: unknown;
  readonly problems: readonly Problem[];
  readonly unknownKeys: readonly UnknownKey[];
  readonly draft: Draft;

  constructor(
    source: Source,
    root: unknown,
    problems: readonly Problem[],
    unknownKeys: readonly UnknownKey[],
    aliases: readonly Alias[],
    draft: Draft,
  ) {
    this.#source = source;
    this.root = root;
    this.problems = problems;
    this.unknownKeys = unknownKeys;
    this.#aliases = aliases;
    this.draft = draft;
  }

  get path(): string {
    return this.#source.path;
  }

  get place(): Place | undefined {
    return this.#source.place;
  }

  get text(): string {
    return this.#source.text;
  }

  get mayHoldSample(): boolean {
    return this.#source.mayHoldSample;
  }

  inFile(pointer: string): string {
    return this.#aliases.reduceRight(
      (here, { corrected, written }) =>
        within(here, corrected) ? written + here.slice(corrected.length) : here,
      pointer,
    );
  }

  written(pointer: string): string | undefined {
    const placed = this.#source.map.at(this.inFile(pointer));
    if (placed === undefined) return undefined;
    const text = this.text.slice(placed.value.start, placed.value.end);
    return text.includes('\n') ? undefined : text;
  }

  valueAt(pointer: string): unknown {
    let here: unknown = this.root;
    for (const part of parts(pointer)) {
      if (typeof here !== 'object' || here === null || !Object.hasOwn(here, part)) return undefined;
      here = Reflect.get(here, part);
    }
    return here;
  }
}
