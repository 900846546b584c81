/** The parsed file as rules see it: its structure, what the schema says of it, and its partial definition. */
import { environments, networks } from '#base/config/cells';
import type { Cell, Place } from '#domain/definition/cell';
import { checkSchema, isMapping, type SchemaProblem } from '#domain/definition/schema/schema-check';
import { interpretKey, type KeyMeaning } from '#domain/definition/schema/unknown-keys';
import type { PartialDefinition } from './partial-definition.ts';
import { childPointer, isAtOrBelow, pointerParts } from './pointer.ts';
import { readPartialDefinition } from './read-partial-definition.ts';
import type { Source } from './source.ts';

/** A key that the schema does not know, and what it probably stands for. */
export interface UnknownKey {
  readonly pointer: string;
  readonly key: string;
  /** The mapping in which it stands. */
  readonly in: string;
  readonly meaning: KeyMeaning;
  /** Whether the file was understood as if it were already corrected. */
  readonly corrected: boolean;
}

/** A pointer of the corrected definition, and where that stands in the file. */
interface Alias {
  readonly corrected: string;
  readonly written: string;
}

export interface ParsedDefinition {
  readonly path: string;
  readonly place: Place | undefined;
  /** The whole text of the file. */
  readonly text: string;
  /** False when no value can be one that a template left. */
  readonly mayHoldPlaceholder: boolean;
  /** The mapping at the root, keys corrected where their meaning is certain; else what stands there instead. */
  readonly root: unknown;
  readonly problems: readonly SchemaProblem[];
  readonly unknownKeys: readonly UnknownKey[];
  readonly partial: PartialDefinition;
  /** The scalar at a pointer as it is written in the file; undefined for what is not a scalar of one line. */
  writtenAt(pointer: string): string | undefined;
  /** Whether the file itself has a key at its root. */
  hasKey(key: string): boolean;
  /** The value at a pointer. */
  valueAt(pointer: string): unknown;
  /** The file's own pointer for one of the corrected definition. */
  pointerInFile(pointer: string): string;
}

/** A value that is not the folder's is the fault; what else its cell would need is asked once that is settled. */
function cellOf(root: Readonly<Record<string, unknown>>, place: Place | undefined): Partial<Cell> {
  const agreed = <T>(said: T | undefined, folder: T | undefined) =>
    said === undefined || folder === undefined || said === folder ? (said ?? folder) : undefined;
  const network = agreed(
    networks.find((known) => known === root.network),
    place?.network,
  );
  const environment = agreed(
    environments.find((known) => known === root.environment),
    place?.environment,
  );
  return { ...(network && { network }), ...(environment && { environment }) };
}

/** A file with more unknown keys is no definition: what each of them was meant to be is not looked for. */
const maxInterpretedKeys = 60;

/** Applies the certain meanings of unknown keys to a copy of the root. */
function correctUnknownKeys(root: Readonly<Record<string, unknown>>, problems: readonly SchemaProblem[]) {
  const aliases: Alias[] = [];
  const unknownKeys: UnknownKey[] = [];
  const copy = structuredClone(root) as Record<string, unknown>;
  for (const problem of problems) {
    if (problem.kind !== 'unknown-key') continue;
    const place = pointerParts(problem.in);
    const meaning: KeyMeaning =
      unknownKeys.length < maxInterpretedKeys ? interpretKey(problem.key, place) : { kind: 'unknown' };
    let holder: unknown = copy;
    for (const part of place)
      holder = isMapping(holder) || Array.isArray(holder) ? Reflect.get(holder, part) : undefined;
    let corrected = false;
    if (isMapping(holder)) {
      const mapping = holder as Record<string, unknown>;
      if (meaning.kind === 'rename' && !Object.hasOwn(mapping, meaning.key)) {
        mapping[meaning.key] = mapping[problem.key];
        aliases.push({ corrected: childPointer(problem.in, meaning.key), written: problem.pointer });
        corrected = true;
      } else if (meaning.kind === 'out' && !Object.hasOwn(copy, meaning.key)) {
        copy[meaning.key] = mapping[problem.key];
        aliases.push({ corrected: childPointer('', meaning.key), written: problem.pointer });
        corrected = true;
      } else if (meaning.kind === 'nest' && hasRoomFor(mapping[meaning.parent], meaning.key)) {
        const inner = mapping[meaning.parent];
        mapping[meaning.parent] = { ...(isMapping(inner) && inner), [meaning.key]: mapping[problem.key] };
        aliases.push({
          corrected: childPointer(childPointer('', meaning.parent), meaning.key),
          written: problem.pointer,
        });
        corrected = true;
      }
      if (corrected) delete mapping[problem.key];
    }
    unknownKeys.push({ pointer: problem.pointer, key: problem.key, in: problem.in, meaning, corrected });
  }
  return { copy, aliases, unknownKeys };
}

function hasRoomFor(holder: unknown, key: string): boolean {
  return holder === undefined || holder === null || (isMapping(holder) && !Object.hasOwn(holder, key));
}

/** Parses the loaded value of a text. */
export function buildParsedDefinition(source: Source, value: unknown): ParsedDefinition {
  const { path, place } = source;
  let root = value;
  let problems: readonly SchemaProblem[] = [];
  let unknownKeys: readonly UnknownKey[] = [];
  let aliases: readonly Alias[] = [];
  if (!isMapping(root)) problems = [{ kind: 'type', pointer: '', expected: 'object', value: root }];
  else {
    problems = checkSchema(root, cellOf(root, place));
    // A misspelt parent may hide misspelt children: two rounds see both.
    for (let round = 0; round < 2 && problems.some((problem) => problem.kind === 'unknown-key'); round++) {
      const corrected: ReturnType<typeof correctUnknownKeys> = correctUnknownKeys(
        root as Readonly<Record<string, unknown>>,
        problems,
      );
      root = corrected.copy;
      aliases = [...aliases, ...corrected.aliases];
      const earlier = unknownKeys.filter((key) => key.corrected);
      unknownKeys = [...earlier, ...corrected.unknownKeys];
      problems = checkSchema(corrected.copy, cellOf(corrected.copy, place));
      if (!corrected.unknownKeys.some((key) => key.corrected)) break;
    }
  }
  const partial = readPartialDefinition(isMapping(root) ? root : {}, path, place);
  return new SourceParsedDefinition(source, root, problems, unknownKeys, aliases, partial);
}

class SourceParsedDefinition implements ParsedDefinition {
  readonly #source: Source;
  readonly #aliases: readonly Alias[];
  readonly root: unknown;
  readonly problems: readonly SchemaProblem[];
  readonly unknownKeys: readonly UnknownKey[];
  readonly partial: PartialDefinition;

  constructor(
    source: Source,
    root: unknown,
    problems: readonly SchemaProblem[],
    unknownKeys: readonly UnknownKey[],
    aliases: readonly Alias[],
    partial: PartialDefinition,
  ) {
    this.#source = source;
    this.root = root;
    this.problems = problems;
    this.unknownKeys = unknownKeys;
    this.#aliases = aliases;
    this.partial = partial;
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

  get mayHoldPlaceholder(): boolean {
    return this.#source.mayHoldPlaceholder;
  }

  pointerInFile(pointer: string): string {
    return this.#aliases.reduceRight(
      (here, { corrected, written }) =>
        isAtOrBelow(here, corrected) ? written + here.slice(corrected.length) : here,
      pointer,
    );
  }

  hasKey(key: string): boolean {
    return this.#source.map.nodeAt(childPointer('', key))?.key !== undefined;
  }

  writtenAt(pointer: string): string | undefined {
    const placed = this.#source.map.nodeAt(this.pointerInFile(pointer));
    if (placed === undefined) return undefined;
    const text = this.text.slice(placed.value.start, placed.value.end).trimEnd();
    return text.includes('\n') ? undefined : text;
  }

  valueAt(pointer: string): unknown {
    let here: unknown = this.root;
    for (const part of pointerParts(pointer)) {
      if (typeof here !== 'object' || here === null || !Object.hasOwn(here, part)) return undefined;
      here = Reflect.get(here, part);
    }
    return here;
  }
}
