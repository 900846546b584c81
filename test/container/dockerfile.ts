/**
 * Plays a Dockerfile in folders, for want of Docker: each stage is a folder, and what it says absolute is below that. `npm ci`
 * takes what the lock file says from the project's own packages, `chown` does nothing, everything else is done as it stands.
 */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';

export interface Instruction {
  readonly name: string;
  readonly rest: string;
}

/** Comments and blank lines away, continued lines as one. */
export function instructionsOf(text: string): readonly Instruction[] {
  const lines = text.split('\n').filter((line) => !/^\s*(?:#|$)/.test(line));
  return lines
    .join('\n')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => {
      const [, name = '', rest = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
      return { name, rest };
    });
}

/** What a container of the last stage is started with. */
export interface Image {
  /** The folder that is its root. */
  readonly root: string;
  readonly base: string;
  readonly workdir: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly user: string;
  readonly volumes: readonly string[];
  readonly ports: readonly string[];
  readonly stopSignal: string;
  /** The exec forms; undefined where a shell would stand between. */
  readonly healthcheck: readonly string[] | undefined;
  readonly entrypoint: readonly string[] | undefined;
  readonly command: readonly string[] | undefined;
}

interface Building {
  readonly project: string;
  /** Where stages are made. */
  readonly folder: string;
  readonly args: Readonly<Record<string, string>>;
}

/** @throws when a step of it fails, or is none that is known here */
export function playDockerfile({ project, folder, args }: Building): readonly Image[] {
  const tools = toolsIn(folder, project);
  const taken = takenIntoContext(readFileSync(join(project, '.dockerignore'), 'utf8'));
  const images: (Image & { readonly name: string })[] = [];
  const change = (changed: Partial<Image>) => void images.push({ ...last(), ...changed });
  const last = () => images.pop() ?? fail('an instruction before FROM');
  const now = () => images.at(-1) ?? fail('an instruction before FROM');
  const given: Record<string, string> = {};
  for (const { name, rest } of instructionsOf(readFileSync(join(project, 'Dockerfile'), 'utf8'))) {
    if (name === 'FROM') {
      const [base = '', , stage = String(images.length)] = rest.split(/\s+/);
      const root = join(folder, `stage-${stage}`);
      mkdirSync(root);
      images.push({ name: stage, root, base, ...bare });
    } else if (name === 'WORKDIR') {
      mkdirSync(join(now().root, rest), { recursive: true });
      change({ workdir: rest });
    } else if (name === 'ENV') {
      const pairs = rest.split(/\s+/).map((pair) => pair.split('=') as [string, string]);
      change({ environment: { ...now().environment, ...Object.fromEntries(pairs) } });
    } else if (name === 'ARG') {
      const [key = '', value = ''] = rest.split('=');
      given[key] = args[key] ?? value;
    } else if (name === 'COPY') copy(rest);
    else if (name === 'RUN') run(rest);
    else if (name === 'USER') change({ user: rest });
    else if (name === 'VOLUME') change({ volumes: [...now().volumes, rest] });
    else if (name === 'EXPOSE') change({ ports: [...now().ports, rest] });
    else if (name === 'STOPSIGNAL') change({ stopSignal: rest });
    else if (name === 'HEALTHCHECK') change({ healthcheck: execForm(rest.replace(/^.*?CMD /, '')) });
    else if (name === 'ENTRYPOINT') change({ entrypoint: execForm(rest) });
    else if (name === 'CMD') change({ command: execForm(rest) });
    else fail(`${name}, which is not played here`);
  }
  return images;

  function copy(rest: string): void {
    const words = rest.split(/\s+/);
    const from = /^--from=(.*)/.exec(words[0] ?? '')?.[1];
    const source = from === undefined ? project : images.find((one) => one.name === from)?.root;
    const paths = words.slice(from === undefined ? 0 : 1);
    const target = paths.pop() ?? fail('COPY without a target');
    for (const path of paths) {
      if (from === undefined && !taken(path)) fail(`COPY of ${path}, which .dockerignore leaves out`);
      const whole = join(source ?? fail(`no stage ${from}`), path);
      const folderTo = join(now().root, isAbsolute(target) ? '' : now().workdir, target);
      // Several, or a target that ends so, are put into the folder; the content of one folder becomes that of the target.
      const isInto = target.endsWith('/') && !statSync(whole).isDirectory();
      cpSync(whole, isInto ? join(folderTo, basename(path)) : folderTo, { recursive: true });
    }
  }

  function run(command: string): void {
    const { root, workdir, environment } = now();
    const here = command.replace(/(?<=\s)\/(?!dev\/null)(?=\w)/g, `${root}/`);
    const { status, stderr } = spawnSync('sh', ['-c', here], {
      cwd: join(root, workdir),
      encoding: 'utf8',
      env: { ...below(root, environment), ...given, PATH: `${tools}:${process.env.PATH}` },
    });
    if (status !== 0) fail(`RUN ${command}: ${stderr}`);
  }
}

const bare = {
  workdir: '/',
  environment: {},
  user: 'root',
  volumes: [],
  ports: [],
  stopSignal: 'SIGTERM',
  healthcheck: undefined,
  entrypoint: undefined,
  command: undefined,
} as const;

/** The variables of an image whose root is a folder. */
export function below(root: string, environment: Image['environment']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [name, isAbsolute(value) ? join(root, value) : value]),
  );
}

function execForm(text: string): readonly string[] | undefined {
  return text.startsWith('[') ? (JSON.parse(text) as string[]) : undefined;
}

/** Whether a path is sent to who builds; of `.dockerignore`, only the form that ours has: nothing but what is named. */
function takenIntoContext(text: string): (path: string) => boolean {
  const [all, ...named] = text.trim().split('\n');
  if (all !== '*' || named.some((line) => !line.startsWith('!')))
    fail('.dockerignore is not a list of what is taken');
  return (path) => named.includes(`!${path}`);
}

/** What stands in for the image's own: its Node is ours, and nothing is asked of a network. */
function toolsIn(folder: string, project: string): string {
  const tools = join(folder, 'tools');
  mkdirSync(tools);
  symlinkSync(process.execPath, join(tools, 'node'));
  const tool = (name: string, script: string) => {
    writeFileSync(join(tools, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(tools, name), 0o755);
  };
  tool('chown', 'exit 0');
  const npm = join(folder, 'install.ts');
  writeFileSync(
    npm,
    `import { installFrom } from ${JSON.stringify(join(import.meta.dirname, 'dockerfile.ts'))};\ninstallFrom(${JSON.stringify(project)}, process.cwd(), process.argv.slice(2));\n`,
  );
  const real = spawnSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).stdout.trim();
  tool('npm', `case $1 in ci) exec node ${npm} "$@";; cache) exit 0;; *) exec ${real} "$@";; esac`);
  return tools;
}

/** What `npm ci` of these options installs, as the lock file of the folder says, from the packages of a project. */
export function installFrom(project: string, folder: string, options: readonly string[]): void {
  const omitted = new Set(options.flatMap((option) => /^--omit=(.*)/.exec(option)?.[1] ?? []));
  const { packages } = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  };
  for (const [path, { dev, optional, devOptional }] of Object.entries(packages)) {
    const isOmitted =
      (dev === true && omitted.has('dev')) ||
      (optional === true && omitted.has('optional')) ||
      (devOptional === true && omitted.has('dev') && omitted.has('optional'));
    if (path === '' || isOmitted || !existsSync(join(project, path))) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    // What is nested in it is a package of its own.
    const nested = join(project, path, 'node_modules');
    cpSync(join(project, path), join(folder, path), { recursive: true, filter: (one) => one !== nested });
  }
}

function fail(reason: string): never {
  throw new Error(reason);
}
