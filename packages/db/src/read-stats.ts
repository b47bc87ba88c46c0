import { sql } from 'kysely'
import { addEncoded, type DelaySketch } from '@sms-gateway/domain/delay-sketch'
import { spanOfDays } from '@sms-gateway/domain/local-days'
import { hourText } from './add-stats.ts'
import type { Db } from './connect.ts'
import { STAT_FIGURES } from './stat-grain.ts'
import { GROUPS, type StatGroup } from './stat-groups.ts'

const TYPES: Record<string, string> = {
  day: 'date',
  hour: 'timestamptz',
  client_id: 'uuid',
  campaign_id: 'uuid',
}

const NIL_UUID = '00000000-0000-0000-0000-000000000000'

export interface StatQuery {
  /** Whose messages; of all clients where it is not given. */
  clientId?: string | undefined
  /** Both included, in the zone. */
  firstDay: string
  lastDay: string
  timeZone: string
}

export interface StatPage {
  limit: number
  /** The key of the last group of the page before. */
  after?: readonly string[] | undefined
}

export interface Stats {
  /** As it stands in a cursor. */
  cursor: readonly string[]
  /** Null where the messages have none. */
  key: Readonly<Record<string, string | null>>
  total: number
  sent: number
  delivered: number
  failed: number
  segments: number
  costMilli: number
  /** Milliseconds from sent to delivered. */
  delays: DelaySketch
}

/** A page of the figures by one thing: days and hours newest first, the rest by name. */
export async function listStats(
  db: Db,
  query: StatQuery,
  group: StatGroup,
  { limit, after }: StatPage,
): Promise<Stats[]> {
  const { table, columns, newestFirst } = GROUPS[group]
  const refs = columns.map((column) => sql.ref(`t.${column}`))
  const last = after?.map((value, index) => typed(columns[index] ?? '', value))
  const way = newestFirst ? sql`desc` : sql`asc`
  const than = newestFirst ? sql`<` : sql`>`
  const { rows } = await sql<StoredStats>`
    select ${sql.join(columns.map(toText))}, ${sums}
    from ${sql.table(table)} t
    where ${sql.join([...conditions(query, table), ...(last ? [sql`(${sql.join(refs)}) ${than} (${sql.join(last)})`] : [])], sql` and `)}
    group by ${sql.join(refs)}
    order by ${sql.join(refs.map((column) => sql`${column} ${way}`))}
    limit ${limit}`.execute(db)
  return rows.map((row) => toStats(row, columns))
}

/** All of them together. */
export async function sumStats(db: Db, query: StatQuery): Promise<Stats> {
  const { rows } = await sql<StoredStats>`
    select ${sums} from stat_day t where ${sql.join(conditions(query, 'stat_day'), sql` and `)}`.execute(
    db,
  )
  const [row] = rows
  if (!row) throw new Error('a sum over nothing is a row too')
  return toStats(row, [])
}

type StoredStats = Record<string, unknown> &
  Record<(typeof STAT_FIGURES)[number], number> & { delays: Buffer | null }

/** Sketches one after the other are their sum. */
const sums = sql.join([
  ...STAT_FIGURES.map(
    (figure) => sql`coalesce(sum(${sql.ref(`t.${figure}`)}), 0)::bigint as ${sql.ref(figure)}`,
  ),
  sql`string_agg(t.delays, '') as delays`,
])

function conditions({ clientId, firstDay, lastDay, timeZone }: StatQuery, table: string) {
  const { from, before } = spanOfDays(firstDay, lastDay, timeZone)
  return [
    table === 'stat_hour'
      ? sql`t.hour >= ${from} and t.hour < ${before}`
      : sql`t.day between ${firstDay}::date and ${lastDay}::date`,
    ...(clientId === undefined ? [] : [sql`t.client_id = ${clientId}::uuid`]),
  ]
}

function toText(column: string) {
  if (column === 'hour') return sql`${hourText} as hour`
  return sql`${sql.ref(`t.${column}`)}::text as ${sql.ref(column)}`
}

function typed(column: string, value: string) {
  return sql`${value}::${sql.raw(TYPES[column] ?? 'text')}`
}

function toStats({ delays, ...row }: StoredStats, columns: readonly string[]): Stats {
  const sketch = new Map<number, number>()
  if (delays) addEncoded(sketch, delays)
  const cursor = columns.map((column) => String(row[column]))
  return {
    cursor,
    key: Object.fromEntries(columns.map((column, index) => [column, nameOf(cursor[index])])),
    total: row.total,
    sent: row.sent,
    delivered: row.delivered,
    failed: row.failed,
    segments: row.segments,
    costMilli: row.cost_milli,
    delays: sketch,
  }
}

function nameOf(value: string | undefined): string | null {
  return value === undefined || value === '' || value === NIL_UUID ? null : value
}
