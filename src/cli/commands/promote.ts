/** `greffier promote ID`: writes the production definition of a service that is in integration. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { networks } from '#base/config/cells';
import type { Bilingual } from '#base/i18n/message';
import { quoteInBackticks } from '#base/i18n/render';
import { shellWord } from '#base/invocation';
import { type Arguments, parseArguments, typedNext } from '#cli/arguments';
import { shownLines } from '#cli/formats/excerpt';
import { textReport } from '#cli/formats/text';
import { fieldMessages } from '#cli/interview/field-messages';
import { interviewMessages } from '#cli/interview/messages';
import { isAboutOption, optionExample, optionReport } from '#cli/interview/option-report';
import { findingsOn } from '#cli/interview/understand';
import { t } from '#cli/messages';
import { readListedFile, registryRoot } from '#cli/registry/registry-folder';
import { writeDefinition } from '#cli/registry/write-definition';
import { refuseLinks } from '#cli/registry/write-file';
import { type CliCommand, CliError, type Terminal, textStyles } from '#cli/terminal';
import { type Cell, type Place, pathFromPlace, placeFromPath } from '#domain/definition/cell';
import { applyFixes } from '#domain/definition/fix/fixes';
import type { FormAnswers } from '#domain/definition/fix/serialize';
import { readDefinition } from '#domain/definition/read-definition';
import {
  type ProductionKey,
  type Promotion,
  type PromotionAnswers,
  promotedText,
  promotionOf,
} from '#domain/registry/promotion';
import { catalogue } from '#domain/registry/rules/rule-catalogue';

const messages = {
  needsId: {
    fr: 'Dites quel service : greffier promote ID (le nom de son fichier, sans .yaml).',
    en: 'Say which service: greffier promote ID (the name of its file, without .yaml).',
  },
  none: {
    fr: 'Aucune définition d’intégration ne s’appelle {id} dans ce registre. Donnez le nom de son fichier, sans .yaml, tel qu’il est sous service-providers/.',
    en: 'No definition of integration is called {id} in this registry. Give the name of its file, without .yaml, as it stands under service-providers/.',
  },
  both: {
    fr: 'Le service {id} est en intégration sur les deux réseaux : choisissez avec --network.',
    en: 'The service {id} is in integration on both networks: choose with --network.',
  },
  faulty: {
    fr: 'La définition {path} a des erreurs : greffier validate',
    en: 'The definition {path} has errors: greffier validate',
  },
  exists: {
    fr: 'La définition {path} existe déjà : rien n’a été écrit.',
    en: 'The definition {path} already exists: nothing was written.',
  },
  left: {
    fr: 'Ces adresses d’intégration ne conviennent pas à la production, et n’ont pas été reprises :',
    en: 'These addresses of integration will not do for production, and were left out:',
  },
  missing: {
    fr: 'Rien n’a été écrit. La production demande encore, par exemple : {options}',
    en: 'Nothing was written. Production still asks for, for instance: {options}',
  },
  refused: { fr: 'Rien n’a été écrit :', en: 'Nothing was written:' },
  written: { fr: 'Écrit : {path}', en: 'Written: {path}' },
} as const satisfies Record<string, Bilingual>;

const optionOf: Readonly<Record<ProductionKey, string>> = {
  datapass: '--datapass',
  description: '--description',
  'contacts.support': '--support',
  private_sector: '--private-sector',
  redirect_uris: '--redirect-uri',
};

const options = {
  root: 'value',
  network: 'value',
  datapass: 'value',
  description: 'value',
  support: 'value',
  'private-sector': 'value',
  'redirect-uri': 'values',
  'post-logout-redirect-uri': 'values',
} as const;

export const command: CliCommand = {
  usage: 'ID [--root DIR] [options]',
  help: {
    fr: `Écrit la définition de production d’un service en intégration : reprend tout ce qui vaut dans les deux, demande ce que
la production exige en plus, et dit quelles adresses doivent changer. Sans terminal, ne demande rien : les options.

  --root DIR                       dossier du registre (par défaut : le dossier courant)
  --network internet|rie           réseau, quand le service est sur les deux
  --datapass H…  --description TEXTE  --support EMAIL  --private-sector true|false
  --redirect-uri URL               à la place de celles d’intégration ; peut être répété
  --post-logout-redirect-uri URL   à la place de celles d’intégration ; peut être répété

Code de sortie : 0 écrit, 2 rien n’a été écrit.
`,
    en: `Writes the production definition of a service that is in integration: takes over all that is true of both, asks
for what production needs besides, and says which addresses must differ. Without a terminal, asks nothing: the options.

  --root DIR                       folder of the registry (default: the current one)
  --network internet|rie           network, when the service is on both
  --datapass H…  --description TEXT  --support EMAIL  --private-sector true|false
  --redirect-uri URL               in place of those of integration; may be repeated
  --post-logout-redirect-uri URL   in place of those of integration; may be repeated

Exit code: 0 written, 2 nothing was written.
`,
  },
  async run(args, terminal) {
    const given = parseArguments(args, options, 1);
    const [id] = given.positionals;
    if (id === undefined) throw new CliError(messages.needsId);
    const root = registryRoot(terminal.folder, given.value('root'));
    const place = placeNamed(root, id) ?? placeOf(root, id, given);
    const path = pathFromPlace(place);
    const target = pathFromPlace({ ...place, environment: 'production' });
    if (existsSync(join(root, target))) throw new CliError(messages.exists, { path: target });
    refuseLinks(root, path);
    const { definition } = readDefinition(readListedFile(root, { path, ordinary: true }));
    if (definition === undefined) throw new CliError(messages.faulty, { path });

    let said = saidBy(given);
    let promotion = promotionOf(place, definition, said);
    tellLeft(promotion, terminal);
    if (promotion.missing.length > 0 && terminal.interactive) {
      said = await ask(promotion, said, terminal);
      promotion = promotionOf(place, definition, said);
    }
    if (promotion.missing.length > 0)
      throw new CliError(messages.missing, {
        options: promotion.missing.map((key) => optionExample(optionOf[key])),
      });
    // What is certain is put right: nothing is there yet for `greffier fix` to mend.
    const { text } = applyFixes(promotion.path, promotedText(promotion));
    const written = await writeDefinition(root, promotion.path, text);
    if (written.kind === 'exists') throw new CliError(messages.exists, { path: promotion.path });
    if (written.kind === 'refused') {
      // What came from an option is said of the option; what was taken over, of the file that would be written.
      const names = Object.keys(options).filter((name) => given.has(name));
      const { findings } = written.validation;
      const typed = findings.filter((finding) => isAboutOption(finding, names));
      const others = findings.filter((finding) => !typed.includes(finding));
      const result = { answers: promotion.answers, cell: promotion.place };
      const command = `${typedNext('greffier promote', given)} ${shellWord(id)}`;
      const report = typed.length === 0 ? '' : optionReport(typed, result, terminal, command);
      const rest =
        others.length === 0
          ? ''
          : textReport(
              { ...written.validation, findings: others },
              { ...terminal, colours: false },
              shownLines(() => text),
              catalogue,
            );
      terminal.err(`${t(messages.refused, terminal.language)}\n\n${report}${rest}`);
      return 2;
    }
    terminal.out(`${t(messages.written, terminal.language, { path: promotion.path })}\n`);
    if (written.validation.findings.length > 0)
      terminal.out(
        `\n${textReport(
          written.validation,
          terminal,
          shownLines(() => text),
          catalogue,
        )}`,
      );
    return 0;
  },
};

/** The definition whose path was written instead of its name, as shells complete it. */
function placeNamed(root: string, written: string): Place | undefined {
  const place = placeFromPath(written.replace(/^\.\//, ''));
  return place?.environment === 'integration' && existsSync(join(root, pathFromPlace(place)))
    ? place
    : undefined;
}

function placeOf(root: string, id: string, given: Arguments): Place {
  const wanted = given.has('network') ? [given.choice('network', networks)] : networks;
  const found = wanted
    .map((network): Place => ({ network, environment: 'integration', id }))
    .filter((place) => existsSync(join(root, pathFromPlace(place))));
  const [place, other] = found;
  if (place === undefined) throw new CliError(messages.none, { id });
  if (other !== undefined) throw new CliError(messages.both, { id });
  return place;
}

function saidBy(given: Arguments): PromotionAnswers {
  const datapass = given.value('datapass');
  const description = given.value('description');
  const support = given.value('support');
  return {
    ...(datapass !== undefined && { datapass }),
    ...(description !== undefined && { description }),
    ...(support !== undefined && { support }),
    ...(given.has('private-sector') && {
      private_sector: given.choice('private-sector', ['false', 'true']) === 'true',
    }),
    ...(given.has('redirect-uri') && { redirect_uris: [...given.values('redirect-uri')] }),
    ...(given.has('post-logout-redirect-uri') && {
      post_logout_redirect_uris: [...given.values('post-logout-redirect-uri')],
    }),
  };
}

function tellLeft({ left }: Promotion, { err, language }: Terminal): void {
  if (left.length === 0) return;
  const lines = left.map(
    ({ uri, finding }) =>
      `  ${quoteInBackticks(uri)}\n    ${catalogue.translate(finding.message, language, quoteInBackticks)}`,
  );
  err(`${t(messages.left, language)}\n${lines.join('\n')}\n`);
}

/** Asks for what is missing, each answer until the rules of production accept it. */
async function ask(
  { answers, place, missing }: Promotion,
  said: PromotionAnswers,
  terminal: Terminal,
): Promise<PromotionAnswers> {
  const { language, colours } = terminal;
  const style = textStyles(colours);
  const cell: Cell = place;
  const line = async (question: Bilingual): Promise<string> => {
    const typed = await terminal.ask(`${style.bold(t(question, language))} `);
    if (typed === undefined) throw new CliError(interviewMessages.interrupted);
    return typed.trim();
  };
  const accepted = (candidate: FormAnswers, pointer: string): boolean => {
    const findings = findingsOn(candidate, cell, [pointer]);
    for (const { severity, message } of findings) {
      const mark = severity === 'error' ? style.red('✗') : style.yellow('!');
      terminal.err(`  ${mark} ${catalogue.translate(message, language, quoteInBackticks)}\n`);
    }
    return !findings.some(({ severity }) => severity === 'error');
  };
  let all = said;
  for (const key of missing)
    for (let done = false; !done; ) {
      const typed = await line(questions[key]);
      const next = withAnswer(all, key, typed);
      if (next === undefined) {
        terminal.err(`${t(interviewMessages.yesOrNo, language)}\n`);
        continue;
      }
      const { support, ...rest } = next;
      const contacts = {
        technical: answers.contacts?.technical ?? [],
        ...(support !== undefined && { support }),
      };
      done = accepted({ ...answers, ...rest, contacts }, `/${key.replace('.', '/')}`);
      if (done) all = next;
    }
  return all;
}

const questions: Readonly<Record<ProductionKey, Bilingual>> = {
  datapass: fieldMessages.datapass,
  description: fieldMessages.description,
  'contacts.support': fieldMessages.support,
  private_sector: fieldMessages.privateSector,
  redirect_uris: {
    fr: 'URL complète de retour après connexion, en production :',
    en: 'Complete URL to come back to after sign-in, in production:',
  },
};

/** @returns undefined for what is neither yes nor no where one of them is asked for */
function withAnswer(said: PromotionAnswers, key: ProductionKey, typed: string): PromotionAnswers | undefined {
  if (key === 'contacts.support') return { ...said, support: typed };
  if (key === 'redirect_uris') return { ...said, redirect_uris: typed.split(/\s+/) };
  if (key !== 'private_sector') return { ...said, [key]: typed };
  if (/^(?:o|oui|y|yes|true)$/i.test(typed)) return { ...said, private_sector: true };
  return /^(?:n|non|no|false)$/i.test(typed) ? { ...said, private_sector: false } : undefined;
}
