import { copyOf, fileNameFor } from '#domain/definition/file-name';
import { textRule } from '#domain/definition/rules/rule';
import { isInCell } from './in-cell.ts';

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
    choose: {
      fr: 'Le nom de fichier {name} ne convient pas : 3 à 63 minuscules, chiffres ou tirets, une lettre au début, et l’extension .yaml. Donnez-lui le nom de votre service : pour un « Agenda des salles », ce serait `agenda-des-salles.yaml`.',
      en: 'The file name {name} will not do: 3 to 63 lower-case letters, digits or hyphens, starting with a letter, and the extension .yaml. Give it the name of your service: for “Agenda des salles”, it would be `agenda-des-salles.yaml`.',
    },
    copy: {
      fr: '{mark} vient sans doute d’un double du fichier {name}. Renommez-le {proposal} ; si {proposal} existe déjà, gardez un seul des deux.',
      en: '{mark} probably comes from a second copy of the file {name}. Rename it {proposal}; if {proposal} is already there, keep only one of the two.',
    },
  },
  examples: {
    good: [{ yaml: '', path: 'service-providers/rie/production/mon-fs2.yaml', cell: 'rie/production' }],
    bad: [
      { yaml: '', path: 'service-providers/internet/production/Mon FS.yml' },
      { yaml: '', path: 'service-providers/internet/production/ma.yaml', messageIds: ['choose'] },
      { yaml: '', path: 'service-providers/internet/production/agenda (1).yaml', messageIds: ['copy'] },
    ],
  },
  check(source, report) {
    if (source.place !== undefined || !isInCell(source.path)) return;
    const name = source.path.slice(source.path.lastIndexOf('/') + 1);
    const { mark, original = name } = copyOf(name) ?? {};
    const proposal = fileNameFor(original);
    if (proposal === undefined) report({ start: 0, end: 0, messageId: 'choose', values: { name } });
    else if (mark === undefined)
      report({ start: 0, end: 0, messageId: 'rename', values: { name, proposal } });
    else report({ start: 0, end: 0, messageId: 'copy', values: { name, proposal, mark } });
  },
});
