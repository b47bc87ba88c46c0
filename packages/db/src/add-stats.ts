import { sql } from 'kysely'
import { addEncoded, encodeSketch } from '@sms-gateway/domain/delay-sketch'
import type { DbTransaction } from './connect.ts'
import {
  isEmptyRow,
  keyOf,
  STAT_FIGURES,
  STAT_GRAINS,
  type StatGrain,
  type StatRow,
  type StatRows,
} from './stat-grain.ts'

/** An hour as the keys of rows have it, in JSON and out of it. */
export const hourText = sql.raw(`to_char(hour at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`)
const ROWS_AT_ONCE = 5_000

type StoredRow = Record<(typeof STAT_FIGURES)[number], number> &
  Record<string, unknown> & { delays: Buffer }

/** Adds the rows to the roll-up. The caller holds the lock of the roll-ups: nobody else writes them meanwhile. */
export async function addStats(
  trx: DbTransaction,
  grain: StatGrain,
  changes: StatRows,
): Promise<void> {
  const all = [...changes]
  for (let start = 0; start < all.length; start += ROWS_AT_ONCE) {
    const rows = new Map(all.slice(start, start + ROWS_AT_ONCE))
    for (const stored of await readRows(trx, grain, rows)) addStored(grain, rows, stored)
    const [empty, kept] = partition([...rows.values()])
    await storeRows(trx, grain, kept)
    await deleteRows(trx, grain, empty)
  }
}

async function readRows(
  trx: DbTransaction,
  grain: StatGrain,
  rows: StatRows,
): Promise<StoredRow[]> {
  const columns = STAT_GRAINS[grain].map((column) =>
    column === 'hour'
      ? sql`${hourText} as hour`
      : column === 'day'
        ? sql`day::text as day`
        : sql.ref(column),
  )
  const { rows: stored } = await sql<StoredRow>`
    select ${sql.join(columns)}, ${sql.join(refs(STAT_FIGURES))}, delays from ${sql.table(grain)}
    join ${input(grain, [...rows.values()])} i using (${sql.join(refs(STAT_GRAINS[grain]))})`.execute(
    trx,
  )
  return stored
}

function addStored(grain: StatGrain, rows: StatRows, stored: StoredRow): void {
  const row = rows.get(keyOf(grain, stored))
  if (!row) throw new Error('a roll-up gave a row that was not asked for')
  for (const figure of STAT_FIGURES) row.figures[figure] += stored[figure]
  addEncoded(row.delays, stored.delays)
}

async function storeRows(
  trx: DbTransaction,
  grain: StatGrain,
  rows: readonly StatRow[],
): Promise<void> {
  if (rows.length === 0) return
  const key = refs(STAT_GRAINS[grain])
  const values = [...refs(STAT_FIGURES), sql.ref('delays')]
  const changed = [...STAT_FIGURES, 'delays'].map(
    (column) => sql`${sql.ref(column)} = ${sql.ref(`excluded.${column}`)}`,
  )
  await sql`
    insert into ${sql.table(grain)} (${sql.join([...key, ...values])})
    select ${sql.join([...key, ...values])} from json_populate_recordset(null::${sql.table(grain)}, ${toJson(rows)}::json)
    on conflict (${sql.join(key)}) do update set ${sql.join(changed)}`.execute(trx)
}

async function deleteRows(
  trx: DbTransaction,
  grain: StatGrain,
  rows: readonly StatRow[],
): Promise<void> {
  if (rows.length === 0) return
  const same = STAT_GRAINS[grain].map(
    (column) => sql`${sql.ref(`t.${column}`)} = ${sql.ref(`i.${column}`)}`,
  )
  await sql`delete from ${sql.table(grain)} t using ${input(grain, rows)} i
    where ${sql.join(same, sql` and `)}`.execute(trx)
}

/** The keys of the rows, as rows of their own. */
function input(grain: StatGrain, rows: readonly StatRow[]) {
  const keys = JSON.stringify(rows.map(({ key }) => key))
  return sql`(select ${sql.join(refs(STAT_GRAINS[grain]))}
    from json_populate_recordset(null::${sql.table(grain)}, ${keys}::json))`
}

function refs(columns: readonly string[]) {
  return columns.map((column) => sql.ref(column))
}

function toJson(rows: readonly StatRow[]): string {
  return JSON.stringify(
    rows.map(({ key, figures, delays }) => ({
      ...key,
      ...figures,
      delays: `\\x${encodeSketch(delays).toString('hex')}`,
    })),
  )
}

function partition(rows: readonly StatRow[]): [empty: StatRow[], kept: StatRow[]] {
  return [rows.filter(isEmptyRow), rows.filter((row) => !isEmptyRow(row))]
}
