/** `/handover/:token`: where keys are shown, once. */
import { Hono } from 'hono';
import type { HandoverPageRequest, HandoverPageResponse } from '#application/handover/one-time-page';
import { defined } from '#base/defined';
import { answer, type HttpEnv, methodNotAllowed } from '#http/response';

export function oneTimePage(
  page: (request: HandoverPageRequest) => Promise<HandoverPageResponse>,
): Hono<HttpEnv> {
  const path = '/:token{[A-Za-z0-9_-]{1,200}}';
  return new Hono<HttpEnv>()
    .on(['GET', 'POST'], path, async (context) => {
      // The form has no fields: whatever was sent with it is dropped.
      context.env.incoming.resume();
      const { status, headers, body } = await page(
        defined({
          method: context.req.method,
          token: context.req.param('token'),
          lang: context.req.query('lang'),
          acceptLanguage: context.req.header('accept-language'),
        }),
      );
      return answer(status, body, headers);
    })
    .all(path, methodNotAllowed('GET, HEAD, POST'));
}
