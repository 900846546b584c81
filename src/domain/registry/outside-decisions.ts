/**
 * What an outside answer gives a person to decide, told apart from any other: the same rule with the same values is the same
 * decision, in a review and when it is asked again before provisioning.
 */
import type { Values } from '#base/i18n/message';
import type { Finding } from '#domain/definition/finding';

export function outsideDecision(rule: string, values: Values): string {
  const sorted = Object.entries(values).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([rule, ...sorted]);
}

/** Those among the findings of a definition. */
export function outsideDecisions(findings: readonly Finding[]): readonly string[] {
  return findings
    .filter(({ rule, severity }) => severity === 'decision' && rule.startsWith('outside/'))
    .map(({ rule, message }) => outsideDecision(rule, message.values));
}
