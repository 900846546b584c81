/** Rules on the file itself: where it stands, how it is encoded, what must never be in it. */
import { environments, networks } from '#base/config/cells';
import { cellName, definitionsFolder } from '#domain/definition/cell';
import { suggestedFileName } from '#domain/definition/file-name';
import { secretSpans } from '#domain/definition/parse/secret-scan';
import { maxFileBytes } from '#domain/definition/parse/source';
import { structureRule, textRule } from './rule.ts';

/** Whether all of a path but its last part is right, so that only the name of the file is to correct. */
function isInCell(path: string): boolean {
  const [folder, network, environment, , more] = path.split('/');
  return (
    folder === definitionsFolder &&
    networks.some((known) => known === network) &&
    environments.some((known) => known === environment) &&
    more === undefined
  );
}

export const filePath = textRule({
  id: 'file/path',
  severity: 'error',
  title: {
    fr: 'Une définition a une place précise dans le registre',
    en: 'A definition has a precise place in the registry',
  },
  why: {
    fr: 'Le chemin du fichier est l’identité de votre service : il dit le réseau, l’environnement et le nom sous lequel ses clés sont gardées. Un lien symbolique n’est jamais suivi, car il pourrait mener hors du registre.',
    en: 'The path of the file is the identity of your service: it says the network, the environment and the name under which its keys are kept. A symbolic link is never followed, since it could lead out of the registry.',
  },
  messages: {
    outside: {
      fr: 'Le chemin {path} n’est pas celui d’une définition. Rangez le fichier dans `service-providers/`, puis un dossier par réseau et par environnement, avec le réseau internet ou rie et l’environnement integration ou production.',
      en: 'The path {path} is not that of a definition. Put the file in `service-providers/`, then one folder for the network and one for the environment, the network being internet or rie and the environment integration or production.',
    },
    link: {
      fr: 'Le chemin {path} est un lien symbolique (ou un autre fichier spécial). Greffier ne les suit pas : mettez à sa place le fichier lui-même.',
      en: 'The path {path} is a symbolic link (or another special file). Greffier does not follow them: put the file itself in its place.',
    },
  },
  examples: {
    good: [{ yaml: '' }],
    bad: [
      { yaml: '', path: 'service-providers/internet/exemple.yaml', messageIds: ['outside'] },
      { yaml: '', path: 'service-providers/extranet/production/exemple.yaml', messageIds: ['outside'] },
    ],
  },
  check(source, report) {
    if (!source.decoding.ok && source.decoding.kind === 'link')
      report({ start: 0, end: 0, messageId: 'link', values: { path: source.path } });
    else if (source.place === undefined && !isInCell(source.path))
      report({ start: 0, end: 0, messageId: 'outside', values: { path: source.path } });
  },
});

export const fileName = textRule({
  id: 'file/name',
  severity: 'error',
  title: {
    fr: 'Le nom du fichier est fait de minuscules, de chiffres et de tirets',
    en: 'The file name is made of lower-case letters, digits and hyphens',
  },
  why: {
    fr: 'Le nom du fichier est l’identifiant de votre service. Il doit s’écrire de la même façon sur toutes les machines : sans espace, sans accent, sans majuscule.',
    en: 'The file name is the identifier of your service. It must be written the same way on every machine: no spaces, accents or capitals.',
  },
  messages: {
    rename: {
      fr: 'Le nom de fichier {name} ne convient pas : 3 à 63 minuscules, chiffres ou tirets, une lettre au début, et l’extension .yaml. Renommez-le par exemple {proposal}.',
      en: 'The file name {name} will not do: 3 to 63 lower-case letters, digits or hyphens, starting with a letter, and the extension .yaml. Rename it, for example, {proposal}.',
    },
  },
  examples: {
    good: [{ yaml: '', path: 'service-providers/rie/production/mon-fs2.yaml', cell: 'rie/production' }],
    bad: [
      { yaml: '', path: 'service-providers/internet/production/Mon FS.yml' },
      { yaml: '', path: 'service-providers/internet/production/ma.yaml' },
    ],
  },
  check(source, report) {
    if (source.place !== undefined || !isInCell(source.path)) return;
    const name = source.path.slice(source.path.lastIndexOf('/') + 1);
    report({ start: 0, end: 0, messageId: 'rename', values: { name, proposal: suggestedFileName(name) } });
  },
});

export const fileEncoding = textRule({
  id: 'file/encoding',
  severity: 'error',
  title: { fr: 'Le fichier est en UTF-8, sans BOM', en: 'The file is in UTF-8, without a BOM' },
  why: {
    fr: 'Un autre encodage abîmerait les accents du nom que voient les usagers, ou rendrait le fichier illisible pour une partie des outils.',
    en: 'Another encoding would damage the accents of the name that users see, or make the file unreadable for some tools.',
  },
  messages: {
    bom: {
      fr: 'Le fichier commence par une marque d’ordre (BOM), un caractère invisible que certains éditeurs ajoutent. Enregistrez-le en « UTF-8 » simple.',
      en: 'The file starts with a byte order mark (BOM), an invisible character that some editors add. Save it as plain “UTF-8”.',
    },
    removeBom: { fr: 'Retirer la marque d’ordre', en: 'Remove the byte order mark' },
    utf16: {
      fr: 'Le fichier est encodé en UTF-16. Enregistrez-le en UTF-8.',
      en: 'The file is encoded in UTF-16. Save it in UTF-8.',
    },
    binary: {
      fr: 'Le fichier contient un octet nul : ce n’est pas un fichier texte. Repartez d’un modèle, dans un éditeur de texte.',
      en: 'The file holds a null byte: it is not a text file. Start again from a template, in a text editor.',
    },
    invalid: {
      fr: 'Le fichier n’est pas en UTF-8 (sans doute en Windows-1252 ou ISO-8859-1). Enregistrez-le en UTF-8, puis vérifiez les accents.',
      en: 'The file is not in UTF-8 (probably in Windows-1252 or ISO-8859-1). Save it in UTF-8, then check the accents.',
    },
  },
  examples: {
    good: [{ yaml: 'name: Événements' }],
    bad: [{ yaml: '\ufeffversion: 1\n', whole: true, messageIds: ['bom'] }],
  },
  check({ decoding, text }, report) {
    if (text.startsWith('\ufeff'))
      report({
        start: 0,
        end: 1,
        messageId: 'bom',
        fix: { title: 'removeBom', edits: [{ start: 0, end: 1, text: '' }] },
      });
    if (decoding.ok) return;
    if (decoding.kind === 'utf-16') report({ start: 0, end: 0, messageId: 'utf16' });
    else if (decoding.kind === 'binary') report({ start: 0, end: 0, messageId: 'binary' });
    else if (decoding.kind === 'invalid') report({ start: 0, end: 0, messageId: 'invalid' });
  },
});

export const fileSize = textRule({
  id: 'file/size',
  severity: 'error',
  title: { fr: 'Le fichier fait au plus 64 Kio', en: 'The file is at most 64 KiB' },
  why: {
    fr: 'Une définition tient en une page. Un fichier beaucoup plus gros est une erreur de copie, et coûterait cher à lire à chaque vérification.',
    en: 'A definition fits on a page. A much bigger file is a copying mistake, and would be costly to read at each check.',
  },
  messages: {
    size: {
      fr: 'Le fichier fait {size} octets ; le maximum est de {most}. Gardez un seul service par fichier.',
      en: 'The file is {size} bytes long; the maximum is {most}. Keep one service per file.',
    },
  },
  examples: {
    good: [{ yaml: 'name: Suivi' }],
    bad: [{ yaml: `# ${'x'.repeat(maxFileBytes)}\n`, whole: true }],
  },
  check({ size, decoding }, report) {
    if (!decoding.ok && decoding.kind === 'too-large')
      report({ start: 0, end: 0, messageId: 'size', values: { size, most: maxFileBytes } });
  },
});

export const fileEmpty = textRule({
  id: 'file/empty',
  severity: 'error',
  title: { fr: 'Le fichier n’est pas vide', en: 'The file is not empty' },
  why: {
    fr: 'Un fichier vide ne décrit aucun service. Pour retirer un service, supprimez son fichier.',
    en: 'An empty file describes no service. To remove a service, delete its file.',
  },
  messages: {
    empty: {
      fr: 'Le fichier est vide. Partez d’un modèle : la commande greffier new en écrit un.',
      en: 'The file is empty. Start from a template: the command greffier new writes one.',
    },
    comments: {
      fr: 'Le fichier ne contient que des commentaires. Retirez le « # » devant les clés, ou partez d’un modèle : la commande greffier new en écrit un.',
      en: 'The file holds comments only. Remove the “#” before the keys, or start from a template: the command greffier new writes one.',
    },
  },
  examples: {
    good: [{ yaml: 'name: Suivi' }],
    bad: [
      { yaml: '', whole: true, messageIds: ['empty'] },
      { yaml: '# version: 1\n', whole: true, messageIds: ['comments'] },
    ],
  },
  check({ loaded, text }, report) {
    if (loaded.ok || loaded.failure !== 'empty') return;
    report({ start: 0, end: 0, messageId: text.includes('#') ? 'comments' : 'empty' });
  },
});

export const fileCellMismatch = structureRule({
  id: 'file/cell-mismatch',
  severity: 'error',
  title: {
    fr: 'Le contenu et le dossier disent le même réseau et le même environnement',
    en: 'The content and the folder say the same network and environment',
  },
  why: {
    fr: 'Les clés d’un environnement ne marchent pas dans un autre. Si le dossier et le contenu se contredisent, personne ne peut savoir où créer votre service.',
    en: 'The keys of one environment do not work in another. When folder and content contradict each other, nobody can know where to create your service.',
  },
  messages: {
    network: {
      fr: 'Le fichier déclare le réseau {value}, mais il est rangé dans le dossier {cell}. Corrigez la valeur, ou déplacez le fichier.',
      en: 'The file declares the network {value}, but it is in the folder {cell}. Correct the value, or move the file.',
    },
    environment: {
      fr: 'Le fichier déclare l’environnement {value}, mais il est rangé dans le dossier {cell}. Corrigez la valeur, ou déplacez le fichier.',
      en: 'The file declares the environment {value}, but it is in the folder {cell}. Correct the value, or move the file.',
    },
  },
  examples: {
    good: [{ yaml: 'environment: production' }],
    bad: [
      { yaml: 'environment: integration', messageIds: ['environment'] },
      { yaml: 'network: rie\nip_addresses:\n  - 10.144.7.20', messageIds: ['network'] },
    ],
  },
  check({ place, partial, problems }, report) {
    if (place === undefined) return;
    const unknown = (pointer: string) => problems.some((problem) => problem.pointer === pointer);
    const cell = cellName(place);
    if (partial.network !== undefined && partial.network !== place.network && !unknown('/network'))
      report({ pointer: '/network', messageId: 'network', values: { value: partial.network, cell } });
    if (
      partial.environment !== undefined &&
      partial.environment !== place.environment &&
      !unknown('/environment')
    )
      report({
        pointer: '/environment',
        messageId: 'environment',
        values: { value: partial.environment, cell },
      });
  },
});

const htmlTag = /^<\/?(?:a|b|br|div|em|h[1-6]|i|iframe|img|p|script|span|strong|style|svg|u)\b/i;
const bracketed = /<[^<>\n]{2,60}>/;
const toDo =
  /(?<!\p{L})(?:à|a) (?:compléter|completer|remplir|renseigner|définir|definir)(?!\p{L})|^(?:todo|tbd|xxx+|changeme|change[-_ ]me|\.{3}|…)$/iu;
const sampleHost = /(?:^|[/@.])example\.(?:com|net|org)(?=$|[/:?#])/i;
const emptySiret = /^0{14}$/;
/** What is left of a template in a value; undefined when nothing is. */
function placeholderIn(value: string): string | undefined {
  const brackets = bracketed.exec(value)?.[0];
  // `<https://…>` and « Équipe <equipe@…> » are pasted addresses, which other rules report.
  if (brackets !== undefined && !htmlTag.test(brackets) && !/@|:\/\//.test(brackets)) return brackets;
  return (
    toDo.exec(value)?.[0] ?? sampleHost.exec(value)?.[0].replace(/^[/@.]/, '') ?? emptySiret.exec(value)?.[0]
  );
}

export const filePlaceholder = structureRule({
  id: 'file/placeholder',
  severity: 'error',
  title: { fr: 'Aucune valeur d’exemple n’est restée', en: 'No sample value is left' },
  why: {
    fr: 'Une valeur du modèle laissée en place donnerait un service qui ne marche pas, ou qui renvoie vos usagers chez quelqu’un d’autre.',
    en: 'A value of the template left in place would give a service that does not work, or that sends your users to someone else.',
  },
  messages: {
    left: {
      fr: 'La valeur d’exemple {value} est restée. Remplacez-la par la vôtre.',
      en: 'The sample value {value} is left. Replace it with your own.',
    },
  },
  suppresses: [
    'name/characters',
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
      const left = value === undefined ? undefined : placeholderIn(value.slice(0, 2_100));
      if (left !== undefined) report({ pointer, messageId: 'left', values: { value: left } });
    }
  },
});

export const fileSecret = textRule({
  id: 'file/secret',
  severity: 'error',
  title: { fr: 'Aucun secret dans le registre', en: 'No secret in the registry' },
  why: {
    fr: 'Un registre se lit, se copie et garde son histoire : un secret qui y est passé n’en est plus un, même effacé ensuite. Les clés de ProConnect vous sont remises autrement. Le client_id, lui, n’est pas secret.',
    en: 'A registry is read, copied and keeps its history: a secret that went through it is no longer one, even when deleted later. The keys of ProConnect are handed to you another way. The client_id is no secret.',
  },
  messages: {
    hex: {
      fr: 'Une suite de 64 chiffres hexadécimaux, la forme d’un secret ProConnect, est écrite ici. Considérez-le comme compromis : retirez-le, demandez-en un nouveau, et effacez-le de l’historique de la branche.',
      en: 'A run of 64 hexadecimal digits, the form of a ProConnect secret, is written here. Consider it compromised: remove it, ask for a new one, and erase it from the history of the branch.',
    },
    named: {
      fr: 'Un secret ou un mot de passe est écrit ici. Considérez-le comme compromis : retirez-le, changez-le, et effacez-le de l’historique de la branche.',
      en: 'A secret or a password is written here. Consider it compromised: remove it, change it, and erase it from the history of the branch.',
    },
    key: {
      fr: 'Une clé privée est écrite ici. Considérez-la comme compromise : retirez-la, remplacez-la partout, et effacez-la de l’historique de la branche.',
      en: 'A private key is written here. Consider it compromised: remove it, replace it everywhere, and erase it from the history of the branch.',
    },
    token: {
      fr: 'Un jeton d’accès est écrit ici. Considérez-le comme compromis : révoquez-le, retirez-le, et effacez-le de l’historique de la branche.',
      en: 'An access token is written here. Consider it compromised: revoke it, remove it, and erase it from the history of the branch.',
    },
  },
  suppresses: [
    'schema/unknown-key',
    'schema/type',
    'description/infinitive',
    'description/format',
    'name/characters',
  ],
  examples: {
    good: [{ yaml: `# client_id: ${'0a1b2c3d'.repeat(8)}\nname: Suivi` }],
    bad: [
      { yaml: `name: Suivi\n# ${'0a1b2c3d'.repeat(8)}`, messageIds: ['hex'] },
      { yaml: 'client_secret: correct-horse-battery', messageIds: ['named'] },
    ],
  },
  check({ text }, report) {
    for (const { start, end, kind } of secretSpans(text)) report({ start, end, messageId: kind });
  },
});

/** Control, format, separator and filler characters; line ends and tabulations are not among them. */
const hidden =
  /(?![\n\r\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|(?! )\p{Zs}|\u034f|[\u115f\u1160]|\u17b4|\u17b5|[\ufe00-\ufe0f]|\u3164|\uffa0|[\u{e0100}-\u{e01ef}]/gu;
const space = /^[\u00a0\u2000-\u200a\u202f\u205f\u3000]$/;

export const fileHiddenCharacter = textRule({
  id: 'file/hidden-character',
  severity: 'error',
  title: { fr: 'Aucun caractère invisible', en: 'No invisible characters' },
  why: {
    fr: 'Un caractère que l’on ne voit pas (espace insécable, largeur nulle, sens d’écriture), souvent venu d’un copier-coller, rend deux textes différents à l’œil pareils. ProConnect compare les URLs au caractère près.',
    en: 'A character that cannot be seen (no-break space, zero width, writing direction), often pasted along, makes two different texts look the same. ProConnect compares URLs character by character.',
  },
  messages: {
    one: {
      fr: 'Un caractère invisible est caché ici : {shown}. Retirez-le, ou remplacez-le par une espace ordinaire.',
      en: 'An invisible character hides here: {shown}. Remove it, or replace it with an ordinary space.',
    },
    several: {
      fr: '{count} caractères invisibles sont cachés sur cette ligne, dont {shown}. Retirez-les, ou remplacez-les par des espaces ordinaires.',
      en: '{count} invisible characters hide on this line, among them {shown}. Remove them, or replace them with ordinary spaces.',
    },
    clean: { fr: 'Retirer les caractères invisibles', en: 'Remove the invisible characters' },
  },
  suppresses: [
    'yaml/syntax',
    'name/characters',
    'siret/format',
    'email/format',
    'datapass/format',
    'description/format',
    'url/invalid',
    'url/canonical',
    'ip/invalid',
    'schema/enum',
    'schema/unknown-key',
  ],
  examples: {
    good: [{ yaml: '# Attention\u00a0: un commentaire peut garder ses espaces insécables.\nname: Suivi' }],
    bad: [
      { yaml: 'name: Suivi\u00a0des subventions', messageIds: ['one'] },
      {
        yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/\u200boidc\u200b',
        messageIds: ['several'],
      },
    ],
  },
  check(source, report) {
    const byLine = new Map<number, { start: number; text: string }[]>();
    for (const match of source.text.matchAll(hidden)) {
      if (match.index === 0 && match[0] === '\ufeff') continue;
      const line = source.lines.lineAt(match.index);
      const before = source.text.slice(source.lines.startOf(line), match.index);
      if (space.test(match[0]) && /^\s*#|\s#\s/.test(before)) continue;
      const here = byLine.get(line) ?? [];
      here.push({ start: match.index, text: match[0] });
      byLine.set(line, here);
    }
    for (const found of byLine.values()) {
      const [first] = found;
      if (first === undefined) continue;
      const edits = found.map(({ start, text }) => ({
        start,
        end: start + text.length,
        text: space.test(text) ? ' ' : '',
      }));
      report({
        start: first.start,
        end: first.start + first.text.length,
        messageId: found.length === 1 ? 'one' : 'several',
        values: { shown: first.text, ...(found.length > 1 && { count: found.length }) },
        fix: { title: 'clean', edits },
      });
    }
  },
});

export const fileTextRules = [
  filePath,
  fileName,
  fileEncoding,
  fileSize,
  fileEmpty,
  fileSecret,
  fileHiddenCharacter,
] as const;

export const fileStructureRules = [fileCellMismatch, filePlaceholder] as const;
