/** `greffier new`: writes a definition that validates, from questions or from options. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { environments, networks } from '#base/config/cells';
import { schemaModeline } from '#base/config/published-schema';
import { defined } from '#base/defined';
import { complete } from '#base/i18n/render';
import { shellWord } from '#base/invocation';
import { type Arguments, type Options, parseArguments, typedNext } from '#cli/arguments';
import { shownLines } from '#cli/formats/excerpt';
import { textReport } from '#cli/formats/text';
import { scopeOf } from '#cli/interview/fields';
import { type InterviewResult, pathOf, runInterview, suggestedId } from '#cli/interview/interview';
import { interviewMessages } from '#cli/interview/messages';
import { optionReport } from '#cli/interview/option-report';
import { messages, t } from '#cli/messages';
import { isFolder } from '#cli/registry/registry-folder';
import { judgeAddition, writeDefinition } from '#cli/registry/write-definition';
import { type CliCommand, CliError, type Terminal } from '#cli/terminal';
import { type Cell, idPattern } from '#domain/definition/cell';
import { type FormAnswers, serializeLines } from '#domain/definition/fix/serialize';
import {
  registrySchemaFromDefinition,
  registrySchemaPath,
  schemaAddress,
} from '#domain/definition/schema/schema-address';
import { catalogue } from '#domain/registry/rules/rule-catalogue';

const answerOptions = {
  id: 'value',
  name: 'value',
  network: 'value',
  environment: 'value',
  siret: 'value',
  datapass: 'value',
  description: 'value',
  contact: 'values',
  support: 'value',
  'redirect-uri': 'values',
  'post-logout-redirect-uri': 'values',
  'id-token-alg': 'value',
  'userinfo-alg': 'value',
  scope: 'values',
  'private-sector': 'value',
  ip: 'values',
  owner: 'values',
} as const satisfies Options;

/** The definition that the options describe; whether it is valid is for the rules to say. */
function answersOf(given: Arguments, cell: Cell): FormAnswers {
  const scopes = given.values('scope').map((value) => {
    const scope = scopeOf(value);
    if (scope === undefined) throw new CliError(interviewMessages.scopeForm, { value });
    return scope;
  });
  // What was left empty was not given.
  const one = (option: string) => given.value(option)?.trim() || undefined;
  const several = (option: string) => given.values(option).filter((value) => value.trim() !== '');
  const siret = one('siret');
  const name = one('name');
  const datapass = one('datapass');
  const description = one('description');
  const support = one('support');
  const open = given.has('private-sector')
    ? given.choice('private-sector', ['false', 'true']) === 'true'
    : undefined;
  return {
    version: 1,
    ...(name !== undefined && { name }),
    ...cell,
    ...(siret !== undefined && { organization: { siret } }),
    ...(datapass !== undefined && { datapass }),
    ...(description !== undefined && { description }),
    contacts: { technical: several('contact'), ...(support !== undefined && { support }) },
    redirect_uris: several('redirect-uri'),
    post_logout_redirect_uris: several('post-logout-redirect-uri'),
    id_token_signed_response_alg: given.choice('id-token-alg', ['RS256', 'ES256', 'HS256']),
    userinfo_signed_response_alg: given.choice('userinfo-alg', ['RS256', 'ES256', 'HS256', 'none']),
    ...(scopes.length > 0 && { optional_scopes: scopes }),
    ...(open !== undefined && { private_sector: open }),
    ...(given.has('ip') && { ip_addresses: several('ip') }),
    ...(given.has('owner') && { owners: several('owner') }),
  };
}

function fromOptions(given: Arguments): InterviewResult {
  const cell: Cell = {
    network: given.choice('network', networks),
    environment: given.choice('environment', environments),
  };
  const answers = answersOf(given, cell);
  const id = given.value('id') ?? suggestedId(answers.name);
  if (given.has('id') && !idPattern.test(id)) throw new CliError(interviewMessages.badIdOption, { id });
  return { id, cell, answers };
}

/** The text of the file: the line from which editors find the schema, then the answers. */
function textOf({ answers }: InterviewResult, root: string): string {
  const schema = existsSync(join(root, registrySchemaPath)) ? registrySchemaFromDefinition : schemaAddress;
  return `${[schemaModeline(schema), ...serializeLines(answers)].join('\n')}\n`;
}

async function interviewed(terminal: Terminal, root: string): Promise<InterviewResult> {
  return await runInterview(terminal, {
    exists: (path) => existsSync(join(root, path)),
    judge: async (result) => (await judgeAddition(root, pathOf(result), textOf(result, root))).findings,
  });
}

export const command: CliCommand = {
  usage: '[--root DIR]\n--name NAME --siret SIRET --contact EMAIL --redirect-uri URL [options]',
  help: {
    fr: `Écrit une définition. Sans option, pose les questions du formulaire et vérifie chaque réponse ; avec, n’en pose aucune.

  --root DIR                       dossier du registre (par défaut : le dossier courant)
  --id ID                          nom du fichier, sans .yaml (par défaut : tiré du nom)
  --network internet|rie           réseau (par défaut : internet)
  --environment integration|production
  --name NOM  --siret SIRET  --datapass H…  --description TEXTE
  --contact EMAIL                  reçoit l’accès aux clés ; peut être répété
  --support EMAIL
  --redirect-uri URL               retour après connexion ; peut être répété
  --post-logout-redirect-uri URL   retour après déconnexion ; peut être répété
  --id-token-alg, --userinfo-alg   RS256 (par défaut), ES256, HS256 ; none pour userinfo
  --scope NOM=RAISON               scope optionnel ; peut être répété
  --private-sector true|false
  --ip ADRESSE                     peut être répété
  --owner LOGIN                    peut être répété

Code de sortie : 0 écrit, 2 rien n’a été écrit.
`,
    en: `Writes a definition. Without options, asks the questions of the form and checks each answer; with them, asks nothing.

  --root DIR                       folder of the registry (default: the current one)
  --id ID                          name of the file, without .yaml (default: from the name)
  --network internet|rie           network (default: internet)
  --environment integration|production
  --name NAME  --siret SIRET  --datapass H…  --description TEXT
  --contact EMAIL                  receives access to the keys; may be repeated
  --support EMAIL
  --redirect-uri URL               back here after sign-in; may be repeated
  --post-logout-redirect-uri URL   back here after sign-out; may be repeated
  --id-token-alg, --userinfo-alg   RS256 (default), ES256, HS256; none for userinfo
  --scope NAME=REASON              optional scope; may be repeated
  --private-sector true|false
  --ip ADDRESS                     may be repeated
  --owner LOGIN                    may be repeated

Exit code: 0 written, 2 nothing was written.
`,
  },
  async run(args, terminal) {
    const given = parseArguments(args, { root: 'value', ...answerOptions });
    const root = resolve(terminal.folder, given.value('root') ?? '.');
    if (!isFolder(root)) throw new CliError(messages.noRoot, { path: given.value('root') ?? root });
    const withOptions = Object.keys(answerOptions).some((name) => given.has(name));
    const result = withOptions ? fromOptions(given) : await interviewed(terminal, root);
    const path = pathOf(result);
    const text = textOf(result, root);
    const written = await writeDefinition(root, path, text);
    if (written.kind === 'exists') throw new CliError(interviewMessages.exists, { path });
    const { findings } = written.validation;
    if (written.kind === 'refused') {
      terminal.err(`${t(interviewMessages.notWritten, terminal.language)}\n\n`);
      terminal.err(optionReport(findings, result, terminal, typedNext('greffier new', given)));
      return 2;
    }
    terminal.out(`${t(interviewMessages.written, terminal.language, { path })}\n`);
    if (findings.length > 0)
      terminal.out(
        `\n${textReport(
          { files: 1, findings, ...defined({ root: given.value('root') }) },
          terminal,
          shownLines(() => text),
          catalogue,
        )}`,
      );
    // Its paths, and Git's, are those of the registry, which may be elsewhere.
    const enter = root === terminal.folder ? '' : `cd ${shellWord(root)} && `;
    const next = interviewMessages.next[terminal.language];
    terminal.err(complete(next, { id: result.id, path, enter }, (own) => own));
    return 0;
  },
};
