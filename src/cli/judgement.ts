/** Judges a registry on a disk: every file by itself, then among the others. */
import type { Catalogue } from '../definition/catalogue.ts';
import type { Finding } from '../definition/finding.ts';
import {
  type DefinitionFile,
  findingWithoutText,
  type OtherReport,
  readDefinition,
} from '../definition/read.ts';
import { catalogue } from '../registry/catalogue.ts';
import { judgeRegistry } from '../registry/judge.ts';
import { Registry } from '../registry/registry.ts';
import type { Notice } from '../registry/rule.ts';
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
 * @param root the folder of the registry
 * @throws Unable when a file cannot be read
 */
export function judge(root: string, { only, progress, instead, besides }: Wanted = {}): Judgement {
  const encoder = new TextEncoder();
  const fileOf = (file: Listed): DefinitionFile => {
    const text = instead?.(file.path);
    return text === undefined ? readListed(root, file) : { path: file.path, bytes: encoder.encode(text) };
  };
  const listed = listDefinitions(root);
  const registry = new Registry();
  const findings = new Map<string, readonly Finding[]>();
  const reported: string[] = [];
  let read = 0;
  for (const file of listed) {
    const reading = readDefinition(fileOf(file));
    const { path, place, draft, definition } = reading;
    if (place !== undefined)
      registry.set({ path, place, blob: '', ...(draft && { draft }), ...(definition && { definition }) });
    if (only === undefined || only(path)) {
      reported.push(path);
      if (reading.findings.length > 0) findings.set(path, reading.findings);
    }
    if (++read % stride === 0) progress?.(read, listed.length);
  }
  const notices = [
    ...judgeRegistry(registry, only === undefined ? undefined : reported),
    ...(besides ?? []).filter(({ path }) => only === undefined || only(path)),
  ];
  addNotices(fileOf, new Map(listed.map((file) => [file.path, file])), notices, findings);
  return {
    files: reported.length,
    findings: [...findings].sort(([one], [other]) => (one < other ? -1 : 1)).flatMap(([, ofFile]) => ofFile),
  };
}

/** Reads the files that have notices again, so that these get their places in the text. */
function addNotices(
  fileOf: (file: Listed) => DefinitionFile,
  listed: ReadonlyMap<string, Listed>,
  notices: readonly Notice[],
  findings: Map<string, readonly Finding[]>,
): void {
  const remarks = new Map<string, OtherReport[]>();
  for (const { path, rule, report } of notices) {
    const ofFile = remarks.get(path) ?? [];
    ofFile.push({ card: cardOf(catalogue, rule), report });
    remarks.set(path, ofFile);
  }
  for (const [path, ofFile] of remarks) {
    const file = listed.get(path);
    findings.set(
      path,
      file === undefined
        ? ofFile.map((remark) => findingWithoutText(path, remark))
        : readDefinition(fileOf(file), ofFile).findings,
    );
  }
}

function cardOf(from: Catalogue, rule: Notice['rule']): OtherReport['card'] {
  const card = from.card(rule);
  if (card === undefined) throw new Error(`The rule ${rule} is not in the catalogue`);
  return card;
}
