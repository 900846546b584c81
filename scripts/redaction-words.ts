/** Words that a recorded review keeps as they are: those that rules look at, and those that say nothing of anyone. */
import { defaultScopes, optionalScopes, restrictedScopes } from '#domain/definition/rules/scope/known-scopes';
import { serviceProviderSchema } from '#domain/definition/schema/service-provider-schema';
import { settingsSchema } from '#domain/registry/settings-schema';

/** Every word of a schema's keys and fixed values. */
function* wordsOf(node: unknown, key = ''): Generator<string> {
  if (typeof node === 'string' && (key === 'const' || key === 'enum' || key === 'required')) yield node;
  if (typeof node !== 'object' || node === null) return;
  for (const [name, child] of Object.entries(node)) {
    if (key === 'properties') yield name;
    yield* wordsOf(child, Array.isArray(node) ? key : name);
  }
}

/** Where things run, how mailboxes are called, what a link is followed by: what some rule tells apart. */
const telling = `
  agentconnect alpha api app apps azurewebsites beta bug clever cloud cloudfront cluster contact dev developpement
  demo duckdns example exemple fly github gitlab gitpod glitch gmail gouv herokuapp hotmail hybridge integ int invalid
  internal intranet io laposte lhr live local localhost localtunnel loca lt net netlify ngrok noreply nip onrender
  orange osc outlook pages preprod preproduction proconnect qual qualif qualification recette ref reply repl sfr sslip
  staging stage stg support test tests testing tmp trycloudflare tunnel uat validation vercel wanadoo webcontainer
  workers wpengine yahoo yopmail free icloud protonmail scalingo
  callback cb redirect redirectto return returnto returnurl next url uri goto target continue dest destination state
  login logout signin signout oidc oauth auth sso saml retour connexion deconnexion accueil authorize client response
  type code www http https javascript data file mailto ftp
  application applications appli service services site portail plateforme outil logiciel nom name version mon ma
  permet permettre description
  secret key token password passwd private begin end rsa
  ader rie fr com org eu re gp mq gf yt nc pf wf pm paris bzh asso info biz dev
`;

/** Small words of French, and the reasons that a sentence is made of. */
const common = `
  les des une aux dans par pour avec sans sous sur entre vers chez que qui dont est sont ont leur leurs son ses nos vos
  votre notre cette ces cet tout tous toute toutes pas plus non oui mais ou donc car
  the and for with from into this that
`;

const ownWords = [
  ...wordsOf(serviceProviderSchema),
  ...wordsOf(settingsSchema),
  ...defaultScopes,
  ...optionalScopes,
  ...restrictedScopes,
].join(' ');

/** In lower case. */
export const keptWords: ReadonlySet<string> = new Set(
  `${ownWords} ${telling} ${common} service-providers greffier yaml registre registry true false null`
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== ''),
);

/** The keys of a definition: a word that is nearly one of them is a mistake to keep. */
export const definitionKeys: readonly string[] = [...wordsOf(serviceProviderSchema)].map((key) =>
  key.toLowerCase(),
);
