/** `greffier doctor`: checks an installation, and says the way out of each thing that is wrong. */
import { readEnvironment } from '#base/config/environment';
import type { Bilingual } from '#base/i18n/message';
import { printableJson } from '#base/i18n/printed';
import { parseArguments } from '#cli/arguments';
import { configurationNamed } from '#cli/configuration';
import { t } from '#cli/messages';
import { type CliCommand, type Terminal, textStyles } from '#cli/terminal';
import { version } from '#cli/version';
import { prepareOutgoing } from '#infrastructure/http-client/outgoing';
import { areas, type Diagnosis, diagnosisText } from '#main/doctor/diagnosis';
import { examine } from '#main/doctor/examine';

const messages = {
  well: { fr: 'Rien à redire.', en: 'All is well.' },
  proven: {
    fr: 'Rien à redire de ce qui se voit d’ici ; {unproven} à vérifier vous-même.',
    en: 'All is well, as far as it can be seen from here; {unproven} to check yourself.',
  },
  errors: { fr: '{count} à corriger', en: '{count} to correct' },
  warnings: { fr: '{count} à voir', en: '{count} to look at' },
  unproven: { fr: '{count} à vérifier vous-même', en: '{count} to check yourself' },
  first: {
    fr: 'Le reste n’a pas pu être regardé : corrigez d’abord ces réglages.',
    en: 'The rest could not be looked at: correct these settings first.',
  },
} as const satisfies Record<string, Bilingual>;

export const command: CliCommand = {
  usage: '[--format text|json]',
  help: {
    fr: `Vérifie une installation, avec le même environnement que « serve », et dit pour chaque défaut comment en sortir :
réglages, clés, magasin, App et ses droits, protection de la branche, webhooks, PUBLIC_URL, e-mails, fournisseurs
d’identité, DataPass et annuaire, horloge. ✓ : c’est prouvé, avec les vrais accès ; ? : cela ne se voit pas d’ici. Ne change
rien, ne crée aucun client, et n’envoie aucun e-mail.

Code de sortie : 0 rien à corriger, 1 quelque chose ne marche pas.
`,
    en: `Checks an installation, with the same environment as "serve", and says the way out of each fault: settings, keys,
store, App and its rights, branch protection, webhooks, PUBLIC_URL, mails, identity providers, DataPass and directory,
clock. ✓: it is proven, with the real credentials; ?: it cannot be seen from here. Changes nothing, makes no client, and
sends no mail.

Exit code: 0 nothing to correct, 1 something does not work.
`,
  },
  async run(args, terminal) {
    const given = parseArguments(args, { format: 'value' });
    const format = given.choice('format', ['text', 'json']);
    const settings = readEnvironment(process.env);
    // As the service goes out: through the same proxy, with the same authorities.
    if (settings.ok) prepareOutgoing();
    const path = process.env.GREFFIER_CONFIG;
    const read = configurationNamed(path);
    const errors = [...(settings.ok ? [] : settings.errors), ...(read.ok ? [] : read.errors)];
    const found: readonly Diagnosis[] =
      settings.ok && read.ok
        ? await examine({
            settings: settings.config,
            configuration: read.configuration,
            configured: (path ?? '').trim() !== '',
            version,
            fetch,
            now: Date.now,
          })
        : errors.map((message) => ({ area: 'settings', status: 'error', said: { by: 'start', message } }));
    const sorted = found.toSorted((one, other) => areas.indexOf(one.area) - areas.indexOf(other.area));
    terminal.out(format === 'json' ? json(sorted, terminal) : text(sorted, terminal));
    if (errors.length > 0) terminal.err(`${t(messages.first, terminal.language)}\n`);
    return found.some(({ status }) => status === 'error') ? 1 : 0;
  },
};

function counts(found: readonly Diagnosis[]) {
  const of = (wanted: Diagnosis['status']) => found.filter(({ status }) => status === wanted).length;
  return { errors: of('error'), warnings: of('warning'), unproven: of('unproven') };
}

function json(found: readonly Diagnosis[], { language }: Terminal): string {
  const findings = found.map((diagnosis) => {
    const { what, way } = diagnosisText(diagnosis, language);
    const { area, status, name, said } = diagnosis;
    const id = name ?? said?.message.key.replace(/^.*#/, '');
    return {
      area,
      status,
      ...(id === undefined ? {} : { id }),
      message: what,
      ...(way === undefined ? {} : { wayOut: way }),
    };
  });
  return `${printableJson({ ...counts(found), findings }, 2)}\n`;
}

function text(found: readonly Diagnosis[], terminal: Terminal): string {
  const style = textStyles(terminal.colours);
  const marks = {
    ok: style.green('✓'),
    unproven: style.blue('?'),
    warning: style.yellow('!'),
    error: style.red('✗'),
  };
  const lines: string[] = [];
  const shown = new Set<string>();
  for (const diagnosis of found) {
    const { what, way } = diagnosisText(diagnosis, terminal.language);
    // Of an area in which something is wrong, that is said, and not that the rest of it is well.
    const well = diagnosis.status === 'ok';
    if (
      well &&
      (shown.has(what) || found.some(({ area, status }) => area === diagnosis.area && status !== 'ok'))
    )
      continue;
    shown.add(what);
    lines.push(`${marks[diagnosis.status]} ${what}`, ...(way === undefined ? [] : [`    ${way}`]));
  }
  const { errors, warnings, unproven } = counts(found);
  const sum = (['errors', 'warnings', 'unproven'] as const)
    .flatMap((one) => {
      const count = { errors, warnings, unproven }[one];
      return count === 0 ? [] : [t(messages[one], terminal.language, { count })];
    })
    .join(', ');
  lines.push(
    '',
    errors + warnings === 0
      ? t(unproven === 0 ? messages.well : messages.proven, terminal.language, { unproven })
      : `${sum}.`,
  );
  return `${lines.join('\n')}\n`;
}
