/** The published JSON Schemas, which editors read. */
import { Hono } from 'hono';
import { answer, type HttpEnv, methodNotAllowed } from './response.ts';

/** @param schemas file name to text */
export function schemaFiles(schemas: ReadonlyMap<string, string>): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>();
  for (const [name, text] of schemas)
    app
      .get(`/${name}`, () =>
        answer(200, text, {
          'content-type': 'application/schema+json',
          'access-control-allow-origin': '*',
          'cache-control': 'public, max-age=3600',
        }),
      )
      .all(`/${name}`, methodNotAllowed('GET, HEAD'));
  return app;
}
