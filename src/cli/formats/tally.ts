/** How many findings of each severity there are. */
import type { Finding, Severity } from '#domain/definition/finding';

export type Tally = Readonly<Record<Severity, number>>;

export function tallyOf(findings: readonly Finding[]): Tally {
  const tally = { error: 0, decision: 0, warning: 0, info: 0 };
  for (const { severity } of findings) tally[severity]++;
  return tally;
}
