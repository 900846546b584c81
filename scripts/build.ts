/** `npm run build`: compiles the sources into `dist/`, with what they read at run time beside them. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/**
 * @param out the folder to write; what was there is removed first
 * @throws when the sources do not compile: what is wrong was printed
 */
export function build(out: string): void {
  rmSync(out, { recursive: true, force: true });
  execFileSync(process.execPath, [typescript(), '-p', 'tsconfig.build.json', '--outDir', out], {
    cwd: root,
    stdio: 'inherit',
  });
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'package.json'), compiledPackage());
  for (const kept of ['app.yml', 'schemas', 'templates/front-desk'])
    cpSync(join(root, kept), join(out, kept), { recursive: true });
}

function typescript(): string {
  return join(root, 'node_modules', 'typescript', 'bin', 'tsc');
}

/** The package as the compiled program sees it: `#domain/…` and the like lead to what was compiled, `gitHead` says from where. */
function compiledPackage(): string {
  const { name, version, type, imports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly name: string;
    readonly version: string;
    readonly type: string;
    readonly imports: Readonly<Record<string, string>>;
  };
  const compiled = Object.entries(imports)
    .filter(([, target]) => !target.startsWith('./demo/'))
    .map(([from, target]) => [from, target.replace(/\.ts$/, '.js')]);
  return `${JSON.stringify({ name, version, type, ...gitHead(), imports: Object.fromEntries(compiled) }, null, 2)}\n`;
}

/** The commit that is built; nothing outside a clone. */
function gitHead(): { readonly gitHead?: string } {
  try {
    const head = execFileSync('git', ['rev-parse', 'HEAD'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return { gitHead: head.trim() };
  } catch {
    return {};
  }
}

if (import.meta.main) build(join(root, 'dist'));
