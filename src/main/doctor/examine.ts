/** Looks at a whole installation, and says all that is wrong with it at once. Nothing is changed by looking. */
import { existsSync } from 'node:fs';
import { parseKeyring } from '#application/handover/secrets/keyring';
import { countSealed } from '#application/handover/secrets/rotate-key';
import { startupError } from '#base/config/startup-errors';
import { openDatabase } from '#infrastructure/database/database';
import { holdsStore } from '#infrastructure/database/embedded/open';
import { probeSmtp } from '#infrastructure/mail/smtp-probe';
import { listJobs } from '#infrastructure/queue/dead-letters';
import { broken, type Diagnosis, doubtful, fine, unproven } from './diagnosis.ts';
import { examineGitHub } from './github.ts';
import { handingOver, type Installation } from './installation.ts';
import { askRunning, type StoreCounts } from './running.ts';
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

async function examineSettings(installation: Installation): Promise<readonly Diagnosis[]> {
  const { settings, configuration, configured } = installation;
  const cells = handingOver(configuration);
  return [
    configured ? fine('settings') : doubtful('settings', 'no-configuration'),
    ...(settings.key === undefined && cells.length > 0 ? [broken('keys', 'key-missing', { cells })] : []),
  ];
}

async function examineStore(installation: Installation): Promise<readonly Diagnosis[]> {
  const { settings } = installation;
  const { store: location } = settings;
  if ('folder' in location && (!existsSync(location.folder) || !holdsStore(location.folder)))
    return [doubtful('store', 'store-absent', { folder: location.folder }), ...nothingSealed(settings)];
  const opened = await openDatabase(location, 'none');
  if (!opened.ok) {
    // The service has it open, as it should.
    if (opened.reason === 'folder-in-use')
      return examineRunning(installation, 'folder' in location ? location.folder : '');
    const { ok: _ok, reason, ...values } = opened;
    // It is there, and nobody started the service with it yet.
    if (reason === 'store-empty') return [doubtful('store', 'store-empty'), ...nothingSealed(settings)];
    return [{ area: 'store', status: 'error', said: { by: 'start', message: startupError(reason, values) } }];
  }
  const { store } = opened;
  try {
    const keyring = settings.key === undefined ? undefined : parseKeyring(settings.key.reveal());
    const { missing } = await countSealed(store.db, keyring);
    const dead = await listJobs(store.db, 'dead');
    return storeFindings({ missing, dead: dead.length }, settings);
  } finally {
    await store.close();
  }
}

/** What the service that has the store says of it, which answers on this machine. */
async function examineRunning(installation: Installation, folder: string): Promise<readonly Diagnosis[]> {
  const said = await askRunning(installation);
  if (said === undefined) {
    const values = { folder, port: installation.settings.port };
    return [unproven('store', 'store-in-use', values), unproven('keys', 'keys-unseen')];
  }
  return storeFindings(said, installation.settings);
}

/** A key that is one opens all that there is. */
function nothingSealed({ key }: Pick<Installation['settings'], 'key'>): readonly Diagnosis[] {
  return key === undefined ? [] : [fine('keys')];
}

function storeFindings(
  { missing, dead }: StoreCounts,
  settings: Installation['settings'],
): readonly Diagnosis[] {
  return [
    fine('store'),
    ...(missing > 0 ? [broken('keys', 'key-lost', { count: missing })] : nothingSealed(settings)),
    ...(dead > 0 ? [doubtful('store', 'jobs-dead', { count: dead })] : []),
  ];
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
