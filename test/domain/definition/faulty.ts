/**
 * Definitions with one fault each: the top-level keys that differ from the valid skeleton of a cell, the rule
 * that is to speak, and a piece of the line where it is to stand.
 */
import type { CellName } from '#base/config/cells';
import type { RuleId } from '#domain/definition/rules/rule-ids';

export interface Faulty {
  readonly rule: RuleId;
  readonly yaml: string;
  /** A piece of the line that the finding is to stand on. */
  readonly on: string;
  readonly cell?: CellName;
}

type Row = readonly [yaml: string, on: string, cell?: CellName | undefined];

function group(rule: RuleId, rows: readonly Row[]): readonly Faulty[] {
  return rows.map(([yaml, on, cell]) => ({ rule, yaml, on, ...(cell !== undefined && { cell }) }));
}

/** A value on its own line among good ones. */
function logins(rule: RuleId, urls: readonly string[], cell?: CellName): readonly Faulty[] {
  return group(
    rule,
    urls.map(
      (url): Row => [
        `redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/premiere\n  - ${url}`,
        `  - ${url}`,
        cell,
      ],
    ),
  );
}

function logouts(rule: RuleId, urls: readonly string[], cell?: CellName): readonly Faulty[] {
  return group(
    rule,
    urls.map((url): Row => [`post_logout_redirect_uris:\n  - ${url}`, `  - ${url}`, cell]),
  );
}

function keyed(rule: RuleId, key: string, values: readonly string[], cell?: CellName): readonly Faulty[] {
  return group(
    rule,
    values.map((value): Row => [`${key}: ${value}`, `${key}: ${value}`, cell]),
  );
}

function sirets(rule: RuleId, values: readonly string[]): readonly Faulty[] {
  return group(
    rule,
    values.map((value): Row => [`organization:\n  siret: ${value}`, `siret: ${value}`]),
  );
}

function contacts(rule: RuleId, addresses: readonly string[]): readonly Faulty[] {
  return group(
    rule,
    addresses.map(
      (address): Row => [
        `contacts:\n  technical:\n    - exploitation@agence-fictive.gouv.fr\n    - ${address}\n  support: aide@agence-fictive.gouv.fr`,
        `    - ${address}`,
      ],
    ),
  );
}

function addresses(
  rule: RuleId,
  values: readonly string[],
  cell: CellName = 'rie/production',
): readonly Faulty[] {
  return group(
    rule,
    values.map((value): Row => [`ip_addresses:\n  - 10.144.7.20\n  - ${value}`, `  - ${value}`, cell]),
  );
}

function scopes(rule: RuleId, values: readonly string[]): readonly Faulty[] {
  return group(
    rule,
    values.map(
      (value): Row => [
        `optional_scopes:\n  - scope: ${value}\n    justification: Orienter les dossiers vers le bon service`,
        `scope: ${value}`,
      ],
    ),
  );
}

export const faulty: readonly Faulty[] = [
  ...group('yaml/syntax', [
    ['name: "Agenda', 'name: "Agenda'],
    ["name: 'Agenda", "name: 'Agenda"],
    ['name: "Agenda\n\n# Le réseau', 'name: "Agenda'],
    ["name: 'Agenda\ndescription: Gérer l'eau", "name: 'Agenda"],
    ['name: "Agenda\ndescription: "Gérer les aides"', 'name: "Agenda'],
    ['organization:\n  siret: "21010055500012', '  siret: "21010055500012'],
    [
      'redirect_uris:\n  - "https://agenda.commune-fictive.fr/cb\n  - "https://agenda.commune-fictive.fr/retour"',
      '  - "https://agenda.commune-fictive.fr/cb',
    ],
    ['owners:\n  - "mairie', '  - "mairie'],
  ]),
  ...keyed('name/characters', 'name', [
    'Webconférence de l’État',
    'Agenda – associations',
    '"Agenda | associations"',
    '"Agenda #1"',
    'Agenda «associations»',
    'Agenda 📅 des associations',
    'Démarches ?',
    'Agenda;associations',
    'Agenda @ Montfictif',
    '"Agenda \\"des\\" associations"',
    'Агенда',
    '"<b>Agenda</b>"',
    '"Agenda\\tdes associations"',
  ]),
  ...keyed('name/long', 'name', [
    'Plateforme interministérielle de dépôt, de suivi et de pilotage des demandes de subvention',
  ]),
  ...keyed('name/environment', 'name', [
    'Suivi des subventions (PREPROD)',
    'Suivi des subventions - recette',
    'Suivi des subventions TEST',
    '"[DEV] Suivi des subventions"',
    'Suivi des subventions staging',
    'Suivi des subventions (intégration)',
    'Suivi_des_subventions_preprod',
    'Suivi des subventions pré-production',
    'Bac à sable des subventions',
  ]),
  ...keyed('name/generic', 'name', [
    'Test',
    'Application',
    'Mon application',
    'Nouvelle application',
    'ProConnect',
    'Le portail',
    'Site',
    'test 2',
    'POC',
  ]),

  ...sirets('siret/format', [
    '"130 025 265 00013"',
    '"130025265"',
    '"130.025.265.00013"',
    '13002526500013',
    '00557246600026',
    '"1300252650001"',
    '"130025265000133"',
    'FR21130025265',
    '"FR 21 130025265"',
    'W751234567',
    '"13OO2526500013"',
    '"SIRET 13002526500013"',
    '13002526500013 (DINUM)',
    'DINUM',
    '""',
  ]),
  ...sirets('siret/checksum', [
    '"13002526500031"',
    '"13002526500014"',
    "'31002526500013'",
    '"35600000054321"',
    '"88974287600009"',
    '"12345678901234"',
  ]),

  ...contacts('email/format', [
    'equipe(at)agence-fictive.gouv.fr',
    'equipe [at] agence-fictive.gouv.fr',
    'mailto:equipe@agence-fictive.gouv.fr',
    'Équipe <equipe@agence-fictive.gouv.fr>',
    'equipe@agence-fictive',
    'equipe@agence-fictive..gouv.fr',
    '.equipe@agence-fictive.gouv.fr',
    'equipe.@agence-fictive.gouv.fr',
    'equipe..dsi@agence-fictive.gouv.fr',
    'equipe@',
    "'@agence-fictive.gouv.fr'",
    'equipe agence-fictive.gouv.fr',
    'equipe dsi@agence-fictive.gouv.fr',
    'equipe@agence-fictive.gouv.fr; dsi@agence-fictive.gouv.fr',
    'equipe@agence-fictive.gouv.fr, dsi@agence-fictive.gouv.fr',
    'hélène@agence-fictive.gouv.fr',
    "o'neil@agence-fictive.gouv.fr",
    'equipe@@agence-fictive.gouv.fr',
    'equipe@-agence-fictive.gouv.fr',
    'equipe@agence_fictive.gouv.fr',
    'equipe@10.2.3.4',
    'equipe@agence-fictive.gouv.f',
    'equipe@agence-fictive.gouv.fr.',
    '01 23 45 67 89',
    'https://agence-fictive.gouv.fr/contact',
    'equipe@agence-fictive,gouv.fr',
  ]),
  ...contacts('email/case', [
    'Equipe@agence-fictive.gouv.fr',
    'equipe@Agence-Fictive.gouv.fr',
    'DSI@AGENCE-FICTIVE.GOUV.FR',
  ]),
  ...contacts('email/plus', ['equipe+proconnect@agence-fictive.gouv.fr']),
  ...contacts('email/personal', [
    'mairie.montfictif@orange.fr',
    'mairie@wanadoo.fr',
    'dev.montfictif@gmail.com',
    'mairie@laposte.net',
    'mairie@outlook.fr',
    'mairie@yahoo.fr',
    'mairie@free.fr',
    'mairie@sfr.fr',
  ]),
  ...contacts('email/noreply', [
    'noreply@agence-fictive.gouv.fr',
    'no-reply@agence-fictive.gouv.fr',
    'ne-pas-repondre@agence-fictive.gouv.fr',
    'nepasrepondre@agence-fictive.gouv.fr',
    'donotreply@agence-fictive.gouv.fr',
  ]),
  {
    rule: 'email/noreply',
    yaml: 'contacts:\n  technical: [dsi@agence-fictive.gouv.fr]\n  support: noreply@agence-fictive.gouv.fr',
    on: 'support:',
  },

  ...keyed('description/infinitive', 'description', [
    'Permet de suivre les demandes de subvention',
    'Permettant de suivre les demandes',
    'Ce service permet de suivre les demandes',
    'Cette application permet aux agents de suivre leurs demandes',
    'Application permettant la gestion des subventions',
    'Gérez vos demandes de subvention',
    'Inscrivez-vous aux formations',
    'Prenez rendez-vous en ligne',
    'Facilite le dépôt des demandes',
    'Gère les demandes de subvention',
    'Propose un accès unique aux services',
    'Plateforme de gestion des subventions',
    'Gestion des subventions',
    'Suivi de l’instruction des demandes',
    'Outil de pilotage',
    'Portail des agents',
    'Le portail des agents',
    'Dossier de demande de subvention',
    'Annuaire des associations',
    'Calendrier des événements',
    'Courrier électronique des agents',
    'Registre des entreprises',
    'Formulaire de contact',
    'Fichier des permis',
    'Atelier numérique',
    'Métier de la fonction publique',
    'Territoire et projets',
    'Observatoire des politiques publiques',
    'Répertoire des certifications',
    'Avenir des collectivités',
    'Offre de services',
    'Service en ligne',
    'Accès aux données ouvertes',
    'Pour suivre ses demandes',
    'Afin de suivre ses demandes',
    'Manage subsidies online',
    'Suivez les demandes',
    'La gestion des subventions',
    'Vous pouvez suivre vos demandes',
    'Premier service public de proximité',
    '2e portail des agents',
    'Usager au centre',
  ]),
  ...keyed('description/format', 'description', [
    'Déposer une demande sur https://subventions.gouv.fr',
    'Déposer une demande sur www.subventions.gouv.fr',
    'Déposer une **demande** de subvention',
    'Déposer une demande <b>en ligne</b>',
    '"Déposer une demande\\nSuivre son instruction"',
    'Déposer une [demande](https://subventions.gouv.fr)',
    'Déposer une demande 🚀',
    '"- Déposer une demande"',
    'Déposer une demande auprès de aide@agence-fictive.gouv.fr',
  ]),
  ...keyed('schema/length', 'description', [`Déposer une demande ${'de subvention '.repeat(20)}`.trim()]),
  {
    rule: 'description/format',
    yaml: 'description: |\n  Déposer une demande\n  Suivre son instruction',
    on: 'description:',
  },

  ...keyed('datapass/format', 'datapass', [
    'https://datapass.api.gouv.fr/demandes/12345',
    'https://datapass.api.gouv.fr/habilitations/6789',
    'datapass.api.gouv.fr/demandes/12345',
    'https://datapass.api.gouv.fr/formulaires/pro-connect-fs/demande/12345',
    'https://datapass.api.gouv.fr/public/demandes/9d1f0a2e-5a3c-4c55-8f8e-0a5b6c7d8e9f',
    'h4821',
    'd4821',
    'H 4821',
    '"H-4821"',
    'n°4821',
    '"n° H4821"',
    'DataPass H4821',
    '4821',
    '"4821"',
    'H',
    'H12345678901',
    'X4821',
    'H4821 et D4822',
    'en cours',
    'HH4821',
  ]),

  ...logins('url/invalid', [
    'subventions.agence-fictive.gouv.fr/callback',
    '//subventions.agence-fictive.gouv.fr/callback',
    '/oidc/callback',
    'https%3A%2F%2Fsubventions.agence-fictive.gouv.fr%2Fcallback',
    'https://',
    'https:///',
    'https://subventions .agence-fictive.gouv.fr/callback',
    'https://subventions.agence-fictive.gouv.fr:port/callback',
    'https://subventions.agence-fictive.gouv.fr:99999/callback',
    'https://subventions..agence-fictive.gouv.fr/callback',
    'https//subventions.agence-fictive.gouv.fr/callback',
    'https://https://subventions.agence-fictive.gouv.fr/callback',
    'https://a.agence-fictive.gouv.fr/a https://a.agence-fictive.gouv.fr/b',
    'https://a.agence-fictive.gouv.fr/a,https://a.agence-fictive.gouv.fr/b',
    'www.agence-fictive.gouv.fr/callback',
    'voir avec la DSI',
    'https://subventions.agence-fictive.gouv.fr/mon retour',
    'https://subventions.agence-fictive.gouv.fr/retour,',
    `https://${'a'.repeat(64)}.agence-fictive.gouv.fr/callback`,
    'https://subventions!.agence-fictive.gouv.fr/callback',
    'https://subventions.agence-fictive.gouv.fr/retour (connexion)',
    'equipe@agence-fictive.gouv.fr',
    'https://[subventions].agence-fictive.gouv.fr/callback',
    '<https://subventions.agence-fictive.gouv.fr/callback>',
    '"[retour](https://subventions.agence-fictive.gouv.fr/callback)"',
  ]),
  ...logins('url/scheme', [
    'com.agence.app://callback',
    'fr.gouv.agence:/oauth2redirect',
    'javascript:alert(document.cookie)',
    'data:text/html,bonjour',
    'ftp://subventions.agence-fictive.gouv.fr/callback',
    'file:///etc/passwd',
    'mailto:equipe@agence-fictive.gouv.fr',
    'htps://subventions.agence-fictive.gouv.fr/callback',
    'httpss://subventions.agence-fictive.gouv.fr/callback',
    'subventions.agence-fictive.gouv.fr:8443/callback',
    'ws://subventions.agence-fictive.gouv.fr/callback',
    'urn:ietf:wg:oauth:2.0:oob',
  ]),
  ...logins('url/scheme', ['localhost:3000/callback'], 'internet/integration'),
  ...logins('url/https-required', [
    'http://subventions.agence-fictive.gouv.fr/callback',
    'http://subventions.agence-fictive.gouv.fr:8080/callback',
    'HTTP://subventions.agence-fictive.gouv.fr/callback',
  ]),
  ...logins(
    'url/https-required',
    [
      'http://recette.agence-fictive.gouv.fr/callback',
      'http://192.168.1.10:3000/callback',
      'http://agenda.local/callback',
      'http://localhost.agence-fictive.gouv.fr/callback',
    ],
    'internet/integration',
  ),
  ...logouts('url/https-required', ['http://subventions.agence-fictive.gouv.fr/fin']),
  ...logins('url/loopback', [
    'http://localhost:3000/callback',
    'https://localhost/callback',
    'http://127.0.0.1:8000/callback',
    'http://127.0.1.1/callback',
    '"http://[::1]:3000/callback"',
    'http://agenda.localhost:3000/callback',
    'https://2130706433/callback',
    'http://0x7f.1/callback',
    'http://agenda.lvh.me:3000/callback',
  ]),
  ...logouts('url/loopback', ['http://localhost:3000/']),
  ...logins('url/ip-address', [
    'https://10.2.3.4/callback',
    'https://185.24.187.10/callback',
    '"https://[2001:660:3000::1]/callback"',
    'https://0xb918bb0a/callback',
    'https://app.10.2.3.4.nip.io/callback',
  ]),
  ...logins('url/reserved-domain', [
    'https://agenda.local/callback',
    'https://agenda.ville.internal/callback',
    'https://agenda.test/callback',
    'https://agenda.example/callback',
    'https://agenda.invalid/callback',
    'https://agenda.lan/callback',
    'https://agenda.home.arpa/callback',
    'https://intranet/callback',
    'https://agenda.corp/callback',
    'https://agenda.frr/callback',
  ]),
  ...logins('url/wildcard', [
    'https://subventions.agence-fictive.gouv.fr/auth/:provider/callback',
    'https://subventions.agence-fictive.gouv.fr/auth/[...slug]',
    'https://subventions.agence-fictive.gouv.fr/%TENANT%/callback',
    'https://subventions.agence-fictive.gouv.fr/callback?code=4f2a&state=9c1e',
    'https://subventions.agence-fictive.gouv.fr/callback?error=access_denied',
    "'https://*.agence-fictive.gouv.fr/callback'",
    'https://subventions.agence-fictive.gouv.fr/*',
    'https://subventions-*.agence-fictive.gouv.fr/callback',
    "'https://{ENV}.agence-fictive.gouv.fr/callback'",
    'https://subventions.agence-fictive.gouv.fr/{TENANT}/callback',
  ]),
  ...logins('url/fragment', [
    'https://subventions.agence-fictive.gouv.fr/#/callback',
    'https://subventions.agence-fictive.gouv.fr/callback#',
    'https://subventions.agence-fictive.gouv.fr/callback#retour',
  ]),
  ...logouts('url/fragment', ['https://subventions.agence-fictive.gouv.fr/#fin']),
  ...logins('url/credentials', [
    'https://user:pass@subventions.agence-fictive.gouv.fr/callback',
    'https://user@subventions.agence-fictive.gouv.fr/callback',
  ]),
  ...logins('url/semicolon', [
    'https://subventions.agence-fictive.gouv.fr/callback;jsessionid=1A2B3C4D',
    'https://subventions.agence-fictive.gouv.fr/callback?a=1;b=2',
    'https://subventions.agence-fictive.gouv.fr/callback?a=1&amp;b=2',
    'https://a.agence-fictive.gouv.fr/a;https://a.agence-fictive.gouv.fr/b',
  ]),
  ...logins('url/canonical', [
    'https://Subventions.agence-fictive.gouv.fr/callback',
    'HTTPS://subventions.agence-fictive.gouv.fr/callback',
    'https://subventions.agence-fictive.gouv.fr:443/callback',
    'https://subventions.agence-fictive.gouv.fr/a/../callback',
    'https://subventions.agence-fictive.gouv.fr/./callback',
    'https://subventions.agence-fictive.gouv.fr/réponse',
    '" https://subventions.agence-fictive.gouv.fr/callback"',
    'https:/subventions.agence-fictive.gouv.fr/callback',
    'https:\\\\subventions.agence-fictive.gouv.fr\\callback',
    'https://subventions.agence-fictive.gouv.fr?retour=1',
    'https://subventions.agence-fictive.gouv.fr./callback',
    'https://évaluation.agence-fictive.gouv.fr/callback',
  ]),
  ...logins('url/canonical', ['https://0x0a.2.3.4/callback'], 'internet/integration'),
  ...logins('url/incomplete', [
    'https://subventions.agence-fictive.gouv.fr',
    'https://subventions.agence-fictive.gouv.fr:8443',
    'https://subventions.agence-fictive.gouv.fr/',
    'subventions.agence-fictive.gouv.fr',
  ]),
  ...logouts('url/incomplete', ['https://subventions.agence-fictive.gouv.fr']),
  ...logins('url/proconnect-host', [
    'https://auth.agentconnect.gouv.fr/api/v2/authorize',
    'https://fca.integ01.dev-agentconnect.fr/api/v2/authorize',
    'https://fca.integ02.agentconnect.rie.gouv.fr/callback',
    'https://auth.agentconnect.rie.gouv.fr/callback',
    'https://partenaires.proconnect.gouv.fr/apps',
    'https://identite.proconnect.gouv.fr/callback',
    'https://test.proconnect.gouv.fr/callback',
    'https://subventions.agence-fictive.gouv.fr/api/v2/authorize',
    'https://subventions.agence-fictive.gouv.fr/oauth/authorize?response_type=code&client_id=abc',
  ]),
  ...logouts('url/proconnect-host', ['https://auth.agentconnect.gouv.fr/api/v2/session/end']),
  ...logins('url/homograph', [
    'https://impots.gоuv.fr/callback',
    'https://ехаmple.gouv.fr/callback',
    'https://xn--guv-sed.fr/callback',
    'https://impots.gouv-fr.com/callback',
    'https://impots.gouv.fr.connexion.com/callback',
    'https://impots.g0uv.fr/callback',
    'https://impots-gouv.fr/callback',
    'https://impots.gouvfr.fr/callback',
    'https://impots.gouv.com/callback',
    'https://ｉmpots.gоuv.fr/callback',
  ]),
  ...logins('url/duplicate', [
    'https://subventions.agence-fictive.gouv.fr/premiere ',
    'https://SUBVENTIONS.agence-fictive.gouv.fr/premiere',
    'https://subventions.agence-fictive.gouv.fr:443/premiere',
  ]),
  ...group('url/duplicate', [
    [
      'post_logout_redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/fin\n  - "https://subventions.agence-fictive.gouv.fr/fin"',
      '"https://subventions.agence-fictive.gouv.fr/fin"',
    ],
  ]),
  ...logins('url/slash-twin', ['https://subventions.agence-fictive.gouv.fr/premiere/']),
  ...logins('url/tunnel', [
    'https://a1b2.ngrok.io/callback',
    'https://a1b2.ngrok-free.app/callback',
    'https://mon-tunnel.loca.lt/callback',
    'https://rouge-vert.trycloudflare.com/callback',
    'https://agenda.serveo.net/callback',
    'https://abc-3000.euw.devtunnels.ms/callback',
  ]),
  ...logins('url/non-production-host', [
    'https://dev.agence-fictive.gouv.fr/callback',
    'https://subventions.recette.agence-fictive.gouv.fr/callback',
    'https://subventions-preprod.agence-fictive.gouv.fr/callback',
    'https://staging.agence-fictive.gouv.fr/callback',
    'https://integ01.agence-fictive.gouv.fr/callback',
    'https://review-ma-branche.agence-fictive.gouv.fr/callback',
    'https://pr-123.agence-fictive.gouv.fr/callback',
    'https://test.agence-fictive.gouv.fr/callback',
    'https://int.agence-fictive.gouv.fr/callback',
  ]),
  ...logins('url/shared-hosting', [
    'https://subventions.osc-fr1.scalingo.io/callback',
    'https://subventions.vercel.app/callback',
    'https://subventions.herokuapp.com/callback',
    'https://agence.github.io/callback',
    'https://subventions.cleverapps.io/callback',
    'https://subventions.azurewebsites.net/callback',
    'https://subventions.netlify.app/callback',
    'https://subventions.s3.fr-par.scw.cloud/callback',
  ]),
  ...logins('url/network-suffix', [
    'https://subventions.agence-fictive.rie.gouv.fr/callback',
    'https://subventions.finances.ader.gouv.fr/callback',
  ]),
  ...logins('url/network-suffix', ['https://portail.interieur-fictif.gouv.fr/callback'], 'rie/production'),
  ...logins('url/open-redirect', [
    'https://subventions.agence-fictive.gouv.fr/callback?next=/accueil',
    'https://subventions.agence-fictive.gouv.fr/callback?url=https://agence-fictive.gouv.fr',
    'https://subventions.agence-fictive.gouv.fr/redirect',
    'https://subventions.agence-fictive.gouv.fr/callback?returnUrl=%2F',
    'https://subventions.agence-fictive.gouv.fr/callback?suite=https%3A%2F%2Fautre.fr',
  ]),
  ...logouts('url/foreign-logout', [
    'https://www.autre-agence.gouv.fr/fin',
    'https://www.google.com/',
    'https://agence-fictive.fr/fin',
    'https://autre.agence-fictive.com/fin',
  ]),
  ...group('url/foreign-logout', [
    [
      'redirect_uris:\n  - https://un.vercel.app/callback\npost_logout_redirect_uris:\n  - https://deux.vercel.app/',
      'https://deux.vercel.app/',
      'internet/integration',
    ],
  ]),

  ...keyed('algorithm/hs256', 'id_token_signed_response_alg', ['HS256']),
  ...keyed('algorithm/hs256', 'userinfo_signed_response_alg', ['HS256']),
  ...keyed('algorithm/unsigned', 'userinfo_signed_response_alg', ['none']),

  ...scopes('scope/unknown', [
    'profile',
    'family_name',
    'offline_access',
    'address',
    'Siren',
    'organisational_unit',
    'chorus-dt',
    'birthdate',
    'siren organizational_unit',
  ]),
  ...scopes('scope/default', ['siret', 'email', 'openid', 'organization_label', 'roles', 'phone']),
  ...scopes('scope/restricted', ['groups', 'lasuite_visio', 'lasuite_visio:rooms:create']),

  ...addresses('ip/invalid', [
    '10.1.2.1-10.1.2.9',
    '10.1.2.256',
    '10.1.2',
    'proxy.agence-fictive.gouv.fr',
    'proxy-sortie',
    '010.001.002.003',
    '10.1.2.0/33',
    '10.1.2.0/255.255.255.0',
    '10.1.2.*',
    '10.1.2.3:443',
    'https://10.1.2.3/',
    '"10.1.2.3 "',
    '10.1.2.3, 10.1.2.4',
    '"::ffff:10.1.2.3"',
    '"fd00::1::2"',
    'à demander',
    '10.1.2.0/08',
  ]),
  ...addresses('ip/reserved', [
    '1.1.1.1',
    '8.8.8.8',
    '127.0.0.1',
    '0.0.0.0/0',
    '0.0.0.0',
    '"::/0"',
    '169.254.12.3',
    '224.0.0.1',
    '255.255.255.255',
    '192.0.2.15',
    '203.0.113.0/24',
    '"2001:db8::1"',
    '"::1"',
    '"fe80::1"',
    '100.67.22.39',
    '145.242.17.167',
    '100.67.23.0/24',
  ]),
  ...addresses('ip/host-bits', ['10.1.2.3/24', '100.68.41.17/29', '"fd12:3456:789a::1/64"']),
  ...addresses('ip/wide', [
    '10.0.0.0/8',
    '10.1.0.0/16',
    '10.1.2.0/23',
    '10.1.2.3/8',
    '"fd12:3456::/48"',
    '100.64.0.0/10',
  ]),
  ...addresses('ip/overlap', ['10.144.7.20 ', '10.144.7.20/32']),
  ...group('ip/overlap', [
    ['ip_addresses:\n  - 10.1.2.0/24\n  - 10.1.2.7', '  - 10.1.2.7', 'rie/production'],
  ]),
  ...addresses('ip/public', ['185.24.187.10', '192.168.1.20', '"2a01:e0a::1"']),
  ...group('ip/useless', [['ip_addresses:\n  - 10.144.7.20', 'ip_addresses:', 'internet/production']]),

  ...keyed('private-sector/no-effect', 'private_sector', ['true'], 'rie/production'),
];
