/** What the App needs at GitHub, and how that compares with what it was granted. */

export type Access = 'read' | 'write';

/** Each permission with its reason. `app.yml` asks for the same, and a test holds them together. */
export const neededPermissions = {
  metadata: { access: 'read', reason: 'required of every App' },
  contents: { access: 'read', reason: 'reads definitions and settings by commit; never writes' },
  pull_requests: {
    access: 'write',
    reason: 'reads pull requests and reviews; comments, reactions and labels on them',
  },
  checks: { access: 'write', reason: 'publishes the verdict as a check run' },
  issues: {
    access: 'write',
    reason: 'creates labels; opens and follows the issues of cells that people provision',
  },
  deployments: { access: 'write', reason: 'records what was provisioned, by environment' },
  members: { access: 'read', reason: 'knows who belongs to the teams that may approve' },
  merge_queues: { access: 'read', reason: 'is told of the commits that a merge queue makes' },
} as const satisfies Record<string, { readonly access: Access; readonly reason: string }>;

/** The events that the App subscribes to. Installation events come by themselves. */
export const neededEvents = [
  'check_run',
  'check_suite',
  'issue_comment',
  'issues',
  'merge_group',
  'pull_request',
  'pull_request_review',
  'push',
] as const;

/**
 * Permissions that an operator may grant for more than is needed: the front desk makes the branch and the commit of a
 * request, and `fix` commits instead of proposing.
 */
const optional: Readonly<Record<string, Access>> = { contents: 'write' };

/** What the front desk needs to send: `app.yml` names it as optional, with the reason. */
const neededByDesk: Readonly<Record<string, Access>> = { contents: 'write', pull_requests: 'write' };

const ranks: Readonly<Record<string, number>> = { read: 1, write: 2, admin: 3 };

export interface PermissionComparison {
  /** As `checks: write`. */
  readonly missing: readonly string[];
  readonly surplus: readonly string[];
}

/** What the front desk needs and was not granted, as `contents: write`. */
export function lackedByDesk(granted: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(neededByDesk)
    .filter(([name, access]) => (ranks[String(granted[name])] ?? 0) < (ranks[access] ?? 0))
    .map(([name, access]) => `${name}: ${access}`);
}

/** Compares what was granted with what is needed. `surplus` is what would best be taken back. */
export function comparePermissions(
  granted: Readonly<Record<string, unknown>>,
  events: readonly string[],
): PermissionComparison {
  const rank = (access: unknown): number => ranks[String(access)] ?? 0;
  const needed: Readonly<Record<string, { readonly access: Access }>> = neededPermissions;
  const missing = Object.entries(needed)
    .filter(([name, { access }]) => rank(granted[name]) < rank(access))
    .map(([name, { access }]) => `${name}: ${access}`);
  const surplus = Object.entries(granted)
    .filter(([name, access]) => {
      const allowed = optional[name] ?? needed[name]?.access;
      return rank(access) > rank(allowed);
    })
    .map(([name, access]) => `${name}: ${String(access)}`);
  const unheard = neededEvents.filter((event) => !events.includes(event)).map((event) => `event ${event}`);
  return { missing: [...missing, ...unheard], surplus };
}
