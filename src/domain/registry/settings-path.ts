/** Where settings stand, relative to the root of the registry. */
export const settingsPath = '.github/greffier.yaml';
