/** An error in words of `templates/app-create.*.json`. */
import { CliError } from '#cli/terminal';
import type { CreateAppKey } from '#main/create-app/words';
import en from '#templates/app-create.en.json' with { type: 'json' };
import fr from '#templates/app-create.fr.json' with { type: 'json' };

export function createAppError(key: CreateAppKey, values: Readonly<Record<string, string>> = {}): CliError {
  return new CliError({ fr: fr[key], en: en[key] }, values);
}
