/** GitHub's page for a new file, filled in: `https://github.com/OWNER/REPO/new/BRANCH?filename=…&value=…`. */

/** Where the definitions go: what GitHub's own pages are reached by. */
export interface RegistryPlace {
  /** `https://github.com/org/registre`, without a slash at the end. */
  readonly url: string;
  readonly defaultBranch: string;
}

/**
 * Characters of the link, encoded once more: who is not signed in at GitHub yet gets there by way of its sign-in page,
 * whose own address holds it so. Beyond some 8,000, GitHub answers with an error.
 */
const maxEncodedTwice = 7_500;

/** @returns undefined when the text is too long for a link */
export function newFileLink(
  { url, defaultBranch }: RegistryPlace,
  { path, text }: { readonly path: string; readonly text: string },
): string | undefined {
  const branch = defaultBranch.split('/').map(encodeURIComponent).join('/');
  const query = `filename=${encodeURIComponent(path)}&value=${encodeURIComponent(text)}`;
  const link = `${url}/new/${branch}?${query}`;
  return encodeURIComponent(link).length > maxEncodedTwice ? undefined : link;
}
