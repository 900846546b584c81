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
      'appuyez sur la touche Entrée, pour commencer une nouvelle ligne par `description: Réserver une salle`',
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

  it('where an address is not one of production, with the file in which it belongs', () => {
    const text = said('redirect_uris:\n  - https://preprod.agence-fictive.gouv.fr/cb');
    expect(text).toContain('`service-providers/internet/integration/exemple.yaml`');
    expect(text).toContain('Sinon, laissez-la.');
  });

  it.each([
    ['agenda (1).yaml', '(1)', 'agenda.yaml'],
    ['agenda - Copie.yaml', '- Copie', 'agenda.yaml'],
    ['agenda - Copie (2).yaml', '- Copie (2)', 'agenda.yaml'],
    ['agenda copie 2.yaml', 'copie 2', 'agenda.yaml'],
    ['Copie de agenda.yaml', 'Copie de', 'agenda.yaml'],
  ])('where a file is a second copy: %s', (name, mark, original) => {
    const text = said('', `service-providers/internet/production/${name}`);
    expect(text).toContain(`\`${mark}\` vient sans doute d’un double du fichier`);
    expect(text).toContain(`Renommez-le \`${original}\``);
  });

  it('but renames a file that is no copy', () => {
    expect(said('', 'service-providers/internet/production/Photocopie.yaml')).toContain(
      'Renommez-le par exemple `photocopie.yaml`',
    );
  });

  it('where nothing is left of the name of a file, without a name that could stay', () => {
    const text = said('', 'service-providers/internet/production/42.yaml');
    expect(text).toContain('Donnez-lui le nom de votre service');
    expect(text).not.toContain('mon-service');
  });

  it('in the place of a command of YAML', () => {
    expect(said('name: !vault Agenda')).toContain('écrivez `name: Agenda`');
    expect(said('name: !Agenda des salles')).not.toContain('écrivez `name: des salles`');
  });

  it('in the place of an interval', () => {
    const lines = (range: string) => said(`ip_addresses:\n  - ${range}`, undefined, 'rie/production');
    expect(lines('10.144.7.20-10.144.7.22')).toContain('`- 10.144.7.20`, `- 10.144.7.21`, `- 10.144.7.22`.');
    expect(lines('10.144.7.1 à 10.144.7.20')).toContain(
      '`- 10.144.7.1`, `- 10.144.7.2/31`, `- 10.144.7.4/30`, `- 10.144.7.8/29`, `- 10.144.7.16/30`, `- 10.144.7.20`.',
    );
    for (const wrong of ['10.144.7.1-60', '10.1.2.1*', 'proxy.interieur.gouv.fr', '10.1.2.300'])
      expect(lines(wrong)).not.toMatch(/par exemple|CIDR/);
    expect(lines('10.1.2.0/33')).toContain('écrivez `10.1.2.0`');
  });

  it('where several algorithms stand, or none', () => {
    expect(said('id_token_signed_response_alg: RS256 ou ES256')).toContain('À défaut, écrivez RS256.');
    expect(said('id_token_signed_response_alg: Aucun')).toContain('Écrivez RS256');
  });

  it.each([
    ['Agenda - recette', 'name: Agenda'],
    ['Agenda des élus (PREPROD)', 'name: Agenda des élus'],
    ['[TEST] Agenda des élus', 'name: Agenda des élus'],
    ['Agenda TEST', 'name: Agenda'],
  ])('where the name speaks of an environment: %s', (name, proposal) => {
    expect(said(`name: "${name}"`)).toContain(`écrivez \`${proposal}\``);
    expect(said(`name: "${name}"`)).toContain('`service-providers/internet/integration/`');
  });

  it('where a word within the name would be torn out of it, nothing', () => {
    expect(said('name: Préprod du suivi des aides')).not.toContain('écrivez `name:');
  });

  it('where a person decides, that there may be nothing to do', () => {
    expect(said('redirect_uris:\n  - https://agenda-fictif.vercel.app/cb')).toContain(
      'vous n’avez rien à faire',
    );
  });

  it('in the place of an address that no server has', () => {
    for (const address of [
      '0.0.0.0/0',
      '127.0.0.1',
      '8.8.8.8',
      '192.0.2.10',
      '169.254.1.1',
      '100.67.22.39',
    ]) {
      const text = said(`ip_addresses:\n  - ${address}`, undefined, 'rie/production');
      expect(text).toContain('demandez-la à votre hébergeur');
      expect(text).toContain('retirez la ligne si une autre la donne déjà');
    }
  });

  it('where a field is missing, in its form and at its place', () => {
    expect(said('name: undefined')).toContain('Ajoutez une ligne `name: …`');
    expect(said('redirect_uris: undefined')).toContain(
      '`redirect_uris:` et, dessous, décalée de deux espaces',
    );
    expect(said('contacts:\n  technical: [dsi@agence-fictive.gouv.fr]')).toContain(
      'Sous `contacts:`, ajoutez, décalée de deux espaces, la ligne `support: …`',
    );
  });

  it('where a line is not below its field, without more lines than there are', () => {
    expect(said('organization:\nsiret: "13099990700012"')).toMatch(/mettez deux espaces devant `siret`\.$/m);
    expect(
      said('contacts:\ntechnical:\n  - dsi@agence-fictive.gouv.fr\nsupport: a@agence-fictive.gouv.fr'),
    ).toContain('les lignes qui en dépendent');
  });

  it('where the SIRET stands among words', () => {
    expect(said('organization:\n  siret: Agence fictive 13099990700012')).toContain(
      'Gardez ses 14 chiffres, entre guillemets : `"13099990700012"`',
    );
    expect(said('organization:\n  siret: 13099990700012 ou 20009999200014')).not.toContain('Gardez');
  });

  it('where the file is saved in another format, with the buttons to press', () => {
    for (const bytes of [Buffer.from('\ufeffname: été\n', 'utf16le'), Buffer.from('name: été\n', 'latin1')]) {
      const { findings } = readDefinition({
        path: 'service-providers/internet/production/agenda.yaml',
        bytes,
      });
      const text = findings.map(({ message }) => catalogue.translate(message, 'fr', quoteInBackticks)).join();
      expect(text).toContain('dans le Bloc-notes');
    }
  });
});
