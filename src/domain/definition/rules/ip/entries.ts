/** The addresses of a definition on the RIE, as the rules on addresses see them. */

import type { PartialDefinition } from '#domain/definition/parse/partial-definition';
import {
  type Block,
  blockOf,
  contains,
  documentationBlocks,
  loopbackBlocks,
  overlaps,
  proconnectAddresses,
  sampleAddresses,
  unusableBlocks,
} from './block.ts';

/** The widest blocks that still mean "our servers". */
const minPrefix = { ipv4: 24, ipv6: 64 } as const;

interface LocatedBlock {
  readonly block: Block;
  readonly pointer: string;
  /** Why nobody can call from there. */
  readonly reserved: Reserved | undefined;
}

const none: readonly LocatedBlock[] = [];

/** Of the partial definition that was read last: rules read one after the other. */
let known: { readonly partial: PartialDefinition; readonly blocks: readonly LocatedBlock[] } | undefined;

/** On the Internet the whole list is useless, and nothing more is reported of its items. */
export function rieAddresses(partial: PartialDefinition): readonly LocatedBlock[] {
  if (partial.network === 'internet' || partial.ipAddresses.length === 0) return none;
  if (known?.partial === partial) return known.blocks;
  const blocks: LocatedBlock[] = [];
  for (const { value, pointer } of partial.ipAddresses) {
    const block = blockOf(value);
    if (block !== undefined) blocks.push({ block, pointer, reserved: reservation(block) });
  }
  known = { partial, blocks };
  return blocks;
}

export function hasAddresses(partial: PartialDefinition): boolean {
  return partial.ipAddresses.length > 0;
}

type Reserved = 'universal' | 'proconnect' | 'sample' | 'loopback' | 'documentation' | 'unusable';

function reservation(block: Block): Reserved | undefined {
  const within = (known: readonly Block[]) => known.some((outer) => contains(outer, block));
  if (block.prefix === 0) return 'universal';
  // 10.0.0.0/8, where most servers on the RIE are, has nothing of all this in it.
  if (block.kind === 'ipv4' && block.bytes[0] === 10 && block.prefix >= 8) return undefined;
  if (proconnectAddresses.some((own) => overlaps(own, block)))
    return isWide(block) ? undefined : 'proconnect';
  if (within(sampleAddresses)) return 'sample';
  if (within(loopbackBlocks)) return 'loopback';
  if (within(documentationBlocks)) return 'documentation';
  return within(unusableBlocks) ? 'unusable' : undefined;
}

export function isWide(block: Block): boolean {
  return block.prefix < minPrefix[block.kind];
}
