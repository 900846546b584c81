/** How queries and tables are written for SQLite: as Kysely does, with what tables of PostgreSQL promise. */
import {
  type ColumnDefinitionNode,
  DataTypeNode,
  type RawNode,
  type SelectModifierNode,
  SqliteQueryCompiler,
} from 'kysely';
import { embeddedForm } from '#infrastructure/database/per-engine';

/** What a value of a type is; SQLite by itself keeps anything in any column. */
const checks: Readonly<Record<string, (column: string) => string>> = {
  integer: (column) => `typeof(${column}) in ('integer', 'null')`,
  bigint: (column) => `typeof(${column}) in ('integer', 'null')`,
  boolean: (column) => `${column} in (0, 1)`,
  bytea: (column) => `typeof(${column}) in ('blob', 'null')`,
  json: (column) => `json_valid(${column})`,
  jsonb: (column) => `json_valid(${column})`,
  timestamptz: (column) => `${column} glob '????-??-??T??:??:??.??????Z'`,
};

export class EmbeddedCompiler extends SqliteQueryCompiler {
  protected override visitRaw(node: RawNode): void {
    super.visitRaw(embeddedForm(node));
  }

  /** There is one writer: no row is to be locked. */
  protected override visitSelectModifier(node: SelectModifierNode): void {
    if (node.modifier === undefined || !/^(?:For|NoWait|SkipLocked)/.test(node.modifier))
      super.visitSelectModifier(node);
  }

  protected override visitColumnDefinition(node: ColumnDefinitionNode): void {
    if (node.generated?.identity === true) {
      this.visitNode(node.column);
      this.append(' integer primary key autoincrement');
      return;
    }
    super.visitColumnDefinition(node);
    const check = DataTypeNode.is(node.dataType) ? checks[node.dataType.dataType] : undefined;
    if (check === undefined) return;
    const { name } = node.column.column;
    this.append(` check (${check(`"${this.sanitizeIdentifier(name)}"`)})`);
  }
}
