/** `npm run demo`: the whole story on this machine, from a faulty pull request to a sign-in. */
import { fileURLToPath } from 'node:url';
import { argumentsOf } from '#cli/arguments';
import type { Command } from '#cli/terminal';
import { showAddresses } from './addresses.ts';
import { buildSet } from './environment.ts';
import { watch } from './keep.ts';
import { teller } from './messages.ts';
import { Stage } from './presenter/presenter.ts';
import { tellStory } from './story.ts';

/** The command line itself, which the bot is started with. */
const entry = fileURLToPath(import.meta.resolve('#cli/cli'));

/** How long each scene stays before eyes, in milliseconds, when someone watches. */
const pause = 700;

export const command: Command = {
  usage: '[--keep]',
  help: {
    fr: `Joue toute l'histoire sur cette machine : une pull request fautive, la relecture, les corrections, l'approbation,
la création du client, la remise des clés, une vraie connexion, puis une modification, un écart et un retrait.
Rien d'autre n'est nécessaire : ni compte, ni réseau, ni base de données.

  --keep         laisse tout en marche et dit comment continuer

Code de sortie : 0 si tout a été observé, 1 sinon.
`,
    en: `Plays the whole story on this machine: a faulty pull request, the review, the fixes, the approval, the creation
of the client, the handover of the keys, a real sign-in, then a change, a drift and a removal.
Nothing else is needed: no account, no network, no database.

  --keep         leaves everything running and says how to go on

Exit code: 0 when everything was observed, 1 otherwise.
`,
  },
  async run(args, terminal) {
    const keep = argumentsOf(args, { keep: 'switch' }).has('keep');
    const { language } = terminal;
    const stage = new Stage({
      write: terminal.out,
      coloured: terminal.colours,
      width: Math.min(100, Math.max(60, terminal.columns)),
      pause: terminal.colours ? pause : 0,
    });
    const set = await buildSet({ entry, language });
    const leave = () => void set.strike().then(() => process.exit(130));
    process.once('SIGINT', leave).once('SIGTERM', leave);
    try {
      const whole = await tellStory({ set, stage, language });
      process.off('SIGINT', leave).off('SIGTERM', leave);
      if (keep) {
        showAddresses(set, stage, teller(language));
        await watch(set, stage);
      }
      return whole ? 0 : 1;
    } finally {
      await set.strike();
    }
  },
};
