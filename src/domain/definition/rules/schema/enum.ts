import { cellName } from '#domain/definition/cell';
import { structureRule } from '#domain/definition/rules/rule';
import { lastKeyOf } from '#domain/definition/rules/value-kinds';
import { unwrapped, valuesIn } from '#domain/definition/rules/wrapping';
import { distance } from '#domain/definition/schema/unknown-keys';
import { hasStructureProblems, problemsOfKind, quotedValue } from './problems.ts';

/** What people write for a network or an environment. Maps: an object would know `constructor` as well. */
const environmentNames: ReadonlyMap<string, string> = new Map([
  ['prod', 'production'],
  ['production', 'production'],
  ['integ', 'integration'],
  ['integration', 'integration'],
  ['intégration', 'integration'],
]);

const networkNames: ReadonlyMap<string, string> = new Map([
  ['rie', 'rie'],
  ['internet', 'internet'],
  ['réseau interministériel de l’état', 'rie'],
]);

const preProductionNames =
  /^(?:pr[eé]-?prod(?:uction)?|recette|staging|test|tests|qualif(?:ication)?|homologation|uat|dev(?:elop(?:pe)?ment|eloppement)?|développement|sandbox|bac à sable|formation|demo|démo|qa|int)$/i;

const signingAlgorithms = ['RS256', 'ES256', 'HS256'];

const noSigning = /^(?:none|aucun|aucune|non|json)$/i;

/** `rs-256`, `RSA256`, `RS 256` all mean RS256. */
function algorithmMeant(value: string): string | undefined {
  const tight = value.toUpperCase().replace(/[^A-Z0-9]/g, '');
  const meant = tight
    .replace(/^RSA/, 'RS')
    .replace(/^ECDSA|^EC(?=256)/, 'ES')
    .replace(/^HMAC(?:SHA)?/, 'HS')
    .replace('SHA', '');
  return signingAlgorithms.find((known) => known === meant);
}

export const schemaEnum = structureRule({
  id: 'schema/enum',
  severity: 'error',
  title: { fr: 'La valeur fait partie des choix possibles', en: 'The value is one of the possible choices' },
  why: {
    fr: 'ProConnect ne connaît que quelques valeurs pour ce champ. Une autre ferait refuser votre service en entier.',
    en: 'ProConnect knows only a few values for this field. Another would have your whole service refused.',
  },
  messages: {
    other: {
      fr: 'La valeur {value} n’est pas possible pour {key}. Choisissez parmi {allowed}.',
      en: 'The value {value} is not possible for {key}. Choose among {allowed}.',
    },
    empty: {
      fr: 'Le champ {key} n’a pas de valeur. Choisissez parmi {allowed}.',
      en: 'The key {key} has no value. Choose among {allowed}.',
    },
    environment: {
      fr: 'L’environnement {value} n’existe pas : ProConnect en a deux, integration et production. Une préproduction ou une recette se branche en général sur integration.',
      en: 'The environment {value} does not exist: ProConnect has two, integration and production. A pre-production or acceptance environment usually connects to integration.',
    },
    networks: {
      fr: 'Un fichier par réseau : les clés du RIE et d’Internet sont différentes. Faites un fichier dans chaque dossier, et gardez ici {proposal}.',
      en: 'One file per network: the keys of the RIE and of the Internet are different. Make a file in each folder, and keep {proposal} here.',
    },
    networksOnly: {
      fr: 'Un fichier par réseau : les clés du RIE et d’Internet sont différentes. Faites un fichier dans chaque dossier, et gardez ici internet ou rie.',
      en: 'One file per network: the keys of the RIE and of the Internet are different. Make a file in each folder, and keep internet or rie here.',
    },
    environments: {
      fr: 'Un fichier par environnement : les clés d’intégration et de production sont différentes. Faites un fichier dans chaque dossier, et gardez ici integration ou production.',
      en: 'One file per environment: the keys of integration and production are different. Make a file in each folder, and keep integration or production here.',
    },
    algorithms: {
      fr: 'Un seul algorithme est possible. Gardez celui que votre application attend ; votre développeur ou votre prestataire le sait. À défaut, écrivez RS256.',
      en: 'Only one algorithm is possible. Keep the one that your application expects; your developer or your supplier knows it. Failing that, write RS256.',
    },
    unsigned: {
      fr: 'Ce champ ne peut pas valoir {value}. Écrivez RS256, l’algorithme recommandé.',
      en: 'This field cannot be {value}. Write RS256, the recommended algorithm.',
    },
    none: {
      fr: 'Pour recevoir userinfo en JSON sans signature, écrivez none. RS256 est recommandé.',
      en: 'To receive userinfo as unsigned JSON, write none. RS256 is recommended.',
    },
    algorithm: {
      fr: 'L’algorithme {value} n’est pas pris en charge par ProConnect. Choisissez parmi {allowed} ; RS256 est recommandé.',
      en: 'The algorithm {value} is not supported by ProConnect. Choose among {allowed}; RS256 is recommended.',
    },
    spelling: {
      fr: 'La valeur {value} s’écrit {proposal}.',
      en: 'The value {value} is written {proposal}.',
    },
    otherCell: {
      fr: 'La valeur {value} s’écrit {proposal}, et le fichier est rangé dans le dossier {folder}. Écrivez {known}, ou déplacez le fichier.',
      en: 'The value {value} is written {proposal}, and the file is in the folder {folder}. Write {known}, or move the file.',
    },
    write: { fr: 'Écrire {value}', en: 'Write {value}' },
  },
  suppresses: ['file/cell-mismatch'],
  examples: {
    good: [{ yaml: 'userinfo_signed_response_alg: RS256' }],
    bad: [
      { yaml: 'environment: preprod', messageIds: ['environment'] },
      { yaml: 'environment: Production', messageIds: ['spelling'] },
      { yaml: 'environment: Intégration', messageIds: ['otherCell'] },
      { yaml: 'network: [rie, internet]', messageIds: ['networks'] },
      { yaml: 'network: les deux', messageIds: ['networks'] },
      { yaml: 'network: intranet', messageIds: ['other'] },
      { yaml: 'id_token_signed_response_alg: rs256', messageIds: ['spelling'] },
      { yaml: 'id_token_signed_response_alg: none', messageIds: ['unsigned'] },
      { yaml: 'id_token_signed_response_alg: RS512', messageIds: ['algorithm'] },
      { yaml: 'id_token_signed_response_alg: RS256 ou ES256', messageIds: ['algorithms'] },
      { yaml: 'userinfo_signed_response_alg: aucun', messageIds: ['none'] },
      { yaml: 'id_token_signed_response_alg:', messageIds: ['empty'] },
      { yaml: 'environment: [integration, production]', messageIds: ['environments'] },
    ],
  },
  concerns: hasStructureProblems,
  check({ problems, place }, report) {
    for (const { pointer, allowed, value } of problemsOfKind(problems, 'enum')) {
      const key = lastKeyOf(pointer);
      const only: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
      const text = typeof only === 'string' ? only.trim() : quotedValue(only);
      const meant = meantBy(text, allowed, key);
      const folder =
        key === 'network' ? place?.network : key === 'environment' ? place?.environment : undefined;
      if (meant !== undefined && place !== undefined && folder !== undefined && folder !== meant)
        report({
          pointer,
          messageId: 'otherCell',
          values: { value: text, proposal: meant, folder: cellName(place), known: folder },
        });
      else if (meant !== undefined)
        report({
          pointer,
          ...(meant === 'none'
            ? { messageId: 'none' }
            : { messageId: 'spelling', values: { value: text, proposal: meant } }),
          fix: { title: 'write', values: { value: meant }, correction: { kind: 'set', value: meant } },
        });
      else if (text === '') report({ pointer, at: 'key', messageId: 'empty', values: { key, allowed } });
      else if (key === 'network' && namesBoth(value, text, allowed))
        if (place === undefined) report({ pointer, messageId: 'networksOnly' });
        else report({ pointer, messageId: 'networks', values: { proposal: place.network } });
      else if (key === 'environment' && namesBoth(value, text, allowed))
        report({ pointer, messageId: 'environments' });
      else if (key === 'environment' && preProductionNames.test(text))
        report({ pointer, messageId: 'environment', values: { value: text } });
      else if (!key.endsWith('alg'))
        report({ pointer, messageId: 'other', values: { key, value: text, allowed } });
      else if (namesBoth(value, text, allowed)) report({ pointer, messageId: 'algorithms' });
      else if (noSigning.test(text)) report({ pointer, messageId: 'unsigned', values: { value: text } });
      else report({ pointer, messageId: 'algorithm', values: { value: text, allowed } });
    }
  },
});

/** Whether someone wants all the choices at once. */
function namesBoth(value: unknown, text: string, allowed: readonly string[]): boolean {
  if (typeof value === 'object' && value !== null) return true;
  if (/deux|both/i.test(text)) return true;
  const words = text.toLowerCase().split(/[^\p{L}\d]+/u);
  return words.filter((word) => choiceOf(word, allowed, '') !== undefined).length > 1;
}

/** The one choice that a text means, whatever stands around it. */
function meantBy(text: string, allowed: readonly string[], key: string): string | undefined {
  const isChoice = (word: string) => choiceOf(word, allowed, key) !== undefined;
  const whole = choiceOf(text, allowed, key);
  if (whole !== undefined) return whole;
  const named = valuesIn(text.replace(/[/()]/g, ' '), isChoice)?.items.map((word) =>
    choiceOf(word, allowed, key),
  );
  if (new Set(named).size > 1) return undefined;
  const inner = unwrapped(text, isChoice);
  return inner === undefined ? undefined : choiceOf(inner.value, allowed, key);
}

function choiceOf(text: string, allowed: readonly string[], key: string): string | undefined {
  const lower = text.toLowerCase();
  const cased = allowed.find((known) => known.toLowerCase() === lower);
  if (cased !== undefined) return cased;
  if (key.startsWith('userinfo') && noSigning.test(text)) return 'none';
  if (key.endsWith('alg')) return algorithmMeant(text);
  const named = environmentNames.get(lower) ?? networkNames.get(lower);
  if (named !== undefined) return allowed.includes(named) ? named : undefined;
  // One slip of the finger in a long word leaves no other choice.
  return key !== 'environment' || lower.length < 8
    ? undefined
    : allowed.find((known) => distance(lower, known, 2) <= 2);
}
