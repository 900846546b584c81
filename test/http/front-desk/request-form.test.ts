import { connect } from 'node:net';
import { Hono } from 'hono';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DefinitionThere } from '#application/front-desk/read-own-definition';
import { fields } from '#domain/front-desk/fields';
import { definitionOf, valuesOf } from '#domain/front-desk/form-values';
import type { FrontDeskPeople, SignedIn, Standing } from '#http/front-desk/people';
import type { HttpEnv } from '#http/response';
import { fc } from '../../fast-check.ts';
import { hostileText } from '../../hostile-text.ts';
import { type DeskServer, openDesk, origin, sixFaults, soundValues } from './desk-server.ts';

/** Every tag of a page; fails where something that is none begins like one. */
function tagsOf(page: string): { readonly name: string; readonly attributes: Record<string, string> }[] {
  return page
    .split('<')
    .slice(1)
    .filter((rest) => !/^(?:\/[a-z0-9]+>|!doctype html>)/.test(rest))
    .map((rest) => {
      const [, name = '', attributes = ''] = /^([a-z0-9]+)((?: [a-z-]+(?:="[^"<>]*")?)*)>/.exec(rest) ?? [];
      expect(name, `<${rest.slice(0, 80)}`).not.toBe('');
      return {
        name,
        attributes: Object.fromEntries(
          Array.from(attributes.matchAll(/ ([a-z-]+)(?:="([^"]*)")?/g), ([, key = '', value = '']) => [
            key,
            value,
          ]),
        ),
      };
    });
}

const knownTags =
  /^(?:html|head|meta|title|link|script|body|a|header|div|nav|ul|ol|li|main|h[1-3]|p|form|button|input|textarea|fieldset|legend|label|section|details|summary|span|strong|code|pre|dl|dt|dd|footer|br)$/;

describe('the form of the front desk', () => {
  let desk: DeskServer;
  afterEach(() => desk.server.close());
  const text = async (response: Promise<Response>): Promise<string> => (await response).text();

  it('has every field, in the order of the paper form, each with a label and a hint', async () => {
    desk = await openDesk();
    const page = await text(desk.get('/demande'));
    const places = fields.map(({ name, kind }) => {
      expect(page, name).toContain(`id="${name}-hint"`);
      return page.indexOf(`id="${name}${kind === 'scopes' ? '-hint' : ''}"`);
    });
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    expect(page).toContain('Formulaire non nécessaire');
    // Each control has a label of its own, and whatever describes it is there.
    const tags = tagsOf(page);
    const ids = new Set(tags.map(({ attributes }) => attributes.id));
    const labelled = new Set(tags.map(({ attributes }) => attributes.for));
    for (const { name, attributes } of tags) {
      if (/^(?:input|textarea)$/.test(name) && attributes.type !== 'hidden')
        expect(labelled, attributes.name).toContain(attributes.id);
      for (const id of attributes['aria-describedby']?.split(' ') ?? []) expect(ids, id).toContain(id);
    }
    expect(Buffer.byteLength(page)).toBeLessThan(40_000);
  });

  it('answers faults with a summary that leads to the fields, the values kept, and buttons for what is certain', async () => {
    desk = await openDesk();
    const response = await desk.post('/demande', { ...sixFaults, action: 'check' });
    expect(response.status).toBe(422);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const page = await response.text();
    expect(page).toContain('<title>Erreur');
    expect(page).toContain('Il y a 6 réponses à corriger');
    const ids = new Set(tagsOf(page).map(({ attributes }) => attributes.id));
    const links = Array.from(page.matchAll(/<li><a href="#([^"]+)"/g), ([, id]) => id);
    expect(links).toEqual([
      'organization.siret',
      'name',
      'datapass',
      'redirect_uris',
      'contacts.support',
      'contacts.technical',
    ]);
    for (const id of links) expect(ids).toContain(id);
    for (const { name, attributes } of tagsOf(page))
      if (links.includes(attributes.id) && /^(?:input|textarea)$/.test(name))
        expect(attributes['aria-invalid'], attributes.id).toBe('true');
    expect(page).toContain('URL de redirection de connexion, 2ᵉ ligne\u00a0:');
    expect(page).toContain('value="130 025 265 00013"');
    expect(page).toContain('http://agenda.montfictif.fr/retour</textarea>');
    expect(page).toContain('<button name="apply" value="siret/format /organization/siret"');
    expect(page).toContain('name="apply" value="all"');
    expect(page).not.toMatch(/YAML|guillemets|tiret devant/);
  });

  it('makes a fix, and then every one, and says so', async () => {
    desk = await openDesk();
    const one = await text(
      desk.post('/demande', { ...sixFaults, apply: 'siret/format /organization/siret' }),
    );
    expect(one).toContain('value="13002526500013"');
    expect(one).toContain('http://agenda.montfictif.fr/retour');
    const certain = { ...soundValues, redirect_uris: 'http://agenda.montfictif.fr/cb' };
    const all = await desk.post('/demande', { ...certain, apply: 'all' });
    expect(all.status).toBe(200);
    expect(await all.text()).toContain('https://agenda.montfictif.fr/cb</textarea>');
  });

  it('shows what was answered, the file, what comes of it, and GitHub’s page filled in', async () => {
    desk = await openDesk();
    const response = await desk.post('/demande', {
      ...soundValues,
      'optional_scopes.groups': 'Partager par groupe',
      action: 'check',
    });
    expect(response.status).toBe(200);
    const page = await response.text();
    expect(page).toContain('Vérifiez vos réponses');
    expect(page).toContain('service-providers/internet/production/agenda-des-associations.yaml');
    expect(page).toContain('name: Agenda des associations\n');
    expect(page).toContain('scope: groups\n    justification: Partager par groupe');
    expect(page).toContain('À décider par un relecteur');
    const href = /href="(https:\/\/github\.com\/[^"]+)"/.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const link = new URL(href);
    expect(link.pathname).toBe('/exemple/registre/new/main');
    expect(link.searchParams.get('filename')).toBe(
      'service-providers/internet/production/agenda-des-associations.yaml',
    );
    expect(link.searchParams.get('value')).toContain(
      'redirect_uris:\n  - https://agenda.montfictif.fr/oidc/callback',
    );
    // What only the RIE needs was not asked.
    expect(page).not.toContain('Plages ou adresses IP');
    expect(
      await text(
        desk.post('/demande', {
          ...soundValues,
          network: 'rie',
          ip_addresses: '164.131.4.8',
          action: 'check',
        }),
      ),
    ).toContain('Plages ou adresses IP');
    // Everything that was answered goes on from here: to change it, to take the file along.
    const kept = Object.fromEntries(
      tagsOf(page)
        .filter(({ attributes }) => attributes.type === 'hidden')
        .map(({ attributes }) => [attributes.name, attributes.value]),
    );
    expect(kept).toMatchObject(soundValues);
    const edited = await text(desk.post('/demande', { ...soundValues, action: 'edit' }));
    expect(edited).toContain('value="Agenda des associations"');
    expect(edited).not.toContain('id="erreurs"');
    const file = await desk.post('/demande', { ...soundValues, action: 'download' });
    expect(file.headers.get('content-disposition')).toBe(
      'attachment; filename="agenda-des-associations.yaml"',
    );
    expect(await file.text()).toContain('siret: "13002526500013"');
  });

  it('makes no link that GitHub would refuse, and none to a registry that it does not know', async () => {
    desk = await openDesk();
    const redirect_uris = Array.from(
      { length: 45 },
      (_, index) => `https://agenda.montfictif.fr/retour/${index}?état=${'é'.repeat(20)}`,
    )
      .map(encodeURI)
      .join('\n');
    const long = await text(desk.post('/demande', { ...soundValues, redirect_uris }));
    expect(long).toContain('trop longue pour tenir dans un lien');
    expect(long).not.toContain('/new/main?');
    await desk.server.close();
    desk = await openDesk({ registry: async () => undefined });
    expect(await text(desk.post('/demande', soundValues))).toContain('Le registre ne répond pas');
  });

  it('sends nothing by itself, whatever is asked', async () => {
    desk = await openDesk();
    expect(await text(desk.post('/demande', { ...soundValues, action: 'send' }))).toContain(
      'Vérifiez vos réponses',
    );
  });

  it('tells nothing of a definition that is there', async () => {
    desk = await openDesk();
    const page = await text(desk.get('/demande?from=internet/production/agenda&to=production'));
    expect(page).toContain('connectez-vous d’abord');
    expect(page).not.toContain('value="agenda"');
  });

  const agendaPath = 'service-providers/internet/integration/agenda.yaml';
  const camille = {
    person: { email: 'camille@montfictif.fr', siret: '13002526500013' },
    csrf: 'the-token',
  };
  const definition = `version: 1\nname: Agenda\nnetwork: internet\nenvironment: integration\norganization: { siret: "13002526500013" }\ncontacts: { technical: [camille@montfictif.fr] }\nredirect_uris: [https://agenda.montfictif.fr/cb]\npost_logout_redirect_uris: []\nid_token_signed_response_alg: RS256\nuserinfo_signed_response_alg: RS256\nowners: [camille-dupont]\n`;
  let sent: unknown[];
  let there: DefinitionThere;
  let open: Standing['open'];
  beforeEach(() => {
    there = { kind: 'own', text: definition, commit: 'c1', blob: 'b1' };
    open = undefined;
  });
  function people(signedIn: SignedIn | undefined): FrontDeskPeople {
    sent = [];
    return {
      signedIn: async () => signedIn,
      isOwnForm: async (_context, token) => token === signedIn?.csrf,
      send: async (_context, { path, text: written }, _signedIn, base) => {
        sent.push(path, written);
        if (base !== undefined) sent.push(base);
        return new Response(null, { status: 303, headers: { location: '/demandes/1' } });
      },
      standing: async (path, _person, before) => ({
        there:
          there.kind === 'own' && before === 'b1'
            ? { ...there, before: definition }
            : path.endsWith('internet/integration/agenda.yaml') || there.kind === 'taken'
              ? there
              : { kind: 'free' },
        ...(open !== undefined && { open }),
      }),
      pages: new Hono<HttpEnv>(),
    };
  }

  describe('with someone who signs in', () => {
    it('says that the keys are on the page of the request too, where they come to be and one signs in', async () => {
      const here = 'au lieu du lien, sur la page de votre demande';
      const shown = async (signedIn: SignedIn | undefined, provider: 'registration' | 'manual') => {
        desk = await openDesk({ people: people(signedIn), provider: () => provider });
        const values = { ...soundValues, csrf: 'the-token', action: 'check' };
        const page = await text(desk.post('/demande', values));
        await desk.server.close();
        expect(page).toContain('Vérifiez vos réponses');
        return page.includes(here);
      };
      there = { kind: 'free' };
      expect(await shown(camille, 'registration')).toBe(true);
      expect(await shown(camille, 'manual')).toBe(false);
      expect(await shown(undefined, 'registration')).toBe(false);
      desk = await openDesk();
    });

    it('tells nothing of a definition to those who did not', async () => {
      desk = await openDesk({ people: people(undefined) });
      const page = await text(desk.get('/demande?from=internet/integration/agenda'));
      expect(page).not.toContain('agenda.montfictif.fr');
      expect(page).toContain('connectez-vous');
      await desk.post('/demande', { ...soundValues, action: 'send' });
      expect(sent).toEqual([]);
    });

    it('starts from who they are, or from a definition, which goes to production with what is missing', async () => {
      desk = await openDesk({ people: people(camille) });
      expect(await text(desk.get('/demande'))).toMatch(
        /value="13002526500013"[\s\S]*camille@montfictif\.fr<\/textarea>/,
      );
      const page = await text(desk.get('/demande?from=internet/integration/agenda&to=production'));
      expect(page).toContain('<h1>Passer en production</h1>');
      expect(page).toContain('Il reste 4 réponses à donner pour la production');
      expect(Array.from(page.matchAll(/<li><a href="#([^"]+)"/g), ([, id]) => id)).toEqual([
        'datapass',
        'description',
        'private_sector',
        'contacts.support',
      ]);
      expect(page).toContain('https://agenda.montfictif.fr/cb</textarea>');
      expect(page).toContain('name="owners" value="camille-dupont"');
      expect(page).toMatch(/id="environment-production" name="environment" value="production" checked/);
      for (const from of ['internet/integration/other', '../../etc/passwd', 'internet/integration/agenda/x'])
        expect(await text(desk.get(`/demande?from=${from}`)), from).toContain('Voici un formulaire vide');
    });

    it('takes over no address that production cannot have, and says which, as promote does', async () => {
      const both = definition.replace(
        '[https://agenda.montfictif.fr/cb]',
        '["http://localhost:3000/cb", https://agenda.montfictif.fr/cb]',
      );
      there = { kind: 'own', text: both, commit: 'c1', blob: 'b2' };
      desk = await openDesk({ people: people(camille) });
      const page = await text(desk.get('/demande?from=internet/integration/agenda&to=production'));
      expect(page).toContain('>\nhttps://agenda.montfictif.fr/cb</textarea>');
      expect(page).toContain('<li><code>http://localhost:3000/cb</code></li>');
      expect(page).toContain('name="owners" value="camille-dupont"');
      // Only for another environment.
      expect(await text(desk.get('/demande?from=internet/integration/agenda'))).toContain(
        'http://localhost:3000/cb\n',
      );
    });

    it('shows them who is behind a SIRET, and asks nobody for those who did not', async () => {
      const asked: string[] = [];
      const organization = async (siret: string, asker: string) => {
        asked.push(`${siret} for ${asker}`);
        return { name: 'DINUM <b>', form: 'Service central' };
      };
      desk = await openDesk({ people: people(undefined), organization });
      await desk.post('/demande', soundValues);
      await desk.post('/demande/verdict', soundValues);
      expect(asked).toEqual([]);
      await desk.server.close();
      desk = await openDesk({ people: people(camille), organization });
      const values = { ...soundValues, csrf: camille.csrf };
      expect(await text(desk.get('/demande'))).toContain('lang="fr">DINUM &lt;b&gt; – Service central</p>');
      expect(await text(desk.post('/demande', values))).toContain('DINUM &lt;b&gt; – Service central');
      expect(await (await desk.post('/demande/verdict', values)).json()).toMatchObject({
        organization: 'DINUM <b> – Service central',
      });
      expect(new Set(asked)).toEqual(new Set(['13002526500013 for camille@montfictif.fr']));
      await desk.server.close();
      // No answer is no trouble.
      desk = await openDesk({
        people: people(camille),
        organization: () => Promise.reject(new Error('down')),
      });
      expect((await desk.post('/demande', values)).status).toBe(200);
    });

    it('sends what is sound, once, with the token of their own page only', async () => {
      desk = await openDesk({ people: people(camille) });
      const send = { ...soundValues, action: 'send' };
      for (const csrf of ['', 'another'])
        expect((await desk.post('/demande', { ...send, csrf })).status, csrf).toBe(403);
      expect((await desk.post('/demande', { ...send, csrf: camille.csrf, datapass: '' })).status).toBe(422);
      expect(sent).toEqual([]);
      expect((await desk.post('/demande', { ...send, csrf: camille.csrf })).status).toBe(303);
      expect(sent).toEqual([
        'service-providers/internet/production/agenda-des-associations.yaml',
        expect.stringContaining('name: Agenda des associations'),
      ]);
      expect(await text(desk.post('/demande', { ...soundValues, csrf: camille.csrf }))).toContain(
        '<button class="main" name="action" value="send">',
      );
    });

    it('loses no answer to a session that ended, or began, while one wrote', async () => {
      const send = { ...soundValues, action: 'send' };
      // Nobody is there (any more): the answers stay, and the way to sign in beside them.
      desk = await openDesk({ people: people(undefined) });
      expect(await text(desk.get('/demande'))).toContain('href="/connexion?retour=%2Fdemande"');
      const alone = await text(desk.post('/demande', { ...send, csrf: 'of-yesterday' }));
      expect(alone).toContain('Rien n’est encore envoyé');
      expect(alone).toContain('name="redirect_uris" value="https://agenda.montfictif.fr/oidc/callback"');
      expect(alone).toContain(
        '<a href="/connexion?retour=%2Fdemandes%3Fsuite%3Denvoi" target="_blank" rel="noopener">',
      );
      expect(alone).toContain('<button class="main" name="action" value="send">');
      expect(alone).not.toContain('Ce guichet n’envoie pas encore');
      await desk.server.close();
      // They come back from the other tab: who asks is said, and sends by a token of their own.
      desk = await openDesk({ people: people(camille) });
      const back = await desk.post('/demande', { ...send, csrf: '' });
      expect(back.status).toBe(403);
      const page = await back.text();
      expect(page).toMatch(/Le guichet sait maintenant qui demande.: <strong>camille/u);
      expect(page).toContain('name="csrf" value="the-token"');
      expect(page).toContain('name="redirect_uris" value="https://agenda.montfictif.fr/oidc/callback"');
      expect(sent).toEqual([]);
      expect((await desk.post('/demande', { ...send, csrf: camille.csrf })).status).toBe(303);
    });
  });

  describe('about what is there already', () => {
    const mine = (more: Record<string, string> = {}) => ({
      ...valuesOf(agendaPath, definition),
      csrf: camille.csrf,
      from: 'internet/integration/agenda',
      base: 'b1',
      ...more,
    });
    const hiddenValue = (page: string, name: string) =>
      new RegExp(`type="hidden" name="${name}" value="([^"]*)"`).exec(page)?.[1];

    it('knows from which version a change began, and keeps it to the end', async () => {
      desk = await openDesk({ people: people(camille) });
      const form = await text(desk.get('/demande?from=internet/integration/agenda'));
      expect([hiddenValue(form, 'from'), hiddenValue(form, 'base')]).toEqual([
        'internet/integration/agenda',
        'b1',
      ]);
      const check = await text(desk.post('/demande', mine({ name: 'Agenda partagé' })));
      expect([hiddenValue(check, 'from'), hiddenValue(check, 'base')]).toEqual([
        'internet/integration/agenda',
        'b1',
      ]);
      expect(check).toContain('L’accès à ProConnect sera modifié pour <strong>Agenda partagé</strong>');
      await desk.post('/demande', mine({ name: 'Agenda partagé', action: 'send' }));
      expect(sent).toEqual([
        agendaPath,
        expect.stringContaining('Agenda partagé'),
        { commit: 'c1', blob: 'b1' },
      ]);
    });

    it('opens no request that would change nothing', async () => {
      desk = await openDesk({ people: people(camille) });
      const same = await desk.post('/demande', mine({ action: 'send' }));
      expect(same.status).toBe(409);
      expect(await same.text()).toContain('Rien n’a changé');
      expect(sent).toEqual([]);
      // Taking back what one's own open request asks for is a change of that one.
      open = { number: 3, text: definition.replace('name: Agenda', 'name: Agendas'), blob: 'b1' };
      expect((await desk.post('/demande', mine({ action: 'send' }))).status).toBe(303);
    });

    it('says what others changed meanwhile, undoes none of it, and asks where both changed', async () => {
      desk = await openDesk({ people: people(camille) });
      const changed = definition.replace('RS256', 'ES256').replace('name: Agenda', 'name: Agenda 2027');
      there = { kind: 'own', text: changed, commit: 'c2', blob: 'b2' };
      for (const action of ['check', 'send']) {
        const answer = await desk.post('/demande', mine({ name: 'Agenda partagé', action }));
        expect(answer.status).toBe(409);
        const page = await answer.text();
        expect(page).toContain('modifié par quelqu’un d’autre');
        expect(page).toMatch(
          /tel qu’il est maintenant.*<\/p><ul><li><a href="#id_token_signed_response_alg">/,
        );
        expect(page).toMatch(
          /Votre réponse est gardée.*<\/p><ul><li><a href="#name">[^<]*<\/a> – le service dit maintenant <code>Agenda 2027<\/code>/,
        );
        expect(page).toContain('value="Agenda partagé"');
        expect(page).toMatch(/name="id_token_signed_response_alg" value="ES256" checked/);
        expect(hiddenValue(page, 'base')).toBe('b2');
      }
      expect(sent).toEqual([]);
      const again = mine({
        name: 'Agenda partagé',
        id_token_signed_response_alg: 'ES256',
        base: 'b2',
        action: 'send',
      });
      expect((await desk.post('/demande', again)).status).toBe(303);
      expect(sent.at(-1)).toEqual({ commit: 'c2', blob: 'b2' });
    });

    it('puts a correction together with what was accepted of others since it was sent', async () => {
      desk = await openDesk({ people: people(camille) });
      const asked = definitionOf({ ...valuesOf(agendaPath, definition), name: 'Agenda partagé' });
      const changed = definition.replace('RS256', 'ES256');
      there = { kind: 'own', text: changed, commit: 'c2', blob: 'b2', before: definition };
      open = { number: 7, text: asked.text, blob: 'b1' };
      const page = await text(desk.get('/demande?from=internet/integration/agenda'));
      expect(page).toContain('modifié par quelqu’un d’autre');
      expect(page).toContain('value="Agenda partagé"');
      expect(page).toMatch(/name="id_token_signed_response_alg" value="ES256" checked/);
      expect(hiddenValue(page, 'base')).toBe('b2');
    });

    it('tells a new service whose id is taken from a change of the one that is there', async () => {
      desk = await openDesk({ people: people(camille) });
      const { from: _, base: __, ...fresh } = mine({ action: 'send' });
      // One's own: to be changed from what it is.
      const own = await desk.post('/demande', fresh);
      expect(own.status).toBe(422);
      const ownPage = await own.text();
      expect(ownPage).toContain('Un de vos services porte déjà ce nom de fichier');
      expect(ownPage).toContain('href="/demande?from=internet%2Fintegration%2Fagenda"');
      expect(ownPage).toContain('name="apply" value="id agenda-2"');
      expect(ownPage).not.toContain('Tout corriger');
      const renamed = await text(desk.post('/demande', { ...fresh, apply: 'id agenda-2' }));
      expect(renamed).toMatch(/name="id" [^>]*value="agenda-2"/);
      // Somebody else's: nothing is told of it, and to change it is to be said.
      there = { kind: 'taken' };
      const page = await text(desk.post('/demande', fresh));
      expect(page).toContain('votre adresse n’est pas parmi ses contacts techniques');
      expect(sent).toEqual([]);
      const meant = await text(desk.post('/demande', { ...fresh, apply: 'change' }));
      expect(hiddenValue(meant, 'from')).toBe('internet/integration/agenda');
      expect((await desk.post('/demande', { ...fresh, from: 'internet/integration/agenda' })).status).toBe(
        303,
      );
      expect(sent).toHaveLength(2);
      // One's own request about it: to be corrected, or another name; the very same form is no new one.
      there = { kind: 'free' };
      open = { number: 7, text: 'another', blob: null };
      expect(await text(desk.post('/demande', fresh))).toContain('Corriger la demande 7 avec ces réponses');
      open = { number: 7, text: definitionOf(fresh).text, blob: null };
      expect((await desk.post('/demande', fresh)).status).toBe(303);
    });
  });

  it('answers in the language of the page, and keeps the values when that changes', async () => {
    desk = await openDesk();
    const response = await desk.post('/demande', { ...sixFaults, lang: 'en' });
    expect(response.headers.get('set-cookie')).toContain('guichet_langue=en');
    const page = await response.text();
    expect(page).toContain('There are 6 answers to correct');
    expect(page).toContain('value="130 025 265 00013"');
    expect(page).toMatch(/<button class="link" form="demande" name="lang" value="fr"/);
  });

  it('gives the findings by field as JSON, in the words of the form', async () => {
    desk = await openDesk();
    const response = await desk.post('/demande/verdict', sixFaults);
    expect(response.headers.get('content-type')).toContain('application/json');
    const verdict = (await response.json()) as {
      sound: boolean;
      id: string;
      fields: Record<string, object[]>;
    };
    expect(verdict).toMatchObject({ sound: false, id: 'agenda-associations' });
    expect(verdict.fields.redirect_uris).toMatchObject([
      {
        rule: 'url/https-required',
        severity: 'error',
        line: 2,
        where: '2ᵉ ligne',
        message: expect.stringContaining('http est refusé en production'),
        fix: {
          apply: 'url/https-required /redirect_uris/1',
          title: 'Écrire «\u00a0https://agenda.montfictif.fr/retour\u00a0»',
        },
      },
    ]);
    expect((await (await desk.post('/demande/verdict', soundValues)).json()) as object).toMatchObject({
      sound: true,
      fields: {},
    });
  });

  it('judges JSON of the same names too, lists as lists', async () => {
    desk = await openDesk();
    const ask = (body: string) =>
      fetch(`http://127.0.0.1:${desk.server.port}/demande/verdict`, {
        method: 'POST',
        body,
        headers: { origin, 'content-type': 'application/json' },
      });
    const redirect_uris = ['https://agenda.montfictif.fr/cb', 'http://agenda.montfictif.fr/retour'];
    const verdict = await (
      await ask(JSON.stringify({ ...soundValues, redirect_uris, private_sector: false }))
    ).json();
    expect(verdict).toMatchObject({
      sound: false,
      fields: { redirect_uris: [{ rule: 'url/https-required', line: 2 }] },
    });
    for (const body of ['', '[', '[]', '"a"', 'null']) expect((await ask(body)).status, body).toBe(415);
    expect((await ask('{"name":{"a":1},"__proto__":["x"]}')).status).toBe(200);
    // The form itself is what browsers send.
    expect((await desk.post('/demande', soundValues, { 'content-type': 'application/json' })).status).toBe(
      415,
    );
  });

  describe('takes nothing', () => {
    it.each([
      ['another site', { origin: 'https://evil.example' }],
      ['a page without an origin', { origin: 'null' }],
      ['another site, by the word of the browser', { origin, 'sec-fetch-site': 'cross-site' }],
    ])('that comes from %s', async (_from, headers) => {
      desk = await openDesk();
      for (const path of ['/demande', '/demande/verdict'])
        expect((await desk.post(path, soundValues, headers)).status, path).toBe(403);
    });

    it('without a form’s own type, nor by GET', async () => {
      desk = await openDesk();
      expect((await desk.post('/demande', soundValues, { 'content-type': 'text/plain' })).status).toBe(415);
      const page = await text(desk.get('/demande?name=Agenda&action=check'));
      expect(page).not.toContain('value="Agenda"');
      expect((await fetch(`http://127.0.0.1:${desk.server.port}/demande`, { method: 'PUT' })).status).toBe(
        405,
      );
    });

    it('that is longer than 256 KiB, announced or not', async () => {
      desk = await openDesk();
      const within = await desk.post('/demande', { name: 'a'.repeat(255 * 1024) });
      expect(within.status).toBe(422);
      expect((await desk.post('/demande', { name: 'a'.repeat(257 * 1024) })).status).toBe(413);
      const status = await new Promise<string>((resolve, reject) => {
        const socket = connect(desk.server.port, '127.0.0.1');
        socket.once('data', (data) => {
          resolve(data.toString('latin1').slice(9, 12));
          socket.destroy();
        });
        socket.on('error', reject);
        socket.write(
          `POST /demande HTTP/1.1\r\nhost: a\r\norigin: ${origin}\r\ncontent-type: application/x-www-form-urlencoded\r\ntransfer-encoding: chunked\r\n\r\n`,
        );
        for (let sent = 0; sent < 5; sent++) socket.write(`10000\r\n${'a'.repeat(65_536)}\r\n`);
      });
      expect(status).toBe('413');
    });

    it('beyond thirty a minute from one client, and asks for patience', async () => {
      let now = 0;
      desk = await openDesk({ now: () => now });
      const from = (address: string) =>
        desk.post('/demande', {}, { 'x-forwarded-for': `6.6.6.6, ${address}` });
      for (let count = 0; count < 30; count++) expect((await from('192.0.2.1')).status).toBe(422);
      const refused = await from('192.0.2.1');
      expect(refused.status).toBe(429);
      expect(refused.headers.get('retry-after')).toBe('60');
      // Another client behind the same proxy, and what is asked while one types.
      expect((await from('192.0.2.2')).status).toBe(422);
      expect((await desk.post('/demande/verdict', {}, { 'x-forwarded-for': '192.0.2.1' })).status).toBe(200);
      now = 60_001;
      expect((await from('192.0.2.1')).status).toBe(422);
    });
  });

  it('lets nothing act that is written into any field, and writes none of it into the log', async () => {
    desk = await openDesk({ now: () => Math.random() * 1e15 });
    const names = [
      ...fields.map(({ name }) => name as string),
      'id',
      'owners',
      'lang',
      'csrf',
      'optional_scopes.groups',
      'optional_scopes.groups.justification',
      'optional_scopes."><script>evil</script>',
    ];
    const written = fc.dictionary(fc.constantFrom(...names), hostileText);
    await fc.assert(
      fc.asyncProperty(
        written,
        fc.constantFrom('check', 'edit'),
        fc.boolean(),
        async (values, action, complete) => {
          const response = await desk.post('/demande', { ...(complete && soundValues), ...values, action });
          expect([200, 422]).toContain(response.status);
          for (const { name, attributes } of tagsOf(await response.text())) {
            expect(name).toMatch(knownTags);
            expect(Object.keys(attributes).filter((key) => /^on|^style$/.test(key))).toEqual([]);
            if (name === 'script') expect(attributes.src).toMatch(/^\/guichet\.js\?v=/);
            if (attributes.href !== undefined)
              expect(attributes.href).toMatch(
                /^(?:[#?/]|https:\/\/(?:github\.com\/exemple\/registre|partenaires\.proconnect\.gouv\.fr|annuaire-entreprises\.data\.gouv\.fr|datapass\.api\.gouv\.fr))/,
              );
          }
        },
      ),
      { numRuns: 60 },
    );
    expect(desk.lines.join('')).not.toMatch(/evil|montfictif/);
  });
});
