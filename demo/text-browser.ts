/** A person with a browser: follows redirects, keeps cookies, presses buttons. Nothing is run, as in a text browser. */

export interface BrowserPage {
  readonly url: URL;
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
}

export class TextBrowser {
  readonly #cookies = new Map<string, string>();

  /**
   * Opens an address and follows where it leads, until a page is shown or `until` says that the address is the one to
   * stop before (an application that is not there, for instance).
   */
  async open(
    url: URL,
    until: (url: URL) => boolean = () => false,
    init: RequestInit = {},
  ): Promise<BrowserPage> {
    let at = url;
    let how = init;
    for (let hops = 0; hops < 20; hops++) {
      if (until(at)) return { url: at, status: 0, headers: new Headers(), html: '' };
      const response = await fetch(at, {
        ...how,
        redirect: 'manual',
        headers: { ...how.headers, cookie: this.#cookieHeader(at) },
      });
      this.#keepCookies(at, response);
      const location = response.headers.get('location');
      const html = await response.text();
      if (location === null || response.status < 300 || response.status > 399)
        return { url: at, status: response.status, headers: response.headers, html };
      at = new URL(location, at);
      how = {};
    }
    throw new Error(`${url.href} leads round in circles`);
  }

  /** Presses the first button of a page, sending what its form holds. */
  async press(page: BrowserPage, until: (url: URL) => boolean = () => false): Promise<BrowserPage> {
    const form = /<form\b[^>]*>[\s\S]*?<\/form>/i.exec(page.html)?.[0];
    if (form === undefined) throw new Error(`${page.url.href} has no button to press`);
    const action = attribute(/<form\b[^>]*>/i.exec(form)?.[0] ?? '', 'action') ?? page.url.href;
    const fields = new URLSearchParams();
    for (const [tag] of form.matchAll(/<(?:input|button)\b[^>]*>/gi)) {
      const name = attribute(tag, 'name');
      if (name !== undefined) fields.append(name, attribute(tag, 'value') ?? '');
    }
    return this.open(new URL(action, page.url), until, {
      method: 'POST',
      body: fields,
      // What a browser says of itself when a page of the same site sends a form.
      headers: { origin: page.url.origin, 'sec-fetch-site': 'same-origin' },
    });
  }

  #cookieHeader(url: URL): string {
    return [...this.#cookies]
      .filter(([key]) => key.startsWith(`${url.host} `))
      .map(([key, value]) => `${key.slice(url.host.length + 1)}=${value}`)
      .join('; ');
  }

  #keepCookies(url: URL, response: Response): void {
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const equals = pair.indexOf('=');
      this.#cookies.set(`${url.host} ${pair.slice(0, equals)}`, pair.slice(equals + 1));
    }
  }
}

function attribute(tag: string, name: string): string | undefined {
  const found = new RegExp(`\\b${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>]+))`, 'i').exec(tag);
  const value = found?.[1] ?? found?.[2] ?? found?.[3];
  return value === undefined ? undefined : unescapeHtml(value);
}

const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
};

/** The characters that HTML's references stand for. */
export function unescapeHtml(html: string): string {
  return html.replace(/&(?:#x([0-9a-f]+)|#(\d+)|([a-z]+));/gi, (whole, hex, decimal, name) => {
    if (typeof hex === 'string') return String.fromCodePoint(Number.parseInt(hex, 16));
    if (typeof decimal === 'string') return String.fromCodePoint(Number(decimal));
    return named[String(name).toLowerCase()] ?? whole;
  });
}
