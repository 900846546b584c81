/** Every command that the documents show exists, with these options: nobody types a line that is refused. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommandLine } from '#cli/cli';
import { catalogue } from '#domain/registry/rules/rule-catalogue';
import { commandSpecs, parseCommands } from '#domain/review/commands/parse';

const root = join(import.meta.dirname, '../..');
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'compose.yaml',
  'Procfile',
  'Dockerfile',
  ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`),
].filter((name) => /\.(md|yaml)$|file$/.test(name));

const text = (page: string) => readFileSync(join(root, page), 'utf8');
const scripts = (JSON.parse(text('package.json')) as { scripts: Record<string, string> }).scripts;

async function answered(...args: readonly string[]): Promise<{ code: number; said: string }> {
  let said = '';
  const code = await runCommandLine(args, {
    language: 'en',
    folder: root,
    colours: false,
    interactive: false,
    columns: 100,
    out: (words) => {
      said += words;
    },
    err: (words) => {
      said += words;
    },
    progress: () => {},
    ask: async () => undefined,
  });
  return { code, said };
}

const sources = ['src', 'test', 'scripts', 'demo'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => `/${folder}/${name}`),
);

/** What is typed after the name of the program, however it is called. */
function linesOf(page: string): readonly string[] {
  const called =
    /(?:npm run (?:--silent )?greffier --|(?:node )?bin\/greffier\.js|(?<![\w/])greffier) ((?:<[^>\n]+>|[^`|#"\n()<>,;])+)/g;
  const shown = text(page)
    // In prose a command stands between backticks; in blocks it begins a line.
    .split(/(```[\s\S]*?```)/)
    .flatMap((part) =>
      part.startsWith('```') || !page.endsWith('.md')
        ? part.split('\n').filter((line) => /^\s*(?:\w+: )?(?:npm run|node|npx|greffier|\$)/.test(line))
        : Array.from(part.matchAll(/`([^`\n]+)`/g), ([, code = '']) => code),
    );
  return shown.flatMap((line) =>
    Array.from(line.matchAll(called), ([, args = '']) => args.trim().replace(/\.$/, '')),
  );
}

// « greffier <command> » stands for any, and what stands between the name of a service and `node` is another program's.
const typed = pages.flatMap((page) =>
  linesOf(page)
    .filter((line) => /^[a-z]/.test(line) && !line.startsWith('node '))
    .map((line) => [page, line] as const),
);

describe('the documents', () => {
  it('show commands', () => {
    expect(new Set(typed.map(([page]) => page)).size).toBeGreaterThan(3);
    expect(typed.map(([, line]) => line)).toContain('store import greffier.ndjson');
  });

  it.each(typed)('%s: greffier %s', async (_page, line) => {
    const [name = '', ...rest] = line.split(/\s+/);
    const { code, said } = await answered(name, '--help');
    expect(code, said).toBe(0);
    const options = rest.filter((word) => word.startsWith('--')).map((word) => word.split('=')[0] ?? '');
    for (const option of options.filter((one) => one !== '--lang')) expect(said).toContain(option);
    const [action] = rest;
    if ((name === 'jobs' || name === 'store') && action !== undefined)
      expect(said).toMatch(new RegExp(`\\b${action}\\b`));
    const value = rest[rest.indexOf('--only') + 1];
    if (options.includes('--only')) expect(['ingress', 'worker']).toContain(value);
  });

  it.each(pages)('%s names no script of npm that is not there', (page) => {
    for (const [, name = ''] of text(page).matchAll(/npm run (?:--silent )?([a-z][\w:-]*)/g))
      expect(Object.keys(scripts), name).toContain(name);
  });

  it('say of each decision what a reviewer asks themselves', () => {
    const asked =
      text('docs/registry.md')
        .match(/^\| `.*$/gm)
        ?.join('\n') ?? '';
    const decisions = catalogue.rules.filter(({ severity }) => severity === 'decision');
    expect(decisions.length).toBeGreaterThan(10);
    for (const { id } of decisions) expect(asked).toContain(`\`${id}\``);
  });

  it.each(pages)('%s names no source file that is not there', (page) => {
    for (const [, name = ''] of text(page).matchAll(/`(?:\.\/)?([\w./-]+\.ts)`/g))
      expect(
        sources.some((path) => path.endsWith(`/${name}`)),
        name,
      ).toBe(true);
  });

  it.each(pages)('%s names no command of comments that is not there', (page) => {
    for (const [, line = ''] of text(page).matchAll(/`(\/greffier [^`]+)`/g)) {
      const [command] = parseCommands(line);
      expect(command, line).not.toHaveProperty('unknown');
      if (command !== undefined && 'name' in command) expect(commandSpecs).toHaveProperty(command.name);
    }
  });
});
