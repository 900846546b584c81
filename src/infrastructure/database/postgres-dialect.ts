/**
 * PostgreSQL behind Kysely, where a transaction costs a round trip less: what begins it goes along with its first statement,
 * and is not waited for by itself (https://node-postgres.com/features/pipelining).
 */
import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  PostgresDialect,
  type PostgresDialectConfig,
  PostgresDriver,
  type QueryCompiler,
  type QueryResult,
  type RootOperationNode,
  type TransactionSettings,
} from 'kysely';

export class PipelinedDialect extends PostgresDialect {
  readonly #config: PostgresDialectConfig;

  /** @param config with a pool whose clients have `pipeline: true` */
  constructor(config: PostgresDialectConfig) {
    super(config);
    this.#config = config;
  }

  override createDriver(): Driver {
    return new PipelinedDriver(this.#config);
  }
}

type PlainConnection = Parameters<PostgresDriver['rollbackTransaction']>[0];

class PipelinedDriver implements Driver {
  readonly #plain: PostgresDriver;

  constructor(config: PostgresDialectConfig) {
    this.#plain = new PostgresDriver(config);
  }

  init(): Promise<void> {
    return this.#plain.init();
  }

  async acquireConnection(): Promise<PipelinedConnection> {
    return new PipelinedConnection((await this.#plain.acquireConnection()) as PlainConnection);
  }

  async beginTransaction(connection: PipelinedConnection, settings: TransactionSettings): Promise<void> {
    if (Object.values(settings).every((setting) => setting === undefined)) connection.announced = true;
    else await this.#plain.beginTransaction(connection.plain, settings);
  }

  /** Nothing is to be committed where nothing was said. */
  async commitTransaction(connection: PipelinedConnection): Promise<void> {
    if (!connection.announced) await this.#plain.commitTransaction(connection.plain);
    connection.announced = false;
  }

  async rollbackTransaction(connection: PipelinedConnection): Promise<void> {
    if (!connection.announced) await this.#plain.rollbackTransaction(connection.plain);
    connection.announced = false;
  }

  async savepoint(connection: PipelinedConnection, name: string, compile: QueryCompiler['compileQuery']) {
    await connection.begin();
    await this.#plain.savepoint(connection.plain, name, compile);
  }

  rollbackToSavepoint(connection: PipelinedConnection, name: string, compile: QueryCompiler['compileQuery']) {
    return this.#plain.rollbackToSavepoint(connection.plain, name, compile);
  }

  releaseSavepoint(connection: PipelinedConnection, name: string, compile: QueryCompiler['compileQuery']) {
    return this.#plain.releaseSavepoint(connection.plain, name, compile);
  }

  releaseConnection(connection: PipelinedConnection): Promise<void> {
    return this.#plain.releaseConnection(connection.plain);
  }

  destroy(): Promise<void> {
    return this.#plain.destroy();
  }
}

class PipelinedConnection implements DatabaseConnection {
  readonly plain: PlainConnection;
  /** A transaction that its first statement is to begin. */
  announced = false;

  constructor(plain: PlainConnection) {
    this.plain = plain;
  }

  async begin(): Promise<void> {
    if (!this.announced) return;
    this.announced = false;
    await this.plain.executeQuery(CompiledQuery.raw('begin'));
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (!this.announced) return this.plain.executeQuery<R>(query);
    const begun = this.begin();
    // What changes something waits: it must not be done by itself, should the transaction not begin for whatever reason.
    if (!changesNothing(query.query)) await begun;
    const [result] = await Promise.all([this.plain.executeQuery<R>(query), begun]);
    return result;
  }

  streamQuery<R>(query: CompiledQuery, chunkSize: number): AsyncIterableIterator<QueryResult<R>> {
    return this.plain.streamQuery(query, chunkSize);
  }
}

function changesNothing(node: RootOperationNode): boolean {
  return node.kind === 'SelectQueryNode' && node.with === undefined;
}
