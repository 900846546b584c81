/** Which Greffier this is, as its package says. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url);

function packageOf(): { readonly version: string; readonly gitHead?: string } {
  return JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
}

export const version = packageOf().version;

/**
 * The commit that this was built from (`gitHead`, as npm calls it), or that is checked out where Greffier runs in a
 * clone.
 *
 * @returns its forty digits; undefined where nobody wrote it down
 */
function commit(): string | undefined {
  const { gitHead } = packageOf();
  if (gitHead !== undefined || !existsSync(new URL('.git', root))) return gitHead;
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], {
      cwd: fileURLToPath(root),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    // A clone on a machine without Git, or without a commit.
    return undefined;
  }
}

/** One line for a report of what went wrong: the version, the commit where it is known, the Node that runs it. */
export function versionLine(): string {
  const from = commit();
  return `greffier ${version}${from === undefined ? '' : ` (${from.slice(0, 12)})`}, Node ${process.versions.node}`;
}
