import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { createMetrics } from '#base/observability/metrics';
import type { FrontDeskOptions } from '#http/front-desk/front-desk';
import { type HttpServer, startHttpServer } from '#http/server';

describe('the front desk', () => {
  let server: HttpServer;
  async function open(frontDesk?: FrontDeskOptions): Promise<void> {
    server = await startHttpServer({
      host: '127.0.0.1',
      port: 0,
      secrets: [],
      ready: async () => true,
      measure: async () => undefined,
      ...(frontDesk === undefined ? {} : { frontDesk }),
      schemas: new Map(),
      log: pino({ level: 'silent' }),
      metrics: createMetrics(),
    });
  }
  afterEach(() => server.close());
  const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`http://127.0.0.1:${server.port}${path}`, { headers });
  const desk: FrontDeskOptions = {
    origin: 'https://guichet.example.gouv.fr',
    registry: async () => undefined,
  };

  it('is not there without its section of the configuration', async () => {
    await open();
    for (const path of ['/', '/demande', '/services', '/guichet.css'])
      expect((await get(path)).status, path).toBe(404);
  });

  it('lets nothing act but its own style and script, and is kept by nobody', async () => {
    await open(desk);
    const { headers } = await get('/');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('speaks French, or English where it was asked for, and remembers that', async () => {
    await open(desk);
    const text = async (path: string, headers?: Record<string, string>) => (await get(path, headers)).text();
    expect(await text('/')).toContain('<html lang="fr">');
    expect(await text('/', { 'accept-language': 'en-GB,fr;q=0.5' })).toContain('<html lang="en">');
    expect(await text('/?lang=fr', { 'accept-language': 'en' })).toContain('<html lang="fr">');
    const chosen = await get('/?lang=en');
    expect(chosen.headers.get('set-cookie')).toMatch(/^guichet_langue=en; .*HttpOnly; SameSite=Lax/);
    expect(await text('/', { cookie: 'guichet_langue=en' })).toContain('<html lang="en">');
    expect(await text('/?lang=xx')).toContain('<html lang="fr">');
  });

  it('leads those who look for a page that is not there to the start, and says nothing to programs', async () => {
    await open(desk);
    const shown = await get('/nulle-part', { accept: 'text/html,*/*' });
    expect(shown.status).toBe(404);
    expect(await shown.text()).toContain('href="/"');
    expect(await (await get('/nulle-part', { accept: '*/*' })).text()).toBe('');
  });

  it('keeps what was asked for when the language changes', async () => {
    await open(desk);
    const page = await (await get('/demande?from=rie/production/a"><b>&to=production')).text();
    expect(page).toContain('href="?from=rie%2Fproduction%2Fa%22%3E%3Cb%3E&amp;to=production&amp;lang=en"');
  });

  it('gives its files under addresses that change with them', async () => {
    await open(desk);
    const home = await (await get('/')).text();
    for (const name of ['guichet.css', 'guichet.js', 'guichet.svg']) {
      const address = new RegExp(`/${name.replace('.', '\\.')}\\?v=[\\w-]{16}`).exec(home)?.[0] ?? '';
      expect((await get(address)).headers.get('cache-control'), name).toContain('immutable');
      expect((await get(`/${name}`)).headers.get('cache-control'), name).toBe('public, max-age=300');
    }
  });
});
