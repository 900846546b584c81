/** What `greffier app create` leaves behind: the key, the environment and a first configuration, for their owner's eyes only. */
import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Language } from '#base/i18n/message';
import { shellWord } from '#base/invocation';
import { messages, t as say } from '#cli/messages';
import { isFolder } from '#cli/registry/registry-folder';
import { createPrivateFile } from '#cli/registry/write-file';
import { CliError } from '#cli/terminal';
import type { CreatedApp } from '#infrastructure/github/client/manifest-conversion';
import { createAppTranslator } from '#main/create-app/words';
import { createAppError } from './words.ts';

const files = {
  key: 'greffier.private-key.pem',
  environment: 'greffier.env',
  configuration: 'greffier.config.yaml',
};

/** Where each is, in a folder. */
export function appFiles(folder: string): Readonly<Record<keyof typeof files, string>> {
  const at = (file: string) => join(folder, file);
  return { key: at(files.key), environment: at(files.environment), configuration: at(files.configuration) };
}

/** What a shell is to do before a command, so that it has the environment. */
export function withEnvironment(folder: string): string {
  return `set -a; . ${shellWord(appFiles(folder).environment)}; set +a`;
}

/** Looked at before anything is asked of GitHub: keys that have no place would be lost. */
export function mustBeFree(folder: string): void {
  if (!isFolder(folder)) throw new CliError(messages.noRoot, { path: folder });
  for (const path of Object.values(appFiles(folder)))
    if (existsSync(path)) throw createAppError('exists', { path });
  try {
    accessSync(folder, constants.W_OK);
  } catch {
    throw createAppError('unwritable', { path: folder });
  }
}

/** @returns why not, in words or by the system's code */
export function keepApp(
  folder: string,
  app: CreatedApp,
  of: { readonly publicUrl: string; readonly registry: string | undefined },
  language: Language,
): string | undefined {
  const t = createAppTranslator(language);
  const paths = appFiles(folder);
  const comment = (text: string) => `# ${text}`;
  const environment = [
    comment(t('env-intro', { command: withEnvironment(folder) })),
    `APP_ID=${app.id}`,
    `PRIVATE_KEY_PATH=${shellWord(paths.key)}`,
    `WEBHOOK_SECRET=${shellWord(app.webhookSecret.reveal())}`,
    comment(t('env-key')),
    `GREFFIER_KEY=${randomBytes(32).toString('base64')}`,
    `GREFFIER_CONFIG=${shellWord(paths.configuration)}`,
    comment(t('env-store')),
    `GREFFIER_DATA=${shellWord(join(folder, '.greffier'))}`,
    `PUBLIC_URL=${shellWord(of.publicUrl)}`,
    ...['GHE_HOST', 'GHE_PROTOCOL'].flatMap((name) => {
      const value = process.env[name]?.trim();
      return value === undefined || value === '' ? [] : [`${name}=${shellWord(value)}`];
    }),
    comment(t('env-mail')),
    '# SMTP_URL=smtps://',
    '# MAIL_FROM=greffier@',
  ];
  const configuration = [
    comment(t('config-intro')),
    comment(t('config-registry')),
    of.registry === undefined ? '# registry: org/name' : `registry: ${of.registry}`,
    comment(t('config-cells')),
    '# cells:',
    '#   internet/production:',
    '#     provider: manual',
    '#     issuer: https://auth.agentconnect.gouv.fr/api/v2',
    '#   rie/integration:',
    '#     provider: registration',
    '#     issuer: https://idp.example.gouv.fr',
    `#     initial_access_token: \${IDP_TOKEN}`,
  ];
  try {
    for (const [path, text] of [
      [files.key, app.privateKey.reveal()],
      [files.environment, `${environment.join('\n')}\n`],
      [files.configuration, `${configuration.join('\n')}\n`],
    ] as const)
      if (!createPrivateFile(folder, path, text)) return 'EEXIST';
    return undefined;
  } catch (error) {
    if (error instanceof CliError) return say(error.sentence, language, error.values);
    throw error;
  }
}
