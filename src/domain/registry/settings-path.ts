/** Where settings stand, relative to the root of the registry. */
export const settingsPath = '.github/greffier.yaml';

const nearName = /^(?:\.github\/)?\.?greffier\.ya?ml$/i;

/** Whether someone would take a file at this path for the settings, which it is not: nothing reads it. */
export function isNearSettings(path: string): boolean {
  return path !== settingsPath && nearName.test(path);
}
