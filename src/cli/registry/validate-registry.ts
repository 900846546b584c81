/** Judges a registry on a disk: every file by itself, then among the others. */
import type { Finding } from '#domain/definition/finding';
import {
  type DefinitionFile,
  findingWithoutText,
  type Look,
  lookAt,
  type OtherReport,
} from '#domain/definition/read-definition';
import { claimsOf } from '#domain/registry/claims';
import { Census } from '#domain/registry/index/collision-scan';
import type { Notice } from '#domain/registry/rules/rule';
import { type Listed, listDefinitions, readListed } from './registry-folder.ts';

export interface Judgement {
  /** How many files were judged. */
  readonly files: number;
  /** Ordered by path, line, column, rule. */
  readonly findings: readonly Finding[];
}

export interface Wanted {
  /** Which paths to report on; all of them by default. What is not reported on is known all the same. */
  readonly only?: ((path: string) => boolean) | undefined;
  /** Called now and then with the number of files that were read. */
  readonly progress?: ((read: number, all: number) => void) | undefined;
  /** Judges this text in the place of what stands on the disk. */
  readonly instead?: ((path: string) => string | undefined) | undefined;
  /** What is to be said besides (of the change since a base). */
  readonly besides?: readonly Notice[] | undefined;
}

/** Between two calls of `progress`. */
const stride = 256;

/**
 * Files that are alone in what they claim are read once and not kept: what knows several files is loaded, and told
 * of them, for those that meet.
 *
 * @param root the folder of the registry
 * @throws Unable when a file cannot be read
 */
export async function judge(
  root: string,
  { only, progress, instead, besides = [] }: Wanted = {},
): Promise<Judgement> {
  const encoder = new TextEncoder();
  const fileOf = (file: Listed): DefinitionFile => {
    const text = instead?.(file.path);
    return text === undefined ? readListed(root, file) : { path: file.path, bytes: encoder.encode(text) };
  };
  const listed = listDefinitions(root);
  const census = new Census();
  const findings = new Map<string, readonly Finding[]>();
  let reported = 0;
  let read = 0;
  for (const file of listed) {
    const look = lookAt(fileOf(file));
    if (look.place !== undefined) census.tell(claimsOf(look));
    if (only === undefined || only(look.path)) {
      reported++;
      if (look.findings.length > 0) findings.set(look.path, look.findings);
    }
    if (++read % stride === 0) progress?.(read, listed.length);
  }
  const { suspects, witnesses } = census.met();
  const told = only === undefined ? suspects : suspects.filter(only);
  const changed = only === undefined ? besides : besides.filter(({ path }) => only(path));
  if (told.length + changed.length > 0) {
    const places = new Map(listed.map((file) => [file.path, file]));
    const lookAgain = (path: string, others?: readonly OtherReport[]) => {
      const file = places.get(path);
      return file === undefined ? undefined : lookAt(fileOf(file), others);
    };
    const notices = [...(await noticesAmong(witnesses, told, lookAgain)), ...changed];
    for (const [path, ofFile] of await remarksOf(notices))
      findings.set(
        path,
        lookAgain(path, ofFile)?.findings ?? ofFile.map((remark) => findingWithoutText(path, remark)),
      );
  }
  return {
    files: reported,
    findings: [...findings].sort(([one], [other]) => (one < other ? -1 : 1)).flatMap(([, ofFile]) => ofFile),
  };
}

/**
 * What is to be said of the files that meet.
 *
 * @param witnesses everyone who must be known to judge the suspects.
 */
async function noticesAmong(
  witnesses: readonly string[],
  suspects: readonly string[],
  lookAgain: (path: string) => Look | undefined,
): Promise<readonly Notice[]> {
  if (suspects.length === 0) return [];
  const [{ judgeRegistry }, { Registry }] = await Promise.all([
    import('#domain/registry/evaluate'),
    import('#domain/registry/registry'),
  ]);
  const registry = new Registry();
  for (const path of witnesses) registry.set(claimsOf(lookAgain(path) ?? { path }));
  return judgeRegistry(registry, suspects);
}

/** What is to be said of each file besides what it says itself: it gets its place when the file is read again. */
async function remarksOf(notices: readonly Notice[]): Promise<ReadonlyMap<string, readonly OtherReport[]>> {
  const remarks = new Map<string, OtherReport[]>();
  if (notices.length === 0) return remarks;
  const { catalogue } = await import('#domain/registry/rules/rule-catalogue');
  for (const { path, rule, report } of notices) {
    const card = catalogue.card(rule);
    if (card === undefined) throw new Error(`The rule ${rule} is not in the catalogue`);
    const ofFile = remarks.get(path) ?? [];
    ofFile.push({ card, report });
    remarks.set(path, ofFile);
  }
  return remarks;
}
