/** Accounts as one column holds them: the numbers that GitHub gives them, between spaces. */
export function accountsText(accounts: readonly string[]): string | null {
  return accounts.join(' ') || null;
}

export function accountsIn(column: string | null): readonly string[] {
  return column === null ? [] : column.split(' ');
}
