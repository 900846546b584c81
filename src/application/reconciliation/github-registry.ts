/** The registry on GitHub: read at a commit, and evaluated again at that very commit. */
import { setImmediate } from 'node:timers/promises';
import { inTurns } from '#application/in-turns';
import { resolveTeams } from '#application/mirror/known-teams';
import type { RegistryMirror, RegistryView } from '#application/mirror/mirror';
import { type PresentSettings, settingsInForce } from '#application/mirror/settings-in-force';
import type { CellName } from '#base/config/cells';
import { errorFields, type Log } from '#base/observability/logger';
import type { Metrics } from '#base/observability/metrics';
import { type DefinitionFile as FileToRead, readDefinition } from '#domain/definition/read-definition';
import type { ServiceProvider } from '#domain/definition/schema/service-provider-schema';
import { wantedMetadata } from '#domain/provisioning/client-metadata';
import { evaluateRegistryInSteps } from '#domain/registry/evaluate';
import type { DesiredClient } from '#domain/registry/registry';
import { catalogue } from '#domain/registry/rules/rule-catalogue';
import { readSettings, type Settings } from '#domain/registry/settings';
import { settingLine } from '#domain/registry/settings-reader';
import { pushersBetween } from '#infrastructure/github/read/pushers';
import { defaultBranchHead, readRepository } from '#infrastructure/github/read/repository';
import { readBlob } from '#infrastructure/github/read/stored-objects';
import { type DefinitionFile, definitionFiles, filesForFolders, foldersInPlace } from './definition-files.ts';
import {
  lastChange,
  mergedBetween,
  type RegistryReading,
  reviewNotesIn,
  settingsChange,
  touchedBetween,
} from './merged-pulls.ts';
import type { RegistrySnapshot, RegistrySource, UnknownTeam } from './registry-source.ts';
import { underSettings } from './settle-settings.ts';

export interface RegistrySourceDeps extends RegistryReading {
  readonly mirror: RegistryMirror;
  readonly log: Log;
  readonly metrics?: Pick<Metrics, 'unjudged'>;
}

export interface RegistrySourceWithSettings extends RegistrySource {
  /** The registry's settings at the commit that was read last. */
  settings(): Settings;
}

/** Definitions that were read, by path and blob: what is immutable is read once. */
type DefinitionCache = Map<string, ServiceProvider | undefined>;

export function registrySource(deps: RegistrySourceDeps): RegistrySourceWithSettings {
  const read: DefinitionCache = new Map();
  let settings = readSettings(undefined).settings;
  let onBranch: PresentSettings | undefined;

  const notes = reviewNotesIn(deps.reviewStore, deps.registry);

  async function bytesOf(blobs: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
    const found = new Map(await deps.reviewStore.blobs(blobs));
    for (const blob of blobs) {
      if (found.has(blob)) continue;
      const reading = await readBlob(deps.repository, blob);
      if ('bytes' in reading) found.set(blob, reading.bytes);
    }
    return found;
  }

  async function at(commit: string): Promise<RegistrySnapshot> {
    const { view, errors } = await deps.mirror.during(deps.repository, commit, async (moving) => ({
      errors: await pathsWithErrors(moving),
      // It moves on as soon as others ask for another commit.
      view: { ...moving, files: new Map(moving.files) },
    }));
    const files = definitionFiles(view);
    const unread = files.filter((file) => !read.has(keyOf(file)));
    const { repository, reviewStore: store } = deps;
    const inForce = await settingsInForce({ repo: deps.registry, repository, store }, view);
    settings = inForce.settings;
    onBranch = inForce.present;
    const bytes = await bytesOf(unread.filter(({ link }) => !link).map((file) => file.blob));
    for (const file of unread) {
      const content = file.link ? new Uint8Array() : bytes.get(file.blob);
      // What could not be read now is held, and read again the next time.
      if (content === undefined) continue;
      read.set(keyOf(file), plannable(deps, { path: file.path, bytes: content, link: file.link }, file));
      // A full registry takes seconds: everyone else has a turn.
      await setImmediate();
    }
    const desired: DesiredClient[] = [];
    const held: { cell: CellName; id: string }[] = [...foldersInPlace(view)];
    const blobs = new Map<string, string>();
    for (const { path, blob, cell, id, link } of files) {
      blobs.set(`${cell}/${id}`, blob);
      const definition = read.get(keyOf({ path, blob, link }));
      if (definition === undefined || errors.has(path)) held.push({ cell, id });
      else desired.push({ path, cell, id, definition });
    }
    // Only the present commit is kept in memory, however many came before it.
    const present = new Set(files.map(keyOf));
    for (const key of read.keys()) if (!present.has(key)) read.delete(key);
    return {
      commit,
      desired,
      held,
      blobs,
      ...underSettings(settings),
      ...(inForce.present.isRead && { presentSettings: inForce.present.settings }),
      refusedSettings: inForce.refused,
      outOfSight: filesForFolders(view),
    };
  }

  return {
    at,
    async verifiedAt(commit) {
      await deps.mirror.verify(deps.repository, commit);
      const snapshot = await at(commit);
      const text = onBranch?.text ?? '';
      const { approvals } = onBranch?.settings ?? settings;
      return { ...snapshot, unknownTeams: await unknownTeams(deps, approvals.teams, text) };
    },
    settings: () => settings,
    head: () => defaultBranchHead(deps.repository),
    lastChange: (client, commit, rules, before) =>
      lastChange(deps.repository, client, commit, rules, notes, before),
    touchedBetween: (clients, from, to) => touchedBetween(deps.repository, clients, from, to),
    settingsChange: (commit, rules, before) =>
      settingsChange(deps, onBranch?.blob, commit, rules, notes, before),
    async pushersBetween(from, to) {
      const { defaultBranch } = await readRepository(deps.repository);
      return pushersBetween(deps.repository, defaultBranch, from, to);
    },
    async mergedBetween(from, to, rules) {
      const reviewed = from === undefined ? await deps.reviewStore.reviewedNumbers(deps.registry) : undefined;
      const merged = await mergedBetween(deps.repository, from, to, rules, notes, reviewed);
      if (!merged.complete) deps.log.warn({ from, to }, 'merges are too far back to be listed');
      return merged;
    },
  };
}

/**
 * A definition that a client can be made of. One whose reading fails for a fault of Greffier's own is held like one that
 * cannot be read, and told to the operator: it is not to keep the others waiting.
 */
function plannable(
  { log, metrics }: Pick<RegistrySourceDeps, 'log' | 'metrics'>,
  file: FileToRead,
  { cell, id }: Pick<DefinitionFile, 'cell' | 'id'>,
): ServiceProvider | undefined {
  const { path } = file;
  const tell = (values: object): undefined => {
    metrics?.unjudged.inc({ kind: 'file' });
    log.error({ path, ...values }, 'a definition could not be judged');
  };
  const { definition, findings } = readDefinition(file);
  for (const { rule, message } of findings) if (rule === 'file/unjudged') tell(message.values);
  if (definition === undefined) return undefined;
  try {
    wantedMetadata({ path, cell, id, definition });
    return definition;
  } catch (problem) {
    return tell(errorFields(problem));
  }
}

/** The teams that may approve and that GitHub does not show: their members' approvals count for nothing. */
async function unknownTeams(
  { registry, repository, reviewStore }: RegistryReading,
  teams: readonly string[],
  text: string,
): Promise<readonly UnknownTeam[]> {
  const states = await resolveTeams({ database: reviewStore.database, registry, repository }, teams);
  return teams.flatMap((team, at) => {
    const reason = states.get(team) ?? 'there';
    return reason === 'there' ? [] : [{ team, reason, line: settingLine(text, `/approvals/teams/${at}`) }];
  });
}

function keyOf(file: { readonly path: string; readonly blob: string; readonly link: boolean }): string {
  return `${file.blob} ${file.link ? 'link ' : ''}${file.path}`;
}

/** Definitions that the rules on several files call errors, one compared a turn while the mirror stays where it is. */
async function pathsWithErrors(view: RegistryView): Promise<ReadonlySet<string>> {
  const findings = await inTurns(evaluateRegistryInSteps(view.registry));
  const errors = findings.filter(
    (finding) => (finding.report.severity ?? catalogue.rule(finding.rule)?.severity) === 'error',
  );
  return new Set(errors.map((finding) => finding.path));
}
