import type { PostgresPool, PostgresPoolClient } from 'kysely'
import { type RawBuilder, sql } from 'kysely'
import type pg from 'pg'

/**
 * Marks a statement that is sent thousands of times a minute, always with the same words: it is prepared, so that
 * PostgreSQL parses and plans it once a connection. Planning one over partitions costs more than running it.
 */
export function prepared(name: string): RawBuilder<unknown> {
  return sql.raw(`/* prepared: ${name} */ `)
}

const MARK = /^\s*\/\* prepared: ([a-z-]+) \*\//

/**
 * A plan that is made once must stay good: it may not depend on the values of one time, nor on how small a table is today.
 * So it goes by indexes alone; the months that no id is of are left out while it runs (`oneOf`).
 */
export const PREPARED_SETTINGS = '-c plan_cache_mode=force_generic_plan -c enable_seqscan=off'

/** Two pools as one: marked statements that stand alone go to the one whose connections keep their plans. */
export function joinPools(others: pg.Pool, preparing: pg.Pool): PostgresPool {
  return {
    // Which it is, is known with the first statement; nothing is taken from a pool before.
    connect: () => Promise.resolve(toClient(others, preparing)),
    async end() {
      await Promise.all([others.end(), preparing.end()])
    },
  }
}

function toClient(others: pg.Pool, preparing: pg.Pool): PostgresPoolClient {
  let client: pg.PoolClient | undefined
  let prepares = false
  const query = async (text: string, values: readonly unknown[]) => {
    const name = MARK.exec(text)?.[1]
    if (!client) {
      prepares = name !== undefined
      client = await (prepares ? preparing : others).connect()
    }
    // A transaction has begun with another statement: whatever it runs is planned for its values.
    if (!prepares || name === undefined) return client.query(text, [...values])
    return client.query({ name, text, values: [...values] })
  }
  return {
    // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- Kysely's other signature takes a cursor, and nothing here streams by one
    query: query as unknown as PostgresPoolClient['query'],
    release: () => client?.release(),
  }
}
