/** GitHub's numbers, which Octokit gives as `bigint` where a number would not hold them exactly. */

/**
 * The same number, exactly. One that was rounded names somebody else's account, comment or check.
 *
 * @throws when a number cannot hold it
 */
export function exactId(id: number | bigint): number {
  const exact = Number(id);
  if (!Number.isSafeInteger(exact))
    throw new Error(`GitHub’s number ${id} is beyond what is held exactly here`);
  return exact;
}
