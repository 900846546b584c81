import { structureRule } from '#domain/definition/rules/rule';
import { kindOf, lastKeyOf } from '#domain/definition/rules/value-kinds';
import { insteadOf, isWrittenField } from '#domain/definition/rules/what-to-write';
import { withoutSignsAround } from '#domain/definition/rules/wrapping';

const htmlTag = /^<\/?(?:a|b|br|div|em|h[1-6]|i|iframe|img|p|script|span|strong|style|svg|u)\b/i;

const bracketed = /<[^<>\n]{2,60}>/;

const toDo =
  /(?<!\p{L})(?:à|a) (?:compléter|completer|remplir|renseigner|définir|definir|préciser|preciser)(?!\p{L})|^[[<({]?(?:todo|tbd|fixme|xxx+|changeme|change[-_ ]me)(?![\p{L}\d])|^(?:\.{3}|…)$|^xxx+@|@xxx+\./iu;

const sampleHost = /(?:^|[/@.])example\.(?:com|net|org)(?=$|[/:?#])/i;

const emptySiret = /^0{14}$/;

/** What the templates say is to be written, in the words of `schema/template.ts`, whatever stands around them. */
const toBeWritten: readonly RegExp[] = [
  /^nom du (?:service|fournisseur de services|scope)$/i,
  /^14 chiffres$/i,
  /^H et le numéro$/i,
  /^verbe à l['’]infinitif, puis ce que permet le service$/i,
  /^(?:adresse e-mail|URL complète|identifiant GitHub|adresse IP ou plage CIDR|à quoi il vous servira)$/i,
];

/** What is left of a template in a value; undefined when nothing is. */
function placeholderIn(value: string, pointer: string): string | undefined {
  const inner = withoutSignsAround(value, (text) => toBeWritten.some((words) => words.test(text))) ?? value;
  if (toBeWritten.some((words) => words.test(inner))) return value;
  const brackets = bracketed.exec(value)?.[0];
  if (brackets !== undefined && !htmlTag.test(brackets) && !isPastedValue(brackets, value, pointer))
    return brackets;
  return (
    toDo.exec(value)?.[0] ?? sampleHost.exec(value)?.[0].replace(/^[/@.]/, '') ?? emptySiret.exec(value)?.[0]
  );
}

/** `<https://…>`, « Équipe <equipe@…> », `<H4821>`: the brackets of the template around a value, which other rules report. */
function isPastedValue(brackets: string, value: string, pointer: string): boolean {
  if (/@|:\/\//.test(brackets)) return true;
  const inside = brackets.slice(1, -1).trim();
  if (pointer === '/name')
    return brackets === value && /^\p{Lu}[\p{L}']*[ -]\p{L}/u.test(inside) && !ofTemplate.test(inside);
  return kindOf(pointer)?.(inside) === true;
}

/** Words with which someone says what a name is, instead of the name. */
const ofTemplate = /^(?:nom|titre|libell|votre|mon|ma|le|l['’]|intitul|name|your)/i;

export const filePlaceholder = structureRule({
  id: 'file/placeholder',
  severity: 'error',
  title: { fr: 'Aucune valeur d’exemple n’est restée', en: 'No sample value is left' },
  why: {
    fr: 'Une valeur du modèle laissée en place donnerait un service qui ne marche pas, ou qui renvoie vos usagers chez quelqu’un d’autre.',
    en: 'A value of the template left in place would give a service that does not work, or that sends your users to someone else.',
  },
  messages: insteadOf({ fr: '{value} est à remplacer.', en: '{value} is only a sample.' }),
  suppresses: [
    'name/characters',
    'name/generic',
    'siret/format',
    'siret/checksum',
    'email/format',
    'description/infinitive',
    'description/format',
    'datapass/format',
    'url/invalid',
    'url/scheme',
    'url/canonical',
    'url/incomplete',
    'url/reserved-domain',
    'url/foreign-logout',
    'ip/invalid',
    'scope/unknown',
    'schema/enum',
  ],
  examples: {
    good: [{ yaml: 'name: Portail <-> agents' }],
    bad: [
      { yaml: 'redirect_uris:\n  - https://mon-service.example.com/callback' },
      { yaml: 'name: <à compléter>' },
      { yaml: 'description: à compléter' },
    ],
  },
  check({ partial, root, mayHoldPlaceholder: mayHoldSample }, report) {
    if (!mayHoldSample) return;
    const strings: { readonly pointer: string; readonly value: string | undefined }[] = [
      { pointer: '/name', value: partial.name },
      { pointer: '/organization/siret', value: partial.siret },
      { pointer: '/datapass', value: partial.datapass },
      { pointer: '/description', value: partial.description },
      ...partial.technicalContacts,
      ...(partial.supportContact === undefined ? [] : [partial.supportContact]),
      ...partial.redirectUris,
      ...partial.postLogoutRedirectUris,
      ...partial.ipAddresses,
      ...partial.owners,
      ...partial.optionalScopes.flatMap(({ value, pointer }) => [
        { pointer: `${pointer}/scope`, value: value.scope },
        { pointer: `${pointer}/justification`, value: value.justification },
      ]),
    ];
    if (typeof root !== 'object') return;
    for (const { pointer, value } of strings) {
      const left = value === undefined ? undefined : placeholderIn(value.slice(0, 2_100), pointer);
      const key = lastKeyOf(pointer);
      if (value === undefined || left === undefined || !isWrittenField(key)) continue;
      // Of an address, a part alone would name nothing that stands in the file.
      report({ pointer, messageId: key, values: { value: kindOf(pointer) === undefined ? left : value } });
    }
  },
});
