/** The definitions of random histories: what people do to their files, and what a file says of its client. */
import { parse } from 'yaml';
import type { FileChange, FileChanges, GitRepository } from '#demo/github/git/repository';
import { serviceFile } from '../pull-requests/review-environment.ts';

/** `network/environment/id`. */
export type Key = string;

/** What stands at a definition's path. `metadata`: what its client is to be; absent where the file says nothing. */
export interface Content {
  /** The same for the same file. */
  readonly blob: string;
  readonly metadata?: string;
  readonly owners: readonly string[];
}

export const settingsPath = '.github/greffier.yaml';
export const cells = ['internet/integration', 'internet/production'] as const;
export const ids = ['agenda', 'mairie', 'ecole', 'musee'] as const;

/** `network/environment`. */
export function cellOf(key: Key): string {
  return key.slice(0, key.lastIndexOf('/'));
}

export function pathOf(key: Key): string {
  return `service-providers/${key}.yaml`;
}

export function newDefinition(key: Key, owner?: string): string {
  const [network, environment, id = ''] = key.split('/');
  const cell = cells.find((one) => one === `${network}/${environment}`) ?? cells[0];
  const [text = ''] = Object.values(serviceFile(id, cell));
  return owner === undefined ? text : `${text}owners:\n  - ${owner}\n`;
}

/** What someone does to the files of a branch; the numbers choose among what is there. */
export interface Edit {
  readonly kind: 'change' | 'remove' | 'rename' | 'move' | 'copy' | 'add' | 'break' | 'bring-back';
  readonly target: number;
  readonly other: number;
  readonly field: Field;
}

export const fields = ['url', 'contact', 'logout', 'algorithm', 'nothing'] as const;
export type Field = (typeof fields)[number];

function at<T>(list: readonly T[], index: number): T | undefined {
  return list[index % Math.max(1, list.length)];
}

/** The same definition, in a field that Git merges by itself. `stamp`: a number that nothing else has. */
function changed(text: string, field: Field, stamp: string): string {
  if (field === 'url') return text.replace(/\/retour\S*/, `/retour-${stamp}`);
  if (field === 'logout') return text.replace(/\/fin\S*/, `/fin-${stamp}`);
  if (field === 'contact') return text.replace(/- \S+@agence-fictive/, `- ${stamp}@agence-fictive`);
  if (field === 'nothing') return text.replace(/support: \S+@/, `support: aide-${stamp}@`);
  const [from, to] = text.includes('userinfo_signed_response_alg: RS256')
    ? ['RS256', 'ES256']
    : ['ES256', 'RS256'];
  return text.replace(`userinfo_signed_response_alg: ${from}`, `userinfo_signed_response_alg: ${to}`);
}

/** A definition as it has to be in another environment. */
export function adapted(text: string, to: Key): string {
  const plain = text
    .replace(/environment: \w+/, `environment: ${to.split('/')[1]}`)
    .replace('datapass: H4821\n', '')
    .replace('private_sector: false\n', '');
  if (!to.includes('/production/')) return plain;
  const withAccess = plain.replace(/(?=description:)/, 'datapass: H4821\n');
  const end = withAccess.indexOf('owners:');
  return end === -1
    ? `${withAccess}private_sector: false\n`
    : `${withAccess.slice(0, end)}private_sector: false\n${withAccess.slice(end)}`;
}

const broken: readonly ((path: string) => FileChanges)[] = [
  (path) => ({ [path]: 'version: 1\n name: x\n' }),
  (path) => ({ [path]: { content: 'agenda.yaml', mode: '120000' } }),
  (path) => ({ [path]: null, [`${path}/agenda.yaml`]: 'version: 1\n' }),
  (path) => ({ [path]: '' }),
];

/**
 * The files of an edit on a commit, and what it is in words; undefined where there is nothing to edit.
 *
 * @param gone texts of definitions that were once there and are not any more, by key
 */
export function edited(
  git: GitRepository,
  commit: string,
  edit: Edit,
  stamp: string,
  gone: ReadonlyMap<Key, string>,
): { readonly files: FileChanges; readonly words: string } | undefined {
  const present = [...textsAt(git, commit)];
  const absent = cells
    .flatMap((cell) => ids.map((id) => `${cell}/${id}`))
    .filter((key) => !isThere(git, commit, key));
  if (edit.kind === 'add' || edit.kind === 'bring-back') {
    const back = at(
      [...gone].filter(([key]) => absent.includes(key)),
      edit.target,
    );
    if (edit.kind === 'bring-back' && back !== undefined) {
      const text = edit.other % 2 === 0 ? back[1] : changed(back[1], edit.field, stamp);
      return {
        files: { [pathOf(back[0])]: text },
        words: `brings ${back[0]} back${text === back[1] ? '' : ` with another ${edit.field}`}`,
      };
    }
    const key = at(absent, edit.target);
    if (key === undefined) return undefined;
    return { files: { [pathOf(key)]: changed(newDefinition(key), 'url', stamp) }, words: `adds ${key}` };
  }
  const [key, text] = at(present, edit.target) ?? [];
  if (key === undefined || text === undefined) return undefined;
  const path = pathOf(key);
  if (edit.kind === 'remove') return { files: { [path]: null }, words: `removes ${key}` };
  if (edit.kind === 'break') {
    const files = at(broken, edit.other)?.(path) ?? {};
    return { files, words: `breaks ${key} (${edit.other % broken.length})` };
  }
  if (edit.kind === 'change')
    return {
      files: { [path]: changed(text, edit.field, stamp) },
      words: `changes ${edit.field} of ${key} (${stamp})`,
    };
  const [, environment, id] = key.split('/');
  const cell = `internet/${environment === 'production' ? 'integration' : 'production'}`;
  const to =
    edit.kind === 'move' || (edit.kind === 'copy' && edit.other % 2 === 0)
      ? `${cell}/${id}`
      : at(
          absent.filter((one) => one.includes(`/${environment}/`)),
          edit.other,
        );
  if (to === undefined) return undefined;
  const moved = adapted(edit.field === 'nothing' ? text : changed(text, edit.field, stamp), to);
  const files: Record<string, FileChange> = { [pathOf(to)]: moved };
  if (edit.kind !== 'copy') files[path] = null;
  return {
    files,
    words: `${edit.kind === 'copy' ? 'copies' : 'moves'} ${key} to ${to}${edit.field === 'nothing' ? '' : ` with another ${edit.field} (${stamp})`}`,
  };
}

const placeAt =
  /^service-providers\/((?:internet|rie)\/(?:integration|production)\/[a-z0-9-]+)\.yaml(\/.*)?$/;

function textsAt(git: GitRepository, commit: string): ReadonlyMap<Key, string> {
  const tree = git.objects.commit(commit)?.tree;
  const texts = new Map<Key, string>();
  for (const { path, mode, sha } of tree === undefined ? [] : git.files(tree)) {
    const [, key, inside] = placeAt.exec(path) ?? [];
    if (key !== undefined && inside === undefined && mode === '100644')
      texts.set(key, git.objects.blob(sha)?.toString('utf8') ?? '');
  }
  return texts;
}

function isThere(git: GitRepository, commit: string, key: Key): boolean {
  return contentsOf(git, git.objects.commit(commit)?.tree).has(key);
}

/** What stands at every definition's path in a tree. */
export function contentsOf(git: GitRepository, tree: string | undefined): ReadonlyMap<Key, Content> {
  const contents = new Map<Key, Content>();
  for (const { path, mode, sha } of tree === undefined ? [] : git.files(tree)) {
    const [, key, inside] = placeAt.exec(path) ?? [];
    if (key === undefined) continue;
    const text = git.objects.blob(sha)?.toString('utf8') ?? '';
    const says = inside === undefined && mode === '100644' ? definitionOf(key, text) : undefined;
    contents.set(key, { blob: `${mode} ${sha}`, owners: [], ...says });
  }
  return contents;
}

/** The texts of definitions at a commit, to bring them back later. */
export function textsOf(git: GitRepository, commit: string): ReadonlyMap<Key, string> {
  return textsAt(git, commit);
}

const read = new Map<string, Says | undefined>();

interface Says {
  readonly metadata: string;
  readonly owners: readonly string[];
}

/** What a file says, which is worked out once. */
function definitionOf(key: Key, text: string): Says | undefined {
  const name = `${key} ${text}`;
  if (!read.has(name)) read.set(name, readDefinition(key, text));
  return read.get(name);
}

function readDefinition(key: Key, text: string): Says | undefined {
  let said: Record<string, unknown>;
  try {
    said = parse(text) ?? {};
  } catch {
    return undefined;
  }
  // What Greffier leaves to be written in a promotion.
  if (/: "?<.+>"?$/m.test(text)) return undefined;
  const [network, environment] = key.split('/');
  if (said.network !== network || said.environment !== environment) return undefined;
  if (environment === 'production' && (said.datapass === undefined || said.private_sector === undefined))
    return undefined;
  const { technical } = said.contacts as { technical: string[] };
  const metadata = metadataOf({ ...said, client_name: said.name, contacts: technical });
  return { metadata, owners: (said.owners as string[] | undefined) ?? [] };
}

/** What a client is, as one text: of a definition, and of the provider's own record. */
export function metadataOf(client: Readonly<Record<string, unknown>>): string {
  const list = (value: unknown) => (Array.isArray(value) ? [...value].sort() : []);
  return JSON.stringify([
    client.client_name,
    list(client.redirect_uris),
    list(client.post_logout_redirect_uris),
    client.id_token_signed_response_alg,
    client.userinfo_signed_response_alg ?? 'none',
    list(client.contacts),
  ]);
}

/** Whether another definition of the same cell claims the same name or address: an error, for which neither is applied. */
export function isClaimedTwice(contents: ReadonlyMap<Key, Content>, key: Key): boolean {
  const own = claimsOf(contents.get(key)?.metadata);
  const cell = key.slice(0, key.lastIndexOf('/') + 1);
  return [...contents].some(
    ([other, { metadata }]) =>
      other !== key && other.startsWith(cell) && claimsOf(metadata).some((one) => own.includes(one)),
  );
}

function claimsOf(metadata: string | undefined): readonly string[] {
  if (metadata === undefined) return [];
  const [name, uris] = JSON.parse(metadata) as [string, string[]];
  return [name, ...uris];
}
