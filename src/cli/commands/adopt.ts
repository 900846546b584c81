/** `greffier adopt`: records which client that exists already is that of which definition. */

import { vaultWith } from '#application/handover/secrets/vault';
import { type Adopted, adoptClient } from '#application/reconciliation/adopt';
import { recordServers, serverChangeFailure } from '#application/reconciliation/known-servers';
import { parseArguments } from '#cli/arguments';
import { cellGiven, importError, readSource, sourceOptions } from '#cli/import/read-source';
import { failureError } from '#cli/provisioning/messages';
import { withProvisioning } from '#cli/provisioning/session';
import type { CliCommand } from '#cli/terminal';
import { matchKey } from '#domain/provisioning/import/decide-import';
import type { ImportedClient } from '#domain/provisioning/import/imported-client';
import { countsInWords, importTranslator } from '#domain/provisioning/import/messages';
import type { DesiredClient } from '#domain/registry/registry';

export const command: CliCommand = {
  usage: `[SOURCE] --cell NETWORK/ENVIRONMENT [--as EMAIL] [--complete FILE] [--root DIR]
ID CLIENT_ID --cell NETWORK/ENVIRONMENT [--root DIR]`,
  help: {
    fr: `Rattache des clients qui existent déjà à leurs définitions, dans le magasin de GREFFIER_DATA ou de DATABASE_URL. Rien
n’est demandé au fournisseur d’identité : les clés restent les mêmes, et aucun second client n’est créé. Un client qui
diffère de sa définition est laissé, et dit. Lancé deux fois, ne change rien de plus.

  SOURCE             la liste qui a servi à « greffier import » (JSON) ; sans elle, l’API partenaires avec --as
  ID CLIENT_ID       une seule définition (le nom de son fichier) et son client
  --cell CELLULE     leur cellule
  --as EMAIL         la personne dont l’API partenaires montre les clients
  --complete FICHIER le CSV qui a servi à « greffier import » : sans les contacts d’un client, qui recevront ses clés,
                     il n’est rattaché que s’il les dit lui-même
  --root DIR         dossier du registre (par défaut : le dossier courant)

Le magasin embarqué n’a qu’un processus : arrêtez « serve » avant. Code de sortie : 0 tous sont rattachés, 1 certains
sont laissés, 2 impossible.
`,
    en: `Ties clients that exist already to their definitions, in the store of GREFFIER_DATA or DATABASE_URL. Nothing is asked
of the identity provider: keys stay the same, and no second client comes to be. A client that differs from its
definition is left alone, and told. Run twice, it changes nothing more.

  SOURCE             the list that "greffier import" read (JSON); without it, the partner API with --as
  ID CLIENT_ID       one definition (the name of its file) and its client
  --cell CELL        their cell
  --as EMAIL         the person whose clients the partner API shows
  --complete FILE    the CSV that "greffier import" read: without the contacts of a client, who will get its keys, it is
                     tied only where it tells them itself
  --root DIR         folder of the registry (default: the current one)

The embedded store has one process: stop "serve" first. Exit code: 0 all are tied, 1 some are left alone, 2 cannot run.
`,
  },
  async run(args, terminal) {
    const given = parseArguments(args, { ...sourceOptions, root: 'value' }, 2);
    const [first, clientId] = given.positionals;
    const cell = cellGiven(given);
    if (cell === undefined) throw importError('adopt-usage');
    const t = importTranslator(terminal.language);
    return withProvisioning(terminal, given, false, async ({ deps, snapshot, keyring }) => {
      const changed = deps.cells.get(cell)?.changed;
      // Numbers of one server mean nothing at another.
      if (changed !== undefined) throw failureError(serverChangeFailure(cell, changed));
      const pairs = await pairsOf(snapshot.desired.filter((desired) => desired.cell === cell));
      const adopting = {
        ledger: deps.ledger,
        vault: vaultWith(keyring),
        kinds: new Map(Array.from(deps.cells, ([name, { provider }]) => [name, provider.kind])),
        by: deps.by,
      };
      const counts = { adopted: 0, already: 0, left: 0 };
      for (const { desired, client, name, ambiguous } of pairs) {
        const result: Adopted | undefined = ambiguous
          ? { kind: 'left', reason: 'left-ambiguous', values: {} }
          : desired && (await adoptClient(adopting, { desired, client }));
        counts[result?.kind ?? 'left']++;
        if (result !== undefined && result.kind !== 'left') continue;
        const why = result === undefined ? t('left-no-definition') : t(result.reason, result.values);
        terminal.out(`${t('adopt-left', { client: name })}\n  ${why}\n`);
      }
      await recordServers(deps);
      const kinds = ['adopted', 'already', 'left'] as const;
      const told = countsInWords(
        t,
        kinds.map((kind) => [kind, counts[kind]] as const),
      );
      terminal.out(`${told}.\n`);
      return counts.left > 0 ? 1 : 0;
    });

    /** Each client, with the definition that describes it. */
    async function pairsOf(desired: readonly DesiredClient[]): Promise<readonly Pair[]> {
      if (first !== undefined && clientId !== undefined) {
        const one = desired.find(({ id }) => id === first);
        return [{ ...(one && { desired: one }), client: { clientId }, name: clientId, ambiguous: false }];
      }
      const byKey = new Map(
        desired.map((one) => [
          matchKey({ cell: one.cell, answers: one.definition, position: 0, reasons: [] }),
          one,
        ]),
      );
      const clients = await readSource(terminal, given, first);
      const others = Map.groupBy(clients, matchKey);
      return clients.map((client) => {
        const key = matchKey(client);
        const one = byKey.get(key);
        return {
          ...(one && { desired: one }),
          client,
          name: client.clientId ?? t('position', { position: client.position }),
          ambiguous: one !== undefined && new Set(others.get(key)?.map(({ clientId }) => clientId)).size > 1,
        };
      });
    }
  },
};

interface Pair {
  /** Absent: no definition describes it. */
  readonly desired?: DesiredClient;
  readonly client: Partial<ImportedClient>;
  readonly name: string;
  /** Others of the list are described by the same definition. */
  readonly ambiguous: boolean;
}
