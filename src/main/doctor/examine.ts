/** Looks at a whole installation, and says all that is wrong with it at once. Nothing is changed by looking. */
import { existsSync } from 'node:fs';
import { parseKeyring } from '#application/handover/secrets/keyring';
import { countSealed } from '#application/handover/secrets/rotate-key';
import { startupError } from '#base/config/startup-errors';
import { openDatabaseToLook } from '#infrastructure/database/database';
import { holdsStore } from '#infrastructure/database/embedded/open';
import { probeSmtp } from '#infrastructure/mail/smtp-probe';
import { listJobs } from '#infrastructure/queue/dead-letters';
import { broken, type Diagnosis, doubtful, fine, unproven } from './diagnosis.ts';
import { examineGitHub } from './github.ts';
import { handingOver, type Installation } from './installation.ts';
import { examinePublicUrl, examineServices } from './services.ts';

/** Everything, in the order of what needs what. */
export async function examine(installation: Installation): Promise<readonly Diagnosis[]> {
  const parts = await Promise.all([
    examineSettings(installation),
    examineStore(installation),
    examineGitHub(installation),
    examinePublicUrl(installation),
    examineMail(installation),
    examineServices(installation),
  ]);
  return parts.flat();
}

async function examineSettings({ configured }: Installation): Promise<readonly Diagnosis[]> {
  return [configured ? fine('settings') : doubtful('settings', 'no-configuration')];
}

/** And the keys, of which the store tells whether any is needed. */
async function examineStore(installation: Installation): Promise<readonly Diagnosis[]> {
  const { store: location } = installation.settings;
  if ('folder' in location && (!existsSync(location.folder) || !holdsStore(location.folder)))
    return [
      doubtful('store', 'store-absent', { folder: location.folder }),
      ...examineKeys(installation, nothingSealed),
    ];
  // Also while the service has it, as it should.
  const opened = await openDatabaseToLook(location);
  if (!opened.ok) {
    const { ok: _ok, reason, ...values } = opened;
    // It is there, and nobody started the service with it yet.
    if (reason === 'store-empty')
      return [doubtful('store', 'store-empty'), ...examineKeys(installation, nothingSealed)];
    const message = startupError(reason, values);
    return [
      { area: 'store', status: 'error', said: { by: 'start', message } },
      ...examineKeys(installation, undefined),
    ];
  }
  const { store } = opened;
  try {
    const { key } = installation.settings;
    const sealed = await countSealed(store.db, key && parseKeyring(key.reveal()));
    const dead = await listJobs(store.db, 'dead');
    return [
      fine('store'),
      ...examineKeys(installation, sealed),
      ...(dead.length > 0 ? [doubtful('store', 'jobs-dead', { count: dead.length })] : []),
    ];
  } finally {
    await store.close();
  }
}

const nothingSealed = { missing: 0 };

/**
 * One advice on `GREFFIER_KEY`.
 *
 * @param sealed the values of the store that it does not open; undefined when the store could not be looked into
 */
function examineKeys(
  { settings: { key }, configuration }: Installation,
  sealed: { readonly missing: number } | undefined,
): readonly Diagnosis[] {
  const count = sealed?.missing ?? 0;
  if (count > 0) return [broken('keys', key === undefined ? 'key-absent' : 'key-lost', { count })];
  const cells = handingOver(configuration);
  if (key === undefined) return cells.length > 0 ? [broken('keys', 'key-missing', { cells })] : [];
  return sealed === undefined ? [] : [fine('keys')];
}

async function examineMail({ settings, configuration }: Installation): Promise<readonly Diagnosis[]> {
  const { smtpUrl, mailFrom } = settings;
  const cells = Object.keys(configuration.cells);
  if (smtpUrl === undefined || mailFrom === undefined) {
    if (cells.length === 0) return [doubtful('mail', 'mail-later')];
    const names = [
      ...(smtpUrl === undefined ? ['SMTP_URL'] : []),
      ...(mailFrom === undefined ? ['MAIL_FROM'] : []),
    ];
    return [broken('mail', 'mail-missing', { names, cells })];
  }
  const url = smtpUrl.reveal();
  const probe = await probeSmtp(url, mailFrom);
  const { host } = new URL(url);
  if (!probe.ok) return [broken('mail', `mail-${probe.at}`, { host, reason: probe.reason, from: mailFrom })];
  return probe.unproven === undefined
    ? [fine('mail')]
    : [unproven('mail', 'mail-sender-unproven', { host, reason: probe.unproven, from: mailFrom })];
}
