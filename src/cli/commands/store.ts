/** `greffier store`: moves the store from one engine to the other, keeps a copy of it, or tells what sealed it. */
import { Readable } from 'node:stream';
import { newLink } from '#application/handover/link-token';
import { parseKeyring } from '#application/handover/secrets/keyring';
import { countSealed, resealStored } from '#application/handover/secrets/rotate-key';
import { vaultWith } from '#application/handover/secrets/vault';
import { Bindings } from '#application/identity/bindings';
import { SqlLedger } from '#application/ledger/sql-ledger';
import { serverOf } from '#application/reconciliation/cells';
import { resumeAtServer } from '#application/reconciliation/known-servers';
import { cellNames } from '#base/config/cells';
import { storeLocation } from '#base/config/environment';
import { defined } from '#base/defined';
import type { Bilingual, Values } from '#base/i18n/message';
import { printableJson } from '#base/i18n/printed';
import { quoteInBackticks } from '#base/i18n/render';
import { parseArguments } from '#cli/arguments';
import { t } from '#cli/messages';
import { currentUser } from '#cli/provisioning/current-user';
import { keyOfRegistry, parseCell, readConfigurationFile } from '#cli/provisioning/session';
import { requireStore, withCreatedStore, withExistingStore, withStoreToLook } from '#cli/provisioning/store';
import { linesOf, opened, writeOwn } from '#cli/provisioning/store-file';
import { type CliCommand, CliError, type Terminal } from '#cli/terminal';
import type { Database } from '#infrastructure/database/database';
import { copyStore } from '#infrastructure/database/embedded/copy';
import { exportDatabase, importDatabase } from '#infrastructure/database/export-import';

const messages = {
  action: {
    fr: 'Il faut dire export, import ou copy, et un fichier, ou bien create, upgrade, keys, moved CELLULE, registries, ou bind REGISTRE NUMÉRO.',
    en: 'Say export, import or copy, and a file, or create, upgrade, keys, moved CELL, registries, or bind REGISTRY NUMBER.',
  },
  bound: {
    fr: 'Ce que le magasin sait du registre {registry} appartient désormais au dépôt numéro {id}. Redémarrez le service.',
    en: 'What the store knows of the registry {registry} belongs to the repository number {id} from now on. Restart the service.',
  },
  unknownRegistry: {
    fr: 'Le magasin ne sait rien du registre {registry} : rien n’a été changé. Il connaît {keys}.',
    en: 'The store knows nothing of the registry {registry}: nothing was changed. It knows {keys}.',
  },
  noRegistry: {
    fr: 'Le magasin ne sait rien du registre {registry}, ni d’aucun autre : rien n’a été changé.',
    en: 'The store knows nothing of the registry {registry}, nor of any other: nothing was changed.',
  },
  number: {
    fr: '{id} n’est pas le numéro d’un dépôt, qui n’a que des chiffres : gh api repos/ORG/NOM --jq .id le donne.',
    en: 'A repository’s number has only digits, unlike {id}: gh api repos/ORG/NAME --jq .id tells it.',
  },
  ready: { fr: 'Le magasin est prêt.', en: 'The store is ready.' },
  upgraded: {
    fr: 'Le magasin est celui de la présente version.',
    en: 'The store is that of this version.',
  },
  none: { fr: 'Aucun registre.', en: 'No registry.' },
  formatOf: {
    fr: '--format ne va qu’avec « store registries ».',
    en: '--format goes with "store registries" only.',
  },
  exported: { fr: 'Le magasin est copié dans {path}.', en: 'The store is copied to {path}.' },
  copied: {
    fr: 'Le magasin est copié dans {path}, tel qu’il était à l’instant.',
    en: 'The store is copied to {path}, as it was just now.',
  },
  taken: { fr: '{path} existe déjà.', en: '{path} exists already.' },
  server: {
    fr: 'Le magasin est une base PostgreSQL : copiez-la avec pg_dump. Voir docs/operate.md.',
    en: 'The store is a PostgreSQL database: copy it with pg_dump. See docs/operate.md.',
  },
  imported: { fr: '{rows} lignes sont entrées dans le magasin.', en: '{rows} rows entered the store.' },
  format: {
    fr: '{path} n’est pas une copie d’un magasin de Greffier.',
    en: '{path} is not a copy of a store of Greffier.',
  },
  version: {
    fr: '{path} vient d’une version plus récente de Greffier, ou trop ancienne. Faites la copie avec la même version que celle-ci, ou avec celle d’avant.',
    en: '{path} comes from a later version of Greffier, or from one that is too old. Make the copy with the same version as this one, or with the one before.',
  },
  full: {
    fr: 'Le magasin n’est pas vide : rien n’y est entré. Donnez-lui une base vide ou un dossier neuf.',
    en: 'The store is not empty: nothing entered it. Give it an empty database or a new folder.',
  },
  row: {
    fr: '{path} a une ligne en double, ou qui ne vient pas d’un magasin de Greffier : rien n’est entré. Refaites la copie, ou prenez-en une autre.',
    en: 'A row of {path} is there twice, or comes from no store of Greffier: nothing entered. Copy it again, or take another one.',
  },
  cut: {
    fr: '{path} est coupé : il en manque la fin, et rien n’est entré dans le magasin. Refaites la copie, ou prenez-en une autre.',
    en: '{path} is cut short: its end is missing, and nothing entered the store. Copy it again, or take another one.',
  },
  damaged: {
    fr: '{path} est abîmé, ligne {line} : rien n’est entré dans le magasin. Refaites la copie, ou prenez-en une autre.',
    en: '{path} is damaged at line {line}: nothing entered the store. Copy it again, or take another one.',
  },
  key: {
    fr: 'GREFFIER_KEY manque, ou n’est pas faite de clés de 32 octets en base64 séparées par des virgules.',
    en: 'GREFFIER_KEY is missing, or is not made of keys of 32 bytes in base64 separated by commas.',
  },
  sealed: {
    fr: '{current} valeurs chiffrées avec la première clé de GREFFIER_KEY, dont {resealed} à l’instant.',
    en: '{current} values sealed with the first key of GREFFIER_KEY, {resealed} of them just now.',
  },
  former: {
    fr: '{former} valeurs ont encore besoin d’une ancienne clé : gardez-la dans GREFFIER_KEY.',
    en: '{former} values still need a former key: keep it in GREFFIER_KEY.',
  },
  missing: {
    fr: '{missing} valeurs sont chiffrées avec une clé absente de GREFFIER_KEY : remettez-la à la fin, après une virgule.',
    en: '{missing} values are sealed with a key that is not in GREFFIER_KEY: put it back at the end, after a comma.',
  },
  spare: {
    fr: 'Aucune n’a besoin d’une autre clé : les suivantes peuvent être retirées.',
    en: 'None needs another key: those after the first may be taken out.',
  },
  moved: {
    fr: 'Cellule {cell} : les clients sont désormais chez {to}, et non plus chez {from}. La mise en service reprend.',
    en: 'The clients of {cell} are at {to} from now on, and no longer at {from}. Provisioning goes on.',
  },
  sameServer: {
    fr: 'La configuration nomme bien le serveur des clients pour {cell} : il n’y a rien à dire.',
    en: 'The configuration of {cell} does name the server of its clients: there is nothing to say.',
  },
} as const satisfies Record<string, Bilingual>;

export const command: CliCommand = {
  usage:
    'export FILE\nimport FILE\ncopy FILE\ncreate\nupgrade\nkeys\nmoved NETWORK/ENVIRONMENT\nregistries [--format text|json]\nbind REGISTRY NUMBER',
  help: {
    fr: `Copie tout le magasin dans un fichier, ou un fichier dans un magasin vide. Les secrets y restent chiffrés par
GREFFIER_KEY. Le magasin est celui de DATABASE_URL, sinon le dossier de GREFFIER_DATA.

  copy         copie le magasin du dossier de GREFFIER_DATA pendant que « serve » tourne : le fichier est un magasin,
               à remettre à sa place sous le nom de greffier.sqlite
  create       fait un magasin vide là où il n’y en a pas, comme le premier démarrage de « serve » : pour rattacher des
               clients (« adopt ») ou provisionner (« reconcile ») avant lui, ou sans lui
  upgrade      met le magasin à niveau pour la présente version, comme « serve » à son démarrage ; aucune autre commande
               ne le fait. Faites-en une copie avant : on ne revient pas en arrière
  keys         chiffre avec la première clé de GREFFIER_KEY ce qui l’était avec une autre, et dit quelles clés restent
               nécessaires : code de sortie 0 si seule la première l’est, 1 sinon
  moved        dit que le serveur que GREFFIER_CONFIG nomme pour une cellule est bien celui de ses clients, à une
               nouvelle adresse, ou le dépôt où ses demandes sont faites : tant que ce n’est pas dit, rien n’est fait
               dans cette cellule
  registries   à quel dépôt, par son numéro chez GitHub, appartient chaque registre du magasin, et son nom actuel
  bind         donne un registre du magasin, et ses clients, au dépôt de ce numéro : pour un registre supprimé puis
               recréé (docs/operate.md). Ce qui était retenu des pull requests et des tickets du premier est oublié
`,
    en: `Copies the whole store to a file, or a file to an empty store. Secrets in it stay sealed by GREFFIER_KEY.
The store is the one of DATABASE_URL, else the folder of GREFFIER_DATA.

  copy         copies the store of the folder of GREFFIER_DATA while "serve" runs: the file is a store, to be put in its
               place under the name of greffier.sqlite
  create       makes an empty store where there is none, as the first start of "serve" does: to tie clients ("adopt") or
               to provision ("reconcile") before it, or without it
  upgrade      brings the store to this version, as "serve" does when it starts; no other command does. Make a copy
               before: there is no way back
  keys         seals with the first key of GREFFIER_KEY what another one sealed, and tells which keys are still
               needed: exit code 0 when only the first is, else 1
  moved        says that the server which GREFFIER_CONFIG names for a cell is that of its clients, at a new address:
               or the repository where its requests are made: until this is said, nothing is done in that cell
  registries   to which repository, by its number at GitHub, each registry of the store belongs, and its present name
  bind         gives a registry of the store, and its clients, to the repository of this number: for a registry that
               was deleted and made anew (docs/operate.md). What was kept of the first one's pull requests and issues
               is forgotten
`,
  },
  async run(args, terminal) {
    const given = parseArguments(args, { format: 'value' }, 3);
    const [action, path, number] = given.positionals;
    const json = given.choice('format', ['text', 'json']) === 'json';
    if (json && action !== 'registries') throw new CliError(messages.formatOf);
    if (action === 'create' && path === undefined) return create(terminal);
    if (action === 'upgrade' && path === undefined) return upgrade(terminal);
    if (action === 'keys' && path === undefined) return reportKeys(terminal);
    if (action === 'moved' && path !== undefined && number === undefined) return resumeCell(terminal, path);
    if (action === 'registries' && path === undefined) return listRegistries(terminal, json);
    if (action === 'bind' && path !== undefined && number !== undefined)
      return bindRegistry(terminal, path, number);
    if (action === 'copy' && path !== undefined && number === undefined) return copyTo(terminal, path);
    if ((action !== 'export' && action !== 'import') || path === undefined || number !== undefined)
      throw new CliError(messages.action);
    return action === 'export' ? exportTo(terminal, path) : importFrom(terminal, path);
  },
};

async function exportTo(terminal: Terminal, path: string): Promise<number> {
  return withExistingStore(terminal, async ({ db }) => {
    await opened(writeOwn(path, Readable.from(exportDatabase(db))), path);
    terminal.out(`${t(messages.exported, terminal.language, { path })}\n`);
    return 0;
  });
}

/** Of the embedded store, which another process may have open. */
async function copyTo(terminal: Terminal, path: string): Promise<number> {
  const location = storeLocation(process.env);
  if ('url' in location) throw new CliError(messages.server);
  requireStore();
  const { folder } = location;
  const outcome = await opened((async () => copyStore(folder, path))(), path);
  if (!outcome.ok) throw new CliError(messages.taken, { path });
  terminal.out(`${t(messages.copied, terminal.language, { path })}\n`);
  return 0;
}

/** Also beside the store of an earlier version, which it comes from. */
async function importFrom(terminal: Terminal, path: string): Promise<number> {
  const work = async (store: Database): Promise<number> => {
    const outcome = await opened(importDatabase(store, linesOf(path)), path);
    if (!outcome.ok)
      throw new CliError(messages[outcome.reason], {
        path,
        ...('line' in outcome && { line: outcome.line }),
      });
    terminal.out(`${t(messages.imported, terminal.language, { rows: outcome.rows })}\n`);
    return 0;
  };
  return withCreatedStore(terminal, work, true);
}

async function create(terminal: Terminal): Promise<number> {
  return withCreatedStore(terminal, async () => {
    terminal.out(`${t(messages.ready, terminal.language)}\n`);
    return 0;
  });
}

async function upgrade(terminal: Terminal): Promise<number> {
  const told = async () => {
    terminal.out(`${t(messages.upgraded, terminal.language)}\n`);
    return 0;
  };
  return withExistingStore(terminal, told, 'upgrade');
}

async function listRegistries(terminal: Terminal, json: boolean): Promise<number> {
  return withStoreToLook(terminal, async ({ db }) => {
    const known = await new Bindings(db).all();
    if (json) {
      const rows = known.map(({ id, registry, name }) => ({ id: Number(id), registry, name }));
      terminal.out(`${printableJson(rows, 2)}\n`);
    } else if (known.length === 0) terminal.out(`${t(messages.none, terminal.language)}\n`);
    else
      for (const { id, registry, name } of known)
        terminal.out(`${id}  ${quoteInBackticks(registry)}  ${quoteInBackticks(name)}\n`);
    return 0;
  });
}

async function bindRegistry(terminal: Terminal, registry: string, id: string): Promise<number> {
  if (!/^[1-9]\d*$/.test(id)) throw new CliError(messages.number, { id });
  return withExistingStore(terminal, async ({ db }) => {
    const bound = await new Bindings(db).rebind(registry, id, currentUser());
    if (!bound.ok) {
      const sentence = bound.keys.length > 0 ? messages.unknownRegistry : messages.noRegistry;
      throw new CliError(sentence, { registry, keys: bound.keys });
    }
    terminal.out(`${t(messages.bound, terminal.language, { registry, id })}\n`);
    return 0;
  });
}

async function reportKeys(terminal: Terminal): Promise<number> {
  const keyring = parseKeyring(process.env.GREFFIER_KEY ?? '');
  if (keyring === undefined) throw new CliError(messages.key);
  return withExistingStore(terminal, async ({ db }) => {
    const print = (sentence: Bilingual, values: Values = {}) =>
      terminal.out(`${t(sentence, terminal.language, values)}\n`);
    let resealed = 0;
    for (let batch = 1; batch > 0; resealed += batch) batch = await resealStored(db, keyring);
    const { current, former, missing } = await countSealed(db, keyring);
    print(messages.sealed, { current, resealed });
    if (former > 0) print(messages.former, { former });
    if (missing > 0) print(messages.missing, { missing });
    if (former + missing > 0) return 1;
    if (keyring.ids.length > 1) print(messages.spare);
    return 0;
  });
}

/** The clients of a cell are at the server that the configuration names. */
async function resumeCell(terminal: Terminal, written: string): Promise<number> {
  const { configuration, registry: configured } = readConfigurationFile(terminal);
  const name = parseCell(configuration, written);
  return withExistingStore(terminal, async ({ db }) => {
    const registry = await keyOfRegistry(db, configured, undefined);
    const ledger = new SqlLedger({ db, registry, vault: vaultWith(undefined), newLink });
    const cells = new Map(
      cellNames.flatMap((cell) => {
        const configured = configuration.cells[cell];
        return configured === undefined ? [] : [[cell, defined({ server: serverOf(configured) })] as const];
      }),
    );
    const change = name && (await resumeAtServer({ cells, ledger }, name, currentUser()));
    const values = { cell: written, ...change };
    terminal.out(`${t(change ? messages.moved : messages.sameServer, terminal.language, values)}\n`);
    return 0;
  });
}
