/**
 * What a definition claims of the things that several definitions could want: a name, addresses, a DataPass.
 *
 * A registry keeps claims rather than whole definitions, so that it stays small at any size; they are plain JSON,
 * so that what one pull request claims can be stored and compared with the others.
 */
import { type Place, placeFromPath } from '#domain/definition/cell';
import type { Located, PartialDefinition } from '#domain/definition/parse/partial-definition';
import { placeOf } from '#domain/definition/rules/judging';
import { equivalentUrl } from '#domain/definition/rules/url/percent';

export interface Claims {
  readonly path: string;
  /** As the applicant wrote it. */
  readonly name?: string;
  readonly siret?: string;
  readonly datapass?: string;
  /**
   * One text for all URLs that lead to the same place, in the order of the file; `null` where an item could not be
   * read, so that positions stay those of the file.
   */
  readonly redirectUris: readonly (string | null)[];
  readonly idTokenAlgorithm?: string;
  readonly userinfoAlgorithm?: string;
  /** The optional scopes that are asked for, in the order of the file. */
  readonly scopes: readonly string[];
  /** What Greffier failed at, when it could not tell what the definition claims: nobody is held up, and it is reported. */
  readonly unread?: string;
}

/** An entry whose YAML could not be read still holds its path, and claims nothing else. Never throws. */
export function claimsOf({
  path,
  partial,
}: {
  readonly path: string;
  readonly partial?: PartialDefinition | undefined;
}): Claims {
  if (partial === undefined) return { path, redirectUris: [], scopes: [] };
  try {
    return readClaims(path, partial);
  } catch (problem) {
    return { path, redirectUris: [], scopes: [], unread: placeOf(problem) };
  }
}

function readClaims(path: string, partial: PartialDefinition): Claims {
  // Every key in one order: claims of one form are compared fast, thousands in a row.
  const claims: { readonly [K in Exclude<keyof Claims, 'unread'>]-?: Claims[K] | undefined } = {
    path,
    name: partial.name,
    siret: partial.siret,
    datapass: partial.datapass,
    redirectUris: valuesByPosition(partial.redirectUris).map((uri) => uri && equivalentUrl(uri)),
    idTokenAlgorithm: partial.idTokenAlgorithm,
    userinfoAlgorithm: partial.userinfoAlgorithm,
    scopes: scopesOf(partial),
  };
  return claims as Claims;
}

function scopesOf(partial: PartialDefinition): readonly string[] {
  const scopes: string[] = [];
  for (const { value } of partial.optionalScopes) if (value.scope !== undefined) scopes.push(value.scope);
  return scopes;
}

/** The items at the positions that their pointers name. */
function valuesByPosition(items: readonly Located<string>[]): (string | null)[] {
  const list: (string | null)[] = [];
  for (const { value, pointer } of items) {
    const position = Number(pointer.slice(pointer.lastIndexOf('/') + 1));
    const at = Number.isInteger(position) && position >= list.length ? position : list.length;
    while (list.length < at) list.push(null);
    list.push(value);
  }
  return list;
}

/** Where claims stand. */
export function placeOfClaims(claims: Claims): Place | undefined {
  return placeFromPath(claims.path);
}

/**
 * The legal unit: the first nine of the fourteen digits of a SIRET. Two establishments of one unit are one
 * organization.
 */
export function sirenOf(siret: string | undefined): string | undefined {
  return siret !== undefined && /^\d{14}$/.test(siret) ? siret.slice(0, 9) : undefined;
}
