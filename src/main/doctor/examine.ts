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

async function examineSettings(installation: Installation): Promise<readonly Diagnosis[]> {
  const { settings, configuration, configured } = installation;
  const cells = handingOver(configuration);
  return [
    configured ? fine('settings') : doubtful('settings', 'no-configuration'),
    ...(settings.key === undefined && cells.length > 0 ? [broken('keys', 'key-missing', { cells })] : []),
  ];
}

async function examineStore({ settings }: Installation): Promise<readonly Diagnosis[]> {
  const { store: location } = settings;
  if ('folder' in location && (!existsSync(location.folder) || !holdsStore(location.folder)))
    return [doubtful('store', 'store-absent', { folder: location.folder }), ...nothingSealed(settings)];
  // Also while the service has it, as it should.
  const opened = await openDatabaseToLook(location);
  if (!opened.ok) {
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
    return [
      fine('store'),
      ...(missing > 0 ? [broken('keys', 'key-lost', { count: missing })] : nothingSealed(settings)),
      ...(dead.length > 0 ? [doubtful('store', 'jobs-dead', { count: dead.length })] : []),
    ];
  } finally {
    await store.close();
  }
}

/** A key that is one opens all that there is. */
function nothingSealed({ key }: Pick<Installation['settings'], 'key'>): readonly Diagnosis[] {
  return key === undefined ? [] : [fine('keys')];
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
