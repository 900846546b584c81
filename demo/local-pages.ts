/** A small server of pages on this machine. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Html, html, ownHtml } from '#base/html';
import type { Language } from '#base/i18n/message';
import { pageStyle } from './page-style.ts';

export interface LocalPages {
  /** `http://HOST:PORT`. */
  readonly url: string;
  stop(): Promise<void>;
}

export interface LocalPage {
  readonly status?: number;
  readonly title?: string;
  readonly body?: Html;
  /** Where the browser is sent instead. */
  readonly location?: string;
  /** Seconds after which the page is asked for again. */
  readonly refresh?: number;
}

/**
 * Nothing of what a page holds runs. Forms may lead elsewhere in the end, which no `form-action` would allow.
 *
 * @param answer undefined where there is no page
 * @param host by which name of this machine it is known
 */
export async function servePages(
  language: Language,
  answer: (url: URL, request: IncomingMessage) => Promise<LocalPage | undefined>,
  host = '127.0.0.1',
): Promise<LocalPages> {
  const server = createServer((request, response) => {
    const missing: LocalPage = { status: 404, title: '404', body: html`<p><a href="/">/</a></p>` };
    const url = new URL(request.url ?? '/', origin);
    answer(url, request)
      .catch(
        (error: unknown): LocalPage => ({
          status: 500,
          title: '500',
          body: html`<pre>${String(error)}</pre>`,
        }),
      )
      .then((found = missing) => {
        const {
          status = found.location === undefined ? 200 : 303,
          title = '',
          body,
          location,
          refresh,
        } = found;
        response.writeHead(status, {
          'content-type': 'text/html; charset=utf-8',
          'content-security-policy':
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
          'cache-control': 'no-store',
          ...(location === undefined ? {} : { location }),
          ...(refresh === undefined ? {} : { refresh: String(refresh) }),
        });
        response.end(
          String(html`<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><style>${ownHtml(pageStyle)}</style></head><body><main><h1>${title}</h1>
${body}
</main></body></html>
`),
        );
      });
  });
  const listening = Promise.withResolvers<void>();
  server.once('error', listening.reject).listen(0, '127.0.0.1', listening.resolve);
  await listening.promise;
  const origin = `http://${host}:${(server.address() as AddressInfo).port}`;
  return {
    url: origin,
    async stop() {
      const { promise, resolve } = Promise.withResolvers<void>();
      server.close(() => resolve());
      server.closeAllConnections();
      await promise;
    },
  };
}
