import { afterEach, describe, expect, it } from 'vitest';
import type { ListedService } from '#application/front-desk/catalogue';
import { type DeskServer, openDesk } from './desk-server.ts';

const day = new Date('2026-03-03T10:00:00Z');
const listed = (name: string): ListedService => ({
  name,
  description: 'Gérer <b>tout</b>',
  organization: { siret: '13002526500013' },
  since: day,
  changed: day,
});

describe('the pages of the catalogue', () => {
  let desk: DeskServer;
  afterEach(() => desk.server.close());
  const text = async (path: string) => (await desk.get(path)).text();

  it('are not there unless the catalogue is public', async () => {
    desk = await openDesk();
    for (const path of ['/services', '/services.json']) expect((await desk.get(path)).status, path).toBe(404);
    expect(await text('/')).not.toContain('/services');
  });

  it('show a page of them, with a search and the next page, and what is foreign as text', async () => {
    const services = Array.from({ length: 30 }, (_, index) => listed(`Service ${index}`));
    desk = await openDesk({ catalogue: async () => ({ services, changed: day }) });
    const first = await text('/services');
    expect(first).toContain('30 services');
    expect(first.match(/<li><h2>/g)).toHaveLength(25);
    expect(first).toContain('Gérer &lt;b&gt;tout&lt;/b&gt;');
    expect(first).toContain('Depuis le 3 mars 2026');
    expect(first).toContain('href="/services?page=2"');
    expect((await text('/services?page=2')).match(/<li><h2>/g)).toHaveLength(5);
    const found = await text('/services?q=service+29"><script>');
    expect(found).toContain('value="service 29&quot;&gt;&lt;script&gt;"');
    expect(await text('/services?q=service+29')).toContain(
      '1 service trouvé pour <strong>service 29</strong>',
    );
  });

  it('are data too', async () => {
    desk = await openDesk({ catalogue: async () => ({ services: [listed('Agenda')], changed: day }) });
    const response = await desk.get('/services.json?q=agenda');
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(await response.json()).toEqual({
      changed: '2026-03-03T10:00:00.000Z',
      services: [
        {
          name: 'Agenda',
          description: 'Gérer <b>tout</b>',
          organization: { siret: '13002526500013' },
          since: '2026-03-03T10:00:00.000Z',
          changed: '2026-03-03T10:00:00.000Z',
        },
      ],
    });
  });

  it('say so while the registry is not known', async () => {
    desk = await openDesk({ catalogue: async () => undefined });
    expect((await desk.get('/services')).status).toBe(503);
    expect((await desk.get('/services.json')).status).toBe(503);
  });
});
