/** For tests of what follows the check: the word of a writer, without GitHub. */
import type { ConfirmedByWriter } from '#domain/provisioning/confirmed-by-writer';

export function writer(login: string): ConfirmedByWriter {
  return { login, account: 1 } as ConfirmedByWriter;
}
