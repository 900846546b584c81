/** The file of the settings, as facts tell it. */
import { isNearSettings, type SettingsFile, settingsPath } from '#domain/registry/settings';
import type { BlobFact, PullRequestFacts } from './facts.ts';

/** @param link whether it is a link or a submodule: what these hold is no text of the registry's */
export function settingsFileOf(blob: BlobFact, link: boolean): SettingsFile {
  if (link) return { unreadable: 'link' };
  if ('text' in blob) return blob;
  if ('base64' in blob) return { unreadable: 'encoding' };
  return { unreadable: blob.unreadable === 'too-large' ? 'size' : 'missing' };
}

/** Whether a pull request touches the settings, and be it that it moves them away or over. */
export function touchesSettings({ files }: Pick<PullRequestFacts, 'files'>): boolean {
  return files.some(({ path, previousPath }) => path === settingsPath || previousPath === settingsPath);
}

/** The paths at which a pull request leaves what someone would take for the settings, and nobody reads. */
export function misnamedSettings({ files }: Pick<PullRequestFacts, 'files'>): readonly string[] {
  return files.flatMap(({ path, status }) => (status !== 'removed' && isNearSettings(path) ? [path] : []));
}

/**
 * What a pull request makes of the settings; undefined when it does not touch them, or when the facts do not tell what
 * it writes there.
 */
export function proposedSettings(facts: Pick<PullRequestFacts, 'files' | 'blobs'>): SettingsFile | undefined {
  if (!touchesSettings(facts)) return undefined;
  const after = facts.files.find(({ path, status }) => path === settingsPath && status !== 'removed');
  if (after === undefined) return { unreadable: 'missing' };
  if (after.mode === 'symlink' || after.mode === 'submodule') return { unreadable: 'link' };
  const blob = after.blob === undefined ? undefined : facts.blobs[after.blob];
  return blob === undefined ? undefined : settingsFileOf(blob, false);
}
