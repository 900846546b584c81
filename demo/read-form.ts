/** A form that a browser sent to one of the demo's own pages. */
import type { IncomingMessage } from 'node:http';

/** Characters of a whole form. */
const most = 1_000_000;

/**
 * @param origin whose own pages alone may send it; anyone's when undefined
 * @returns undefined when it comes from a page of elsewhere, by whatever name this machine was reached, or is too long
 */
export async function readForm(
  request: IncomingMessage,
  origin?: string,
): Promise<URLSearchParams | undefined> {
  const { origin: from, host } = request.headers;
  request.setEncoding('utf8');
  let text = '';
  for await (const chunk of request) if (text.length <= most) text += String(chunk);
  // Browsers always say where a form comes from; what does not is no browser.
  const isOwn =
    origin === undefined || ((from === undefined || from === origin) && host === new URL(origin).host);
  return isOwn && text.length <= most ? new URLSearchParams(text) : undefined;
}
