/** A person with a browser: follows redirects, keeps cookies, presses buttons. Nothing is run, as in a text browser. */
import { type ButtonChoice, fillForm } from './forms.ts';

export interface BrowserPage {
  readonly url: URL;
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
}

export class TextBrowser {
  readonly #cookies = new Map<string, string>();
  readonly #language: string | undefined;

  /** @param language in which the person reads */
  constructor(language?: string) {
    this.#language = language;
  }

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
        headers: {
          accept: 'text/html',
          ...(this.#language === undefined ? {} : { 'accept-language': this.#language }),
          ...how.headers,
          cookie: this.cookiesOf(at),
        },
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
    return this.submit(page, {}, {}, until);
  }

  /**
   * Fills a form in and presses one of its buttons.
   *
   * @throws when the page has no such button or field
   */
  async submit(
    page: BrowserPage,
    button: ButtonChoice,
    values: Readonly<Record<string, string>> = {},
    until: (url: URL) => boolean = () => false,
  ): Promise<BrowserPage> {
    const { method, action, fields } = fillForm(page.html, button, values);
    const to = new URL(action ?? page.url.href, page.url);
    if (method === 'get') {
      to.search = fields.toString();
      return this.open(to, until);
    }
    return this.open(to, until, {
      method: 'POST',
      body: fields,
      // What a browser says of itself when a page of the same site sends a form.
      headers: { origin: page.url.origin, 'sec-fetch-site': 'same-origin' },
    });
  }

  /** What it would send there. */
  cookiesOf(url: URL): string {
    return [...this.#cookies]
      .filter(([key]) => key.startsWith(`${url.host} `))
      .map(([key, value]) => `${key.slice(url.host.length + 1)}=${value}`)
      .join('; ');
  }

  #keepCookies(url: URL, response: Response): void {
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const equals = pair.indexOf('=');
      if (/; *max-age=0 *(?:;|$)/i.test(line)) {
        this.#cookies.delete(`${url.host} ${pair.slice(0, equals)}`);
        continue;
      }
      this.#cookies.set(`${url.host} ${pair.slice(0, equals)}`, pair.slice(equals + 1));
    }
  }
}
