/** The operator's configuration, for the commands that do without one too. */
import { readFileSync } from 'node:fs';
import { type ConfigurationResult, defaultConfiguration, readConfiguration } from '#base/config/config-file';
import { fileFault } from '#base/config/startup-errors';

/** What the file says that `GREFFIER_CONFIG` names; the defaults where it names none. */
export function configurationNamed(written: string | undefined): ConfigurationResult {
  const path = written?.trim() ?? '';
  if (path === '') return { ok: true, configuration: defaultConfiguration };
  try {
    return readConfiguration(readFileSync(path, 'utf8'), path, process.env);
  } catch (error) {
    return { ok: false, errors: [fileFault('GREFFIER_CONFIG', path, error)] };
  }
}
