import { type RawBuilder, sql } from 'kysely'
import type { MessageId } from '@sms-gateway/domain/ids'

/**
 * Rows of a table that is partitioned by these ids. The bounds say the same again, in the one form by which PostgreSQL
 * leaves out the other months while a prepared statement runs.
 */
export function oneOf(column: string, ids: readonly MessageId[]): RawBuilder<boolean> {
  const sorted = [...ids].sort()
  const [first = null, last = null] = [sorted.at(0), sorted.at(-1)]
  const name = sql.ref(column)
  return sql`${name} = any(${`{${ids.join(',')}}`}::uuid[]) and ${name} between ${first}::uuid and ${last}::uuid`
}
