/** Waiting for something to be so, as a person does who looks again and again. */

/** How long the demo waits for a thing before it says that it did not come, in milliseconds. */
export const defaultTimeout = 30_000;

/** The first value that is not undefined or false; undefined when none came in time. */
export async function waitUntil<T>(
  check: () => T | undefined | false | Promise<T | undefined | false>,
  timeout = defaultTimeout,
): Promise<T | undefined> {
  const end = Date.now() + timeout;
  for (;;) {
    const found = await check();
    if (found !== undefined && found !== false) return found;
    if (Date.now() >= end) return undefined;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
