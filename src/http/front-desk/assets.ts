/** The style and the script of every page: files of our own, asked for by what is in them and kept for long. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Hono } from 'hono';
import { answer, type HttpEnv, methodNotAllowed } from '#http/response';

const folder = new URL('../../../templates/front-desk/', import.meta.url);
const types = {
  'guichet.css': 'text/css; charset=utf-8',
  'guichet.js': 'text/javascript; charset=utf-8',
  'guichet.svg': 'image/svg+xml',
} as const;
type AssetName = keyof typeof types;

interface Asset {
  readonly name: AssetName;
  readonly text: string;
  readonly digest: string;
}

function assetOf(name: AssetName): Asset {
  const text = readFileSync(new URL(name, folder), 'utf8');
  return { name, text, digest: createHash('sha256').update(text).digest('base64url').slice(0, 16) };
}

const assets: Readonly<Record<AssetName, Asset>> = {
  'guichet.css': assetOf('guichet.css'),
  'guichet.js': assetOf('guichet.js'),
  'guichet.svg': assetOf('guichet.svg'),
};

/** The address of a file as it is now: another one as soon as the file changes. */
export function assetAddress(name: AssetName): string {
  return `/${name}?v=${assets[name].digest}`;
}

export function assetFiles(): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>();
  for (const { name, text, digest } of Object.values(assets))
    app
      .get(`/${name}`, (context) =>
        answer(200, text, {
          'content-type': types[name],
          'cache-control':
            context.req.query('v') === digest ? 'public, max-age=31536000, immutable' : 'public, max-age=300',
          'cross-origin-resource-policy': 'same-origin',
        }),
      )
      .all(`/${name}`, methodNotAllowed('GET, HEAD'));
  return app;
}
