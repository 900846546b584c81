/** A certificate authority of the tests' own, with openssl, and processes that may or may not believe it. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface Authority {
  /** The file of its own certificate. */
  readonly file: string;
  /** Of `subject`, for so many days, signed by the authority, or by itself (`own`). */
  certificate(
    name: string,
    subject: string,
    days: number,
    own?: boolean,
  ): { readonly key: Buffer; readonly cert: Buffer };
  remove(): void;
}

export function anAuthority(): Authority {
  const folder = mkdtempSync(join(tmpdir(), 'greffier-tls-'));
  const inFolder = (name: string) => join(folder, name);
  const openssl = (words: string, ...subject: readonly string[]): void =>
    void execFileSync('openssl', [...words.split(' '), ...subject], { cwd: folder, stdio: 'ignore' });
  const newKey = 'req -newkey rsa:2048 -nodes';
  openssl(`${newKey} -x509 -keyout ca.key -out ca.pem -days 3650 -subj`, '/CN=AC fictive');
  return {
    file: inFolder('ca.pem'),
    certificate(name, subject, days, own = false) {
      openssl(`${newKey} -keyout ${name}.key -out ${name}.csr -subj`, `/CN=${subject}`);
      writeFileSync(inFolder(`${name}.ext`), `subjectAltName=DNS:${subject}\n`);
      const issuer = own ? `-signkey ${name}.key` : '-CA ca.pem -CAkey ca.key -CAcreateserial';
      openssl(
        `x509 -req -in ${name}.csr ${issuer} -days ${days} -extfile ${name}.ext -out`,
        inFolder(`${name}.pem`),
      );
      return { key: readFileSync(inFolder(`${name}.key`)), cert: readFileSync(inFolder(`${name}.pem`)) };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** What a process of its own with this environment prints. */
export async function printedBy(
  code: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', code, ...args],
    { env: { PATH: process.env.PATH ?? '', ...environment }, timeout: 30_000 },
  );
  return stdout.trim();
}
