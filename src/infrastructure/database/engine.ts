/** `embedded` is SQLite in this process, alone on its folder; `postgresql` may be shared by many. */
export type Engine = 'embedded' | 'postgresql';
