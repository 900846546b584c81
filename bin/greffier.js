#!/usr/bin/env node
// Starts Greffier: from its sources, which Node runs directly, in a clone; compiled, in the package, which has no sources.
const wanted = 24;
const major = Number(process.versions.node.split('.')[0]);
if (major < wanted) {
  const french = !/^en/i.test(process.env.LC_ALL || process.env.LC_MESSAGES || process.env.LANG || '');
  process.stderr.write(
    french
      ? `Greffier a besoin de Node ${wanted} ou plus récent ; celui-ci est le ${process.versions.node}. « npm install » et « npm ci » en apportent un : npx greffier le prend ; sinon, node_modules/.bin/node.\n`
      : `Greffier needs Node ${wanted} or newer; this one is ${process.versions.node}. "npm install" and "npm ci" bring one, which npx greffier takes; else node_modules/.bin/node.\n`,
  );
  process.exitCode = 2;
} else {
  // Not by `import`, which has Node load all that a module of its own could ever give: a twentieth of a start.
  const { existsSync } = process.getBuiltinModule('node:fs');
  process.getBuiltinModule('node:module').enableCompileCache();
  const { takeOwnImportsAsTheyStand } = await import('./own-imports.js');
  const source = new URL('../src/cli/cli.ts', import.meta.url);
  const isSource = existsSync(source);
  const folder = new URL(isSource ? '../' : '../dist/', import.meta.url);
  takeOwnImportsAsTheyStand(folder);
  const { main } = await import(isSource ? source.href : new URL('src/cli/cli.js', folder).href);
  await main();
}
