import { rightPath } from '#domain/definition/definition-path';
import { textRule } from '#domain/definition/rules/rule';
import { isMapping } from '#domain/definition/schema/schema-check';
import { isInCell } from './in-cell.ts';

export const filePath = textRule({
  id: 'file/path',
  severity: 'error',
  title: {
    fr: 'Une définition a une place précise dans le registre',
    en: 'A definition has a precise place in the registry',
  },
  why: {
    fr: 'Le chemin du fichier est l’identité de votre service : il dit le réseau, l’environnement et le nom sous lequel ses clés sont gardées.',
    en: 'The path of the file is the identity of your service: it says the network, the environment and the name under which its keys are kept.',
  },
  messages: {
    outside: {
      fr: 'Le chemin {path} n’est pas celui d’une définition. Rangez le fichier sous son réseau (internet ou rie) et son environnement (integration ou production), par exemple `service-providers/internet/integration/mon-service.yaml`.',
      en: 'The path {path} is not that of a definition. Put the file under its network (internet or rie) and its environment (integration or production), for instance `service-providers/internet/integration/mon-service.yaml`.',
    },
    move: {
      fr: 'Cette définition n’est pas à sa place, et Greffier ne la lirait pas. Déplacez le fichier : {proposal}.',
      en: 'This definition is not in its place, and Greffier would not read it. Move the file: {proposal}.',
    },
    link: {
      fr: 'Le chemin {path} est un lien symbolique (ou un autre fichier spécial). Greffier ne le suit pas, car il pourrait mener hors du registre : mettez à sa place le fichier lui-même.',
      en: 'The path {path} is a symbolic link (or another special file). Greffier does not follow it, since it could lead out of the registry: put the file itself in its place.',
    },
  },
  examples: {
    good: [{ yaml: '' }],
    bad: [
      {
        yaml: 'name: Suivi\n',
        whole: true,
        path: 'service-providers/internet/exemple.yaml',
        messageIds: ['outside'],
      },
      {
        yaml: 'name: Suivi\n',
        whole: true,
        path: 'service-providers/extranet/exemple.yaml',
        messageIds: ['outside'],
      },
      { yaml: 'name: Suivi', path: 'service-providers/exemple.yaml', messageIds: ['move'] },
      { yaml: 'name: Suivi', path: 'modeles/exemple.yaml', messageIds: ['move'] },
    ],
  },
  check(source, report) {
    if (!source.decoding.ok && source.decoding.kind === 'link')
      report({ start: 0, end: 0, messageId: 'link', values: { path: source.path } });
    else if (source.place === undefined && !isInCell(source.path)) {
      const said = source.loaded.ok && isMapping(source.loaded.value) ? source.loaded.value : {};
      const proposal = rightPath(source.path, said);
      if (proposal === undefined)
        report({ start: 0, end: 0, messageId: 'outside', values: { path: source.path } });
      else report({ start: 0, end: 0, messageId: 'move', values: { proposal } });
    }
  },
});
