/**
 * `git clone`, `git fetch` and `git push` over HTTP (git-scm.com, gitprotocol-http). The protocol itself is spoken by
 * the machine's own `git`, on a bare repository written for it; a pushed branch then moves like any other.
 */
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { ApiError } from './api-error.ts';
import { authenticate } from './auth.ts';
import { updateReference } from './mutations/branches.ts';
import { pushableCommits, pushViolations } from './rules.ts';
import { type Account, fullName, type Repository } from './state.ts';
import type { GitHubStore } from './store.ts';

const config = `[core]
\trepositoryformatversion = 0
\tbare = true
[gc]
\tauto = 0
[receive]
\tautogc = false
\tunpackLimit = 1000000
\thideRefs = refs/pull
\tdenyDeletes = false
[uploadpack]
\tallowAnySHA1InWant = true
`;

/** Refuses what the rules of a branch are against, as GitHub's own hook does (GH013). Reads what `#write` left for it. */
const hook = `#!/bin/sh
while read -r old new ref; do
  [ -f protected ] && [ "$ref" = "$(cat protected)" ] || continue
  grep -qx "$new" pushable && continue
  echo "error: GH013: Repository rule violations found for $ref." >&2
  sed 's/^/- /' violations >&2
  exit 1
done
`;

export class SmartHttp {
  readonly #store: GitHubStore;
  readonly #folder: string;
  /** Git requests are served one after the other: each leaves the references as it found or changed them. */
  #last: Promise<unknown> = Promise.resolve();

  /** @param folder where bare repositories are written, when `git` comes. */
  constructor(store: GitHubStore, folder: string) {
    this.#store = store;
    this.#folder = folder;
  }

  /** Serves `/{owner}/{repo}.git/…`. */
  async serve(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const [, owner = '', name = '', path = ''] = /^\/([^/]+)\/([^/]+?)\.git\/(.+)$/.exec(url.pathname) ?? [];
    try {
      const of = this.#store.repository(owner, name);
      const service = path === 'info/refs' ? url.searchParams.get('service') : path;
      if (service !== 'git-upload-pack' && service !== 'git-receive-pack')
        throw new ApiError(403, 'Forbidden');
      const by = this.#authorize(request, of, service === 'git-receive-pack');
      const sent = request.headers['content-encoding'] === 'gzip' ? request.pipe(createGunzip()) : request;
      const input = request.method === 'POST' ? await buffer(sent) : undefined;
      const turn = this.#last.then(() =>
        this.#speak(of, service, input, by, request.headers['git-protocol']),
      );
      this.#last = turn.catch(() => undefined);
      const output = await turn;
      response.writeHead(200, {
        'content-type': `application/x-${service}-${input === undefined ? 'advertisement' : 'result'}`,
        'cache-control': 'no-cache',
      });
      response.end(output);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const challenge = { 'www-authenticate': 'Basic realm="GitHub"' };
      response.writeHead(error.status, error.status === 401 ? challenge : {}).end(`${error.message}\n`);
    }
  }

  #authorize(request: IncomingMessage, of: Repository, pushing: boolean): Account | undefined {
    const caller = authenticate(this.#store, request.headers.authorization);
    if (caller.kind === 'anonymous') {
      if (pushing || of.private) throw new ApiError(401, 'Authentication required');
      return undefined;
    }
    if (caller.kind === 'app') throw new ApiError(403, 'Apps use installation tokens');
    const allowed =
      caller.kind === 'user'
        ? this.#store.may(caller.account, pushing ? 'write' : 'read', of)
        : caller.repositories.includes(of) && (!pushing || caller.permissions.contents === 'write');
    if (!allowed)
      throw new ApiError(403, `Permission to ${fullName(of)}.git denied to ${caller.account.login}.`);
    return caller.account;
  }

  async #speak(
    of: Repository,
    service: string,
    input: Buffer | undefined,
    by: Account | undefined,
    protocol: string | string[] | undefined,
  ): Promise<Buffer> {
    const folder = this.#write(of);
    const args = [service.slice('git-'.length), '--stateless-rpc'];
    const output = await run(
      [...args, ...(input === undefined ? ['--advertise-refs'] : []), folder],
      input,
      protocol,
    );
    if (input !== undefined && service === 'git-receive-pack' && by !== undefined) this.#take(of, folder, by);
    if (input !== undefined) return output;
    const line = `# service=${service}\n`;
    return Buffer.concat([
      Buffer.from(`${(line.length + 4).toString(16).padStart(4, '0')}${line}0000`),
      output,
    ]);
  }

  /** Writes the repository as `git` expects it. Forks share one folder of objects. */
  #write(of: Repository): string {
    const folder = join(this.#folder, `${fullName(of)}.git`);
    const objects = join(this.#folder, `${fullName(of.parent ?? of)}.objects`);
    if (!existsSync(folder)) {
      mkdirSync(objects, { recursive: true });
      mkdirSync(folder, { recursive: true });
      symlinkSync(objects, join(folder, 'objects'));
      writeFileSync(join(folder, 'config'), config);
      mkdirSync(join(folder, 'hooks'), { recursive: true });
      writeFileSync(join(folder, 'hooks', 'pre-receive'), hook, { mode: 0o755 });
    }
    of.git.objects.flush(objects);
    writeFileSync(join(folder, 'HEAD'), `ref: refs/heads/${of.defaultBranch}\n`);
    const main = `refs/heads/${of.defaultBranch}`;
    const violations = pushViolations(this.#store, of, main, '0'.repeat(40));
    if (violations.length > 0) {
      writeFileSync(join(folder, 'protected'), main);
      writeFileSync(join(folder, 'violations'), `${violations.join('\n')}\n`);
      writeFileSync(join(folder, 'pushable'), pushableCommits(this.#store, of).join('\n'));
    } else rmSync(join(folder, 'protected'), { force: true });
    rmSync(join(folder, 'refs'), { recursive: true, force: true });
    rmSync(join(folder, 'packed-refs'), { force: true });
    mkdirSync(join(folder, 'refs', 'heads'), { recursive: true });
    for (const [name, sha] of of.git.refs) {
      mkdirSync(join(folder, name, '..'), { recursive: true });
      writeFileSync(join(folder, name), `${sha}\n`);
    }
    return folder;
  }

  /** Takes over what a push changed. */
  #take(of: Repository, folder: string, by: Account): void {
    const pushed = new Map(
      readdirSync(join(folder, 'refs'), { recursive: true, withFileTypes: true, encoding: 'utf8' })
        .filter((entry) => entry.isFile())
        .map((entry) => {
          const file = join(entry.parentPath, entry.name);
          return [file.slice(folder.length + 1), readFileSync(file, 'utf8').trim()] as const;
        }),
    );
    // A push cannot reach what GitHub keeps under refs/pull, which may have moved meanwhile.
    const isTheirs = (name: string) => !name.startsWith('refs/pull/');
    for (const name of [...of.git.refs.keys()].filter(isTheirs))
      if (!pushed.has(name)) updateReference(this.#store, of, name, undefined, by);
    for (const [name, sha] of pushed) if (isTheirs(name)) updateReference(this.#store, of, name, sha, by);
  }
}

function run(
  args: readonly string[],
  input: Buffer | undefined,
  protocol: string | string[] | undefined,
): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const child = spawn('git', args, {
    // Only this repository's own configuration counts, not that of the machine or its user.
    env: {
      PATH: process.env.PATH ?? '',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      ...(typeof protocol === 'string' ? { GIT_PROTOCOL: protocol } : {}),
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.on('error', reject);
  child.on('close', () => resolve(Buffer.concat(chunks)));
  // git may have all it needs before it has read everything.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input ?? Buffer.alloc(0));
  return promise;
}
