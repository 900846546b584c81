/** Validates a registry on a disk: every file by itself, then among the others. */
import type { Values } from '#base/i18n/message';
import type { ShownLines } from '#cli/formats/excerpt';
import type { Finding } from '#domain/definition/finding';
import { compareFindings } from '#domain/definition/finding-order';
import {
  type AdditionalReport,
  type DefinitionFile,
  findingWithoutText,
  type ValidationResult,
  validate,
} from '#domain/definition/read-definition';
import { strayFinding } from '#domain/definition/stray';
import { claimsOf } from '#domain/registry/claims';
import { CollisionScan } from '#domain/registry/index/collision-scan';
import type { RegistryFinding } from '#domain/registry/rules/rule';
import { type ListedFile, listDefinitions, listStrays, readListedFile } from './registry-folder.ts';

export interface RegistryValidation {
  /** How many files were validated. */
  readonly files: number;
  /** Ordered by path, line, column, rule. */
  readonly findings: readonly Finding[];
  /** The registry as it was given with `--root`: a command that is to be typed next needs it too. */
  readonly root?: string;
}

/** With the lines on which findings start, so that no file is read once more to show them. */
export interface ShownValidation extends RegistryValidation {
  readonly lineOf: ShownLines;
}

export interface ValidationOptions {
  /** Which paths to report on; all of them by default. What is not reported on is known all the same. */
  readonly only?: ((path: string) => boolean) | undefined;
  /** Called now and then with the number of files that were read. */
  readonly progress?: ((read: number, all: number) => void) | undefined;
  /** Validates this text in the place of what stands on the disk. */
  readonly override?: ((path: string) => string | undefined) | undefined;
  /** Files that are judged as if they stood on the disk. */
  readonly added?: readonly DefinitionFile[] | undefined;
  /** Findings of other rules that are to be reported too (on the change since a base). */
  readonly additional?: readonly RegistryFinding[] | undefined;
}

/** Between two calls of `progress`. */
const progressInterval = 256;

/**
 * Files that are alone in what they claim are read once and not kept: the rules on several files are loaded, and
 * given files, for those that collide.
 *
 * @param root the folder of the registry
 * @throws CliError when a file cannot be read
 */
export async function validateRegistry(
  root: string,
  { only, progress, override: instead, added = [], additional: besides = [] }: ValidationOptions = {},
): Promise<ShownValidation> {
  const encoder = new TextEncoder();
  const newFiles = new Map(added.map((file) => [file.path, file]));
  const fileOf = (file: ListedFile): DefinitionFile => {
    const newFile = newFiles.size === 0 ? undefined : newFiles.get(file.path);
    if (newFile !== undefined) return newFile;
    const text = instead?.(file.path);
    return text === undefined ? readListedFile(root, file) : { path: file.path, bytes: encoder.encode(text) };
  };
  const listed = [...listDefinitions(root), ...added.map(({ path }) => ({ path, ordinary: true }))];
  const scan = new CollisionScan(listed.length);
  const findings = new Map<string, readonly Finding[]>();
  const lines = new Map<Finding, string>();
  const keep = (result: ValidationResult) => {
    const kept = result.findings.map(withoutText);
    findings.set(result.path, kept);
    for (const finding of kept) lines.set(finding, detached(result.lineOf(finding.range.start.line)));
  };
  let reported = 0;
  let read = 0;
  for (const file of listed) {
    const result = validate(fileOf(file));
    if (result.place !== undefined) scan.add(claimsOf(result));
    if (only === undefined || only(result.path)) {
      reported++;
      if (result.findings.length > 0) keep(result);
    }
    if (++read % progressInterval === 0) progress?.(read, listed.length);
  }
  for (const file of listStrays(root)) {
    if (only !== undefined && !only(file.path)) continue;
    const stray = strayFinding(fileOf(file));
    if (stray !== undefined) findings.set(file.path, [stray]);
  }
  const { candidates, context } = scan.result();
  const wanted = only === undefined ? candidates : candidates.filter(only);
  const changed = only === undefined ? besides : besides.filter(({ path }) => only(path));
  if (wanted.length + changed.length > 0) {
    const places = new Map(listed.map((file) => [file.path, file]));
    const validateAgain = (path: string, others?: readonly AdditionalReport[]) => {
      const file = places.get(path);
      return file === undefined ? undefined : validate(fileOf(file), others);
    };
    const found = [...(await registryFindings(context, wanted, validateAgain)), ...changed];
    for (const [path, ofFile] of await reportsByPath(found)) {
      const result = validateAgain(path, ofFile);
      if (result !== undefined) keep(result);
      else
        findings.set(
          path,
          ofFile.map((report) => findingWithoutText(path, report)),
        );
    }
  }
  return {
    files: reported,
    findings: [...findings.values()].flat().sort(compareFindings),
    lineOf: (finding) => lines.get(finding),
  };
}

/** A finding that keeps nothing of the text in memory but what it says of it. */
function withoutText(finding: Finding): Finding {
  const { message, fix } = finding;
  return {
    ...finding,
    message: { key: message.key, values: detachedValues(message.values) },
    ...(fix !== undefined && {
      fix: {
        title: { key: fix.title.key, values: detachedValues(fix.title.values) },
        edits: fix.edits.map(({ range, text }) => ({ range, text: detached(text) })),
      },
    }),
  };
}

function detachedValues(values: Values): Values {
  const copy: Record<string, Values[string]> = {};
  for (const name in values) {
    const value = values[name];
    if (value !== undefined)
      copy[name] =
        typeof value === 'string' ? detached(value) : typeof value === 'number' ? value : value.map(detached);
  }
  return copy;
}

/** A copy: a part of a text keeps the whole of it in memory. */
function detached(text: string): string {
  return text.length < shortestPart ? text : Buffer.from(text).toString();
}

/** V8 copies what is shorter: it is no part of anything. */
const shortestPart = 13;

/**
 * What the registry rules find in the files that collide.
 *
 * @param context the definitions that must be known to evaluate the candidates.
 */
async function registryFindings(
  context: readonly string[],
  candidates: readonly string[],
  validateAgain: (path: string) => ValidationResult | undefined,
): Promise<readonly RegistryFinding[]> {
  if (candidates.length === 0) return [];
  const [{ evaluateRegistry }, { Registry }] = await Promise.all([
    import('#domain/registry/evaluate'),
    import('#domain/registry/registry'),
  ]);
  const registry = new Registry();
  for (const path of context) registry.set(claimsOf(validateAgain(path) ?? { path }));
  return evaluateRegistry(registry, candidates);
}

/** The reports of registry rules by file: they get their place in the text when the file is read again. */
async function reportsByPath(
  findings: readonly RegistryFinding[],
): Promise<ReadonlyMap<string, readonly AdditionalReport[]>> {
  const reports = new Map<string, AdditionalReport[]>();
  if (findings.length === 0) return reports;
  const { catalogue } = await import('#domain/registry/rules/rule-catalogue');
  for (const { path, rule, report } of findings) {
    const metadata = catalogue.rule(rule);
    if (metadata === undefined) throw new Error(`The rule ${rule} is not in the catalogue`);
    const ofFile = reports.get(path) ?? [];
    ofFile.push({ rule: metadata, report });
    reports.set(path, ofFile);
  }
  return reports;
}
