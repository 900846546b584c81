/** `greffier store`: moves the store from one engine to the other, or keeps a copy of it. */
import { createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Bilingual } from '../../language/words.ts';
import { exportStore, importStore } from '../../work/archive.ts';
import { argumentsOf } from '../arguments.ts';
import { withStore } from '../store.ts';
import { type Command, Unable } from '../terminal.ts';
import { say } from '../words.ts';

const words = {
  action: { fr: 'Il faut dire export ou import, et un fichier.', en: 'Say export or import, and a file.' },
  exported: { fr: 'Le magasin est copié dans {path}.', en: 'The store is copied to {path}.' },
  imported: { fr: '{rows} lignes sont entrées dans le magasin.', en: '{rows} rows entered the store.' },
  unreadable: { fr: 'Impossible d’ouvrir {path}.', en: 'Cannot open {path}.' },
  format: {
    fr: '{path} n’est pas une copie d’un magasin de Greffier.',
    en: '{path} is not a copy of a store of Greffier.',
  },
  version: {
    fr: '{path} vient d’une autre version de Greffier. Refaites la copie avec la même version que celle-ci.',
    en: '{path} comes from another version of Greffier. Make the copy again with the same version as this one.',
  },
  full: {
    fr: 'Le magasin n’est pas vide : rien n’y est entré. Donnez-lui une base vide ou un dossier neuf.',
    en: 'The store is not empty: nothing entered it. Give it an empty database or a new folder.',
  },
} as const satisfies Record<string, Bilingual>;

export const command: Command = {
  usage: 'export FILE\nimport FILE',
  help: {
    fr: `Copie tout le magasin dans un fichier, ou un fichier dans un magasin vide. Les secrets y restent chiffrés par
GREFFIER_KEY. Le magasin est celui de DATABASE_URL, sinon le dossier de GREFFIER_DATA.
`,
    en: `Copies the whole store to a file, or a file to an empty store. Secrets in it stay sealed by GREFFIER_KEY.
The store is the one of DATABASE_URL, else the folder of GREFFIER_DATA.
`,
  },
  async run(args, terminal) {
    const [action, path] = argumentsOf(args, {}, 2).positionals;
    if ((action !== 'export' && action !== 'import') || path === undefined) throw new Unable(words.action);
    return withStore(terminal, async ({ db }) => {
      if (action === 'export') {
        const file = createWriteStream(path, { mode: 0o600 });
        await opened(pipeline(Readable.from(exportStore(db)), file), path);
        terminal.out(`${say(words.exported, terminal.language, { path })}\n`);
        return 0;
      }
      const outcome = await opened(importStore(db, linesOf(path)), path);
      if (!outcome.ok) throw new Unable(words[outcome.reason], { path });
      terminal.out(`${say(words.imported, terminal.language, { rows: outcome.rows })}\n`);
      return 0;
    });
  },
};

/** Opened when the first line is asked for: what a stream says before anyone listens is lost. */
async function* linesOf(path: string): AsyncGenerator<string> {
  const file = await open(path);
  try {
    yield* file.readLines();
  } finally {
    await file.close();
  }
}

/** A file that cannot be opened is told in a sentence. */
async function opened<T>(work: Promise<T>, path: string): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Error && 'syscall' in error && error.syscall === 'open')
      throw new Unable(words.unreadable, { path });
    throw error;
  }
}
