import type { PostgresPool, Transaction } from 'kysely'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { joinOptions } from './join-options.ts'
import { joinPools, PREPARED_SETTINGS } from './prepared.ts'
import type { Schema } from './schema.ts'

/** A pool or a transaction: a query function does not care, so its caller picks the boundary. */
export type Db = Kysely<Schema>
export type DbTransaction = Transaction<Schema>

export interface DatabaseConfig {
  url: string
  poolSize: number
  /** Shown in `pg_stat_activity`. */
  name?: string
  /** A statement that waits longer, for a lock say, is ended: 30 s, and less where somebody waits for an answer. */
  statementLimitMs?: number
  /** For a connection, its turn in the pool included: 5 s. */
  connectLimitMs?: number
}

const CONNECT_LIMIT_MS = 5_000
const STATEMENT_LIMIT_MS = 30_000
const QUERY_GRACE_MS = 1_000
/** Of services whose callers wait: they get a 503, not a hang. */
export const ANSWER_LIMIT_MS = 4_000

pg.types.setTypeParser(pg.types.builtins.INT8, Number)

/** Of a pool that is large enough: its share for the statements that are prepared. */
const PREPARING_SHARE = 2 / 5
const SMALLEST_SHARED_POOL = 6

/** No connection is made yet: the first query makes it, and a database that is away fails that query within 5 s. */
export function connectDatabase({ poolSize, ...config }: DatabaseConfig): Db {
  if (poolSize < SMALLEST_SHARED_POOL) return toKysely(openPool(config, { max: poolSize }))
  const preparing = Math.floor(poolSize * PREPARING_SHARE)
  return toKysely(
    joinPools(
      openPool(config, { max: poolSize - preparing }),
      openPool(config, { max: preparing, options: PREPARED_SETTINGS }),
    ),
  )
}

function toKysely(pool: PostgresPool): Db {
  return new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) })
}

function openPool(
  {
    url,
    name = 'sms-gateway',
    statementLimitMs = STATEMENT_LIMIT_MS,
    connectLimitMs = CONNECT_LIMIT_MS,
  }: Omit<DatabaseConfig, 'poolSize'>,
  { max, options }: { max: number; options?: string },
): pg.Pool {
  const pool = new pg.Pool({
    max,
    // eslint-disable-next-line no-restricted-syntax -- the driver reads it itself, as all of PG*, but not beside options of ours
    ...joinOptions(url, { ofEnvironment: process.env['PGOPTIONS'], ours: options }),
    application_name: name,
    connectionTimeoutMillis: connectLimitMs,
    statement_timeout: statementLimitMs,
    // Where PostgreSQL itself stands still, nobody there ends the statement.
    query_timeout: statementLimitMs + QUERY_GRACE_MS,
    // No shorter than a statement of another that the transaction waits for.
    idle_in_transaction_session_timeout: Math.max(STATEMENT_LIMIT_MS, statementLimitMs),
    keepAlive: true,
  })
  // A connection that dies is replaced by the pool; without a listener it would end the process. The pool's own hears
  // of idle ones alone: one that dies in the middle of a query also fails that query, which is what its caller acts on.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}
