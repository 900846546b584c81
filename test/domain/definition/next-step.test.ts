import { describe, expect, it } from 'vitest';
import { quoteInBackticks } from '#base/i18n/render';
import { readDefinition } from '#domain/definition/read-definition';
import { completeExample } from '#domain/definition/rules/complete-example';
import { catalogue } from '#domain/registry/rules/rule-catalogue';

/** What a person who knows neither YAML nor GitHub is told to do, in the words of the file before them. */

type Cell = Parameters<typeof completeExample>[0]['cell'];

function said(yaml: string, path?: string, cell?: Cell): string {
  const example = { yaml, ...(path !== undefined && { path }), ...(cell !== undefined && { cell }) };
  const { path: place, text } = completeExample(example);
  return readDefinition({ path: place, bytes: new TextEncoder().encode(text) })
    .findings.map(({ rule, message }) => `${rule}: ${catalogue.translate(message, 'fr', quoteInBackticks)}`)
    .join('\n')
    .replaceAll('\u00a0', ' ');
}

describe('a message says what to write', () => {
  it('where a carriage return cuts a text in two, on one line', () => {
    expect(said('name: Agenda\rdes associations')).toContain(
      'Écrivez-le sur une seule ligne : `name: Agenda des associations`.',
    );
    expect(said('redirect_uris:\n  - https://agenda.agence-fictive.gouv.fr/\rretour')).toContain(
      'appuyez sur la touche Entrée',
    );
    expect(said('name: Agenda\rdescription: Réserver une salle')).toContain(
      'appuyez sur la touche Entrée pour que `description: Réserver une salle` commence une nouvelle ligne',
    );
  });

  it('where the only scopes are granted to everyone, instead of the empty list', () => {
    const scope = (name: string) => `  - scope: ${name}\n    justification: Afficher le nom de l’agent\n`;
    const empty = 'remplacez `optional_scopes:` par `optional_scopes: []`';
    expect(said(`optional_scopes:\n${scope('given_name')}`)).toContain(empty);
    expect(said(`optional_scopes:\n${scope('profile')}`)).toContain(empty);
    expect(said(`optional_scopes:\n${scope('given_name')}${scope('profile')}`)).toContain(empty);
    const other = said(`optional_scopes:\n${scope('given_name')}${scope('siren')}`);
    expect(other).toContain('avec sa justification');
    expect(other).not.toContain('[]');
  });

  it.each([
    ['name: à compléter', 'le nom du service'],
    ['organization:\n  siret: "00000000000000"', '14 chiffres'],
    ['datapass: TODO', 'H puis des chiffres'],
    ['description: À compléter', 'un verbe à l’infinitif'],
    ['contacts:\n  technical: [xxx@xxx.fr]\n  support: aide@agence-fictive.gouv.fr', 'l’accès aux clés'],
    [
      'contacts:\n  technical: [dsi@agence-fictive.gouv.fr]\n  support: xxx@xxx.fr',
      '`xxx@xxx.fr` est à remplacer',
    ],
    ['redirect_uris: [https://app.example.com/cb]', 'où l’usager revient après s’être connecté'],
    ['post_logout_redirect_uris: [https://app.example.com/]', 'après s’être déconnecté'],
    ['optional_scopes:\n  - scope: siren\n    justification: à compléter', 'à quoi'],
  ])('in the place of what a template left in %j', (yaml, expected) => {
    expect(said(yaml)).toMatch(/^file\/placeholder: .*est à remplacer/m);
    expect(said(yaml)).toContain(expected);
  });

  it('in the place of a note with a colon', () => {
    const url = said('redirect_uris:\n  - TODO : demander au prestataire');
    expect(url).toContain('`TODO : demander au prestataire` ressemble à une note');
    expect(url).toContain('l’URL complète où l’usager revient après s’être connecté (`https://…`)');
    expect(url).not.toContain('groupe de champs');
    expect(
      said('contacts:\n  technical:\n    - Nom : à voir\n  support: aide@agence-fictive.gouv.fr'),
    ).toContain('`Nom : à voir` ressemble à une note');
    expect(said('ip_addresses:\n  - à demander : DSI', undefined, 'rie/production')).toContain(
      'l’adresse IP d’où votre serveur appelle ProConnect',
    );
    expect(said('owners:\n  - à voir : avec Jean')).toContain('identifiant GitHub');
  });
});
