/** Who runs a command. */
import { userInfo } from 'node:os';

/** The account of the machine under which the command runs, for the audit trail. */
export function currentUser(): string {
  try {
    return `${userInfo().username} (command line)`;
  } catch {
    // An account that the machine has no name for, as containers have.
    return `${process.getuid?.() ?? '?'} (command line)`;
  }
}
