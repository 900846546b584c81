/** Whose rows a command works on that somebody runs with the name of a registry in the configuration. */
import type { Binding, Bindings } from './bindings.ts';
import { boundTo, keyAtFirstSight, sameName } from './resolve-registry.ts';

/** What GitHub says of the configured name, for a command that has a way there. */
export interface SeenRegistry {
  readonly id: string;
  /** `owner/name`. */
  readonly name: string;
  /** The number of the repository to which a name leads now. */
  readonly numberOf: (name: string) => Promise<string | undefined>;
}

export type CommandRegistry =
  | { readonly ok: true; readonly registry: string }
  /** The name is another repository's than the one whose rows are kept under it. */
  | { readonly ok: false; readonly reason: 'replaced'; readonly known: Binding }
  /** Without GitHub it cannot be told whether it is one of those that are known, renamed. */
  | { readonly ok: false; readonly reason: 'unknown'; readonly known: readonly Binding[] };

/**
 * The key of the rows of the registry that is configured. Nothing is bound: that is the service's to do.
 *
 * @param seen undefined without a way to GitHub: then what the service noted last is believed
 */
export async function registryOfCommand(
  bindings: Bindings,
  configured: string,
  seen: SeenRegistry | undefined,
): Promise<CommandRegistry> {
  const known = await bindings.all();
  if (seen === undefined) {
    const bound = boundTo(known, [configured]);
    if (bound !== undefined) return { ok: true, registry: bound.registry };
    const unbound = (await bindings.unboundKeys()).find((key) => sameName(key, configured));
    if (known.length > 0 && unbound === undefined) return { ok: false, reason: 'unknown', known };
    return { ok: true, registry: unbound ?? configured };
  }
  const own = known.find(({ id }) => id === seen.id);
  if (own !== undefined) return { ok: true, registry: own.registry };
  const other = boundTo(known, [configured, seen.name]);
  if (other !== undefined) return { ok: false, reason: 'replaced', known: other };
  return { ok: true, registry: await keyAtFirstSight(seen.numberOf, bindings, seen, configured) };
}
