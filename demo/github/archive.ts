/** The archive of a commit, as GitHub packs it. */
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import type { Repository } from './state.ts';

/** A gzipped tar: the commit in a global header, then one folder `owner-repository-abcdef0` that holds everything. */
export async function buildArchive(of: Repository, sha: string): Promise<Buffer> {
  const commit = of.git.objects.commit(sha);
  const top = `${of.owner.login}-${of.name}-${sha.slice(0, 7)}`;
  const tar = pack();
  const whole = buffer(tar);
  const mtime = commit?.committer.date ?? new Date(0);
  tar.entry({ name: `${top}/`, type: 'directory', mode: 0o775, mtime });
  for (const file of commit === undefined ? [] : of.git.files(commit.tree)) {
    const content = of.git.objects.blob(file.sha) ?? Buffer.alloc(0);
    const name = `${top}/${file.path}`;
    if (file.mode === '120000')
      tar.entry({ name, type: 'symlink', linkname: content.toString('utf8'), mtime });
    else tar.entry({ name, mode: file.mode === '100755' ? 0o775 : 0o664, mtime }, content);
  }
  tar.finalize();
  return gzipSync(Buffer.concat([globalHeader(sha), await whole]), { level: 1 });
}

/** The pax global header (POSIX.1-2017, pax, « typeflag g ») in which `git archive` notes the commit. */
function globalHeader(sha: string): Buffer {
  const record = `52 comment=${sha}\n`;
  const header = Buffer.alloc(512);
  header.write('pax_global_header', 0);
  header.write('0000666\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${record.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write('        ', 148);
  header.write('g', 156);
  header.write('ustar\u000000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const body = Buffer.alloc(512);
  body.write(record, 0);
  return Buffer.concat([header, body]);
}
