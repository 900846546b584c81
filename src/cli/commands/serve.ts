/** `greffier serve`: the GitHub App. */

import type { Configuration } from '#base/config/config-file';
import { type EnvironmentConfig, type EnvironmentVariables, readEnvironment } from '#base/config/environment';
import { startupError, startupErrorText } from '#base/config/startup-errors';
import { defined } from '#base/defined';
import type { Message } from '#base/i18n/message';
import { createLog } from '#base/observability/logger';
import { parseArguments } from '#cli/arguments';
import { configurationNamed } from '#cli/configuration';
import type { CliCommand, Terminal } from '#cli/terminal';
import { version } from '#cli/version';
import { prepareOutgoing } from '#infrastructure/http-client/outgoing';
import { giveBackAtRest } from '#main/at-rest';
import { frontDeskErrors } from '#main/front-desk';
import { buildHandlers } from '#main/handlers';
import { machineFaults, mailFault } from '#main/machine';
import { missingFor } from '#main/provisioning';
import { startService } from '#main/start';

/** Milliseconds that what runs is given to finish when the process is asked to end. */
const grace = 20_000;

export const command: CliCommand = {
  usage: '[--only ingress|worker]',
  help: {
    fr: `Fait tourner la GitHub App : reçoit les événements, relit les pull requests, met en service ce qui est fusionné.
Les réglages viennent de l’environnement (voir docs/) et du fichier que nomme GREFFIER_CONFIG.

  --only ingress   reçoit les événements, sans les traiter
  --only worker    traite les événements, sans en recevoir

Code de sortie : 0 après un arrêt demandé, 2 si le service n’a pas pu démarrer.
`,
    en: `Runs the GitHub App: receives events, reviews pull requests, provisions what is merged.
Its settings come from the environment (see docs/) and from the file that GREFFIER_CONFIG names.

  --only ingress   receives events and does not handle them
  --only worker    handles events and receives none

Exit code: 0 after it was asked to stop, 2 when it could not start.
`,
  },
  async run(args, terminal) {
    const given = parseArguments(args, { only: 'value' });
    const only = given.has('only') ? given.choice('only', ['ingress', 'worker']) : undefined;
    const settings = readEnvironment(process.env);
    const read = configurationNamed(process.env.GREFFIER_CONFIG);
    const faults = [
      ...(settings.ok ? [] : settings.errors),
      ...(read.ok ? [] : read.errors),
      ...(settings.ok && read.ok ? settingsFaults(settings.config, read.configuration) : []),
      ...(!settings.ok && read.ok ? missingFaults(presentIn(process.env), read.configuration) : []),
      ...(settings.ok ? await machineFaults(settings.config) : []),
    ];
    if (faults.length > 0 || !settings.ok || !read.ok) return refuse(terminal, faults);
    prepareOutgoing();
    const cannotSend = mailFault(settings.config, read.configuration);
    const log = createLog(settings.config.logLevel, { write: (line) => terminal.out(line) });
    // From here on everything that is said is a line of the log, in the operator's language.
    const tell = (message: Message) =>
      log.error({ trouble: message.key }, startupErrorText(message, terminal.language));
    if (cannotSend !== undefined) tell(cannotSend);
    // From before it listens: whoever sees that it does may ask it to stop.
    const { promise: asked, resolve: ask } = Promise.withResolvers<'asked'>();
    const stop = () => ask('asked');
    process.once('SIGTERM', stop).once('SIGINT', stop);
    const started = await startService({
      settings: settings.config,
      configuration: read.configuration,
      version,
      handlers: (context) => buildHandlers(context, version),
      onTrouble: tell,
      ...defined({ only }),
    });
    if (!started.ok) return refuse(terminal, [started.error]);
    const { service } = started;
    const broken = service.atWork.then(
      () => {
        giveBackAtRest();
        return asked;
      },
      (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
    );
    const end = await Promise.race([asked, broken, service.refused]);
    await service.stop(grace);
    if (end === 'asked') return 0;
    if (end instanceof Error) {
      terminal.err(`${end.message}\n`);
      return 2;
    }
    return refuse(terminal, [end]);
  },
};

/** What the configuration asks of the environment. */
function settingsFaults(settings: EnvironmentConfig, configuration: Configuration): readonly Message[] {
  const desk = frontDeskErrors(settings, configuration);
  const names = missingFaults(settings, configuration);
  return [...new Map([...names, ...desk].map((one) => [JSON.stringify(one), one])).values()];
}

function missingFaults(settings: Parameters<typeof missingFor>[0], configuration: Configuration) {
  return missingFor(settings, configuration).map((name) => startupError('missing', { name }));
}

/** What is there, well-formed or not, of an environment that has faults: what is malformed is told by its own fault. */
function presentIn({ GREFFIER_KEY, PUBLIC_URL }: EnvironmentVariables) {
  return defined({ key: GREFFIER_KEY?.trim() || undefined, publicUrl: PUBLIC_URL?.trim() || undefined });
}

function warn(terminal: Terminal, message: Message): void {
  terminal.err(`${startupErrorText(message, terminal.language)}\n`);
}

function refuse(terminal: Terminal, errors: readonly Message[]): number {
  for (const one of errors) warn(terminal, one);
  return 2;
}
