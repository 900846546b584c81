/** `npm run demo`: both stories on this machine, from a faulty request to a sign-in, at the desk and by Git. */
import { fileURLToPath } from 'node:url';
import { parseArguments } from '#cli/arguments';
import type { CliCommand } from '#cli/terminal';
import { startEnvironment } from './environment.ts';
import { demoTranslator } from './messages.ts';
import { showAddresses } from './next-steps.ts';
import { Presenter } from './presenter/presenter.ts';
import { showRehearsal, startRehearsal } from './rehearsal.ts';
import { showChanges } from './show-changes.ts';
import { runStory } from './story.ts';

/** The command line itself, which the bot is started with. */
const entry = fileURLToPath(import.meta.resolve('#cli/cli'));

/** How long each scene stays before eyes, in milliseconds, when someone watches. */
const pause = 300;

export const command: CliCommand = {
  usage: '[--keep | --setup]',
  help: {
    fr: `Joue deux fois toute l'histoire sur cette machine. D'abord au guichet : quelqu'un qui n'a pas de compte GitHub remplit
un formulaire, corrige, envoie, reçoit ses clés et connecte un agent. Puis par Git : une pull request fautive, la
relecture, les corrections, l'approbation, la remise des clés, une connexion, puis une modification, un écart, un
changement de nom et un retrait.
Rien d'autre n'est nécessaire : ni compte, ni réseau, ni base de données.

  --keep         laisse tout en marche et donne les adresses, le guichet d'abord
  --setup        ne joue rien : met en marche ce qui entoure Greffier, avec un registre neuf, et donne les commandes pour
                 l'installer soi-même, d'« app create » aux premières clés

Code de sortie : 0 si tout a été observé, 1 sinon.
`,
    en: `Plays the whole story twice on this machine. First at the front desk: somebody without an account at GitHub fills in a
form, mends it, sends it, is given the keys and signs an agent in. Then by Git: a faulty pull request, the review, the
fixes, the approval, the handover of the keys, a sign-in, then a change, a drift, a rename and a removal.
Nothing else is needed: no account, no network, no database.

  --keep         leaves everything running and gives the addresses, the desk first
  --setup        plays nothing: starts what stands around Greffier, with a new registry, and gives the commands to install
                 it oneself, from "app create" to the first keys

Exit code: 0 when everything was observed, 1 otherwise.
`,
  },
  async run(args, terminal) {
    const given = parseArguments(args, { keep: 'switch', setup: 'switch' });
    const keep = given.has('keep');
    const { language } = terminal;
    const presenter = new Presenter({
      write: terminal.out,
      coloured: terminal.colours,
      width: Math.min(100, Math.max(60, terminal.columns)),
      pause: terminal.colours ? pause : 0,
      language,
    });
    if (given.has('setup')) {
      const rehearsal = await startRehearsal(language);
      showRehearsal(rehearsal, presenter, demoTranslator(language));
      await new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
      await rehearsal.stop();
      return 0;
    }
    const environment = await startEnvironment({ entry, language });
    const leave = () => void environment.stop().then(() => process.exit(130));
    process.once('SIGINT', leave).once('SIGTERM', leave);
    try {
      const whole = await runStory({ environment, presenter, language });
      process.off('SIGINT', leave).off('SIGTERM', leave);
      if (keep) {
        showAddresses(environment, presenter, demoTranslator(language));
        await showChanges(environment, presenter);
      }
      return whole ? 0 : 1;
    } finally {
      await environment.stop();
    }
  },
};
