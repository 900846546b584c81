/** The small pages beside the demo: mails to be read, and an application to try keys in; and how tests fill forms in. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApplication } from '#demo/application';
import { fillForm } from '#demo/forms';
import type { LocalPages } from '#demo/local-pages';
import { startMailPages } from '#demo/mail-pages';
import { type LocalOpenIdProvider, startLocalOpenIdProvider } from '#demo/openid-provider';
import { agent } from '#demo/people';
import { type BrowserPage, TextBrowser } from '#demo/text-browser';

describe('the mailbox', () => {
  it('shows each mail as text, of which addresses are links and nothing else acts', async () => {
    const mail = (subject: string, text: string) => ({
      from: 'Greffier <greffier@localhost>',
      to: ['a@example.fr'],
      subject,
      text,
      html: '<script>alert(1)</script>',
      raw: '',
    });
    const hostile = '<img src=x onerror=alert(1)> https://a.example/x?a=1&b="><script>';
    const pages = await startMailPages(
      {
        mails: [mail('Premier', 'x'), mail('<b>Deux', `Lisez : http://127.0.0.1/demandes/1.\n\n${hostile}`)],
      },
      'fr',
    );
    const browser = new TextBrowser();
    const list = await browser.open(new URL(pages.url));
    expect(list.html.indexOf('&lt;b&gt;Deux')).toBeLessThan(list.html.indexOf('Premier'));
    const [, link = ''] = /<a href="([^"]+)">&lt;b&gt;Deux/.exec(list.html) ?? [];
    const read = await browser.open(new URL(link, pages.url));
    expect(read.html).toContain('<a href="http://127.0.0.1/demandes/1">http://127.0.0.1/demandes/1</a>.');
    expect(read.html).toContain('<a href="https://a.example/x?a=1&amp;b=">');
    expect(read.html).not.toMatch(/<(?:img|script|b)\b/);
    expect((await browser.open(new URL('/3', pages.url))).status).toBe(404);
    await pages.stop();
  });
});

describe('the application', () => {
  let provider: LocalOpenIdProvider;
  let pages: LocalPages;
  beforeAll(async () => {
    provider = await startLocalOpenIdProvider();
    pages = await startApplication([{ environment: 'production', issuer: provider.issuer }], 'fr');
  });
  afterAll(() => Promise.all([provider.stop(), pages.stop()]));

  it('signs in with keys whose redirect URI is elsewhere, by the address that the browser arrived at', async () => {
    const redirect = 'https://agenda.ville-de-montfictif.fr/auth/retour';
    const registered = await fetch(`${provider.issuer}/reg`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${provider.initialAccessToken}` },
      body: JSON.stringify({
        redirect_uris: [redirect],
        client_name: 'Agenda',
        userinfo_signed_response_alg: 'ES256',
      }),
    });
    const { client_id, client_secret } = (await registered.json()) as Record<string, string>;
    const browser = new TextBrowser();
    const start = await browser.open(new URL(pages.url));
    const keys = {
      client_id: client_id ?? '',
      client_secret: client_secret ?? '',
      redirect_uri: redirect,
      userinfo: 'ES256',
    };
    const away = (url: URL) => url.href.startsWith(redirect);
    const arrived = await browser.submit(await browser.submit(start, {}, keys), {}, {}, away);
    const finish = (address: string): Promise<BrowserPage> =>
      browser.submit(start, { words: 'Terminer' }, { address });
    expect((await finish(arrived.url.href)).html).toContain(agent.email);
    expect((await finish(arrived.url.href)).status).toBe(400);
    expect((await finish('?')).status).toBe(400);
    // A redirect URI that is not registered is the provider's to refuse.
    const refused = await browser.submit(start, {}, { ...keys, redirect_uri: `${redirect}/` });
    expect([refused.status, refused.html.includes('invalid_redirect_uri')]).toEqual([400, true]);
  });

  it('takes forms of its own pages only', async () => {
    const answer = await fetch(pages.url, {
      method: 'POST',
      headers: { origin: 'https://ailleurs.example' },
    });
    expect(answer.status).toBe(403);
  });
});

describe('a form', () => {
  const page = `<button form="f" name="apply" value="all">Tout</button>
    <form id="f" method="post" action="/x?a=1&amp;b"><input name="csrf" value="1"><input type="radio" name="r" value="a" checked>
    <input type="radio" name="r" value="b"><input type="checkbox" name="c"><select name="s"><option value="1"><option value="2" selected></select>
    <textarea name="t">\n&lt;un&gt;\n</textarea><button name="do" value="it" formaction="/y"><b>Aller</b></button></form>`;

  it('sends what a browser sends', () => {
    const { action, fields, method } = fillForm(page, { words: 'Aller' }, { r: 'b', c: 'on' });
    expect([method, action, fields.toString()]).toEqual([
      'post',
      '/y',
      'csrf=1&r=b&c=on&s=2&t=%3Cun%3E%0A&do=it',
    ]);
    const outside = fillForm(page, { name: 'apply' }, {});
    expect([outside.action, outside.fields.toString()]).toEqual([
      '/x?a=1&b',
      'csrf=1&r=a&s=2&t=%3Cun%3E%0A&apply=all',
    ]);
  });

  it('cannot be filled in where it has no such field, nor sent by a button that is not there', () => {
    expect(() => fillForm(page, {}, { autre: 'x' })).toThrow('no fields autre');
    expect(() => fillForm(page, { words: 'Partir' }, {})).toThrow('no button');
  });
});
