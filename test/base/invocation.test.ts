import { afterEach, describe, expect, it } from 'vitest';
import { asTyped, type Call, calledAs, catalogueAsTyped, invocationOf } from '#base/invocation';

const call = (change: Partial<Call>): Call => ({
  script: '/srv/greffier/bin/greffier.js',
  environment: {},
  folder: '/srv/greffier',
  clone: '/srv/greffier',
  ...change,
});
const npx = { npm_command: 'exec', npm_lifecycle_event: 'npx' };
const bin = '/home/a/.npm/_npx/1/node_modules/.bin/greffier';

describe('a command that a sentence names', () => {
  afterEach(() => calledAs());

  it.each([
    [
      'npm run greffier',
      call({ environment: { npm_lifecycle_event: 'greffier' } }),
      'npm run greffier --',
      'npm run serve',
    ],
    [
      'npm run serve',
      call({ environment: { npm_lifecycle_event: 'serve' } }),
      'npm run greffier --',
      'npm run serve',
    ],
    [
      'npx in a clone',
      call({ script: '/srv/greffier/node_modules/.bin/greffier', environment: npx }),
      'npx greffier',
      'npm run serve',
    ],
    [
      'npx of the package',
      call({ script: bin, environment: npx, folder: '/home/a', clone: undefined }),
      'npx greffier',
      'npx greffier serve',
    ],
    [
      'its name',
      call({ script: '/usr/bin/greffier', folder: '/home/a', clone: undefined }),
      'greffier',
      'greffier serve',
    ],
    [
      'its name, in an editor that npm started',
      call({ script: '/usr/bin/greffier', environment: { npm_lifecycle_event: 'dev' } }),
      'greffier',
      'greffier serve',
    ],
    ['Node, on a runner', call({ environment: { CI: 'true' } }), 'greffier', 'greffier serve'],
    ['Node, there', call({}), 'node bin/greffier.js', 'node bin/greffier.js serve'],
    [
      'Node, from elsewhere',
      call({ folder: '/home/a' }),
      'node /srv/greffier/bin/greffier.js',
      'node /srv/greffier/bin/greffier.js serve',
    ],
    [
      'Node, from a folder with a space',
      call({ script: '/srv/a b/bin/greffier.js', folder: '/' }),
      "node 'srv/a b/bin/greffier.js'",
      "node 'srv/a b/bin/greffier.js' serve",
    ],
  ])('is one that works for who called it by %s', (_name, made, program, serve) => {
    expect(invocationOf(made)).toEqual({ program, serve });
  });

  it('is put in the place of what is written', () => {
    calledAs({ program: 'npx greffier', serve: 'npm run serve' });
    expect(
      asTyped('« greffier serve » le crée ; greffier jobs retry --all, greffier <commande> --help'),
    ).toBe('« npm run serve » le crée ; npx greffier jobs retry --all, npx greffier <commande> --help');
    for (const other of [
      '/greffier fix',
      'greffier.env',
      'le contrôle greffier',
      'greffier newer',
      'greffier store-x',
    ])
      expect(asTyped(other)).toBe(other);
    expect(catalogueAsTyped({ a: 'greffier doctor' })).toEqual({ a: 'npx greffier doctor' });
  });
});
