import { sql } from 'kysely'
import type { Db } from './connect.ts'

export interface KeyCount {
  keyId: string
  count: number
}

export interface KeyWindow {
  /** Of the window that runs, these included. */
  used: number
  resetMs: number
}

/**
 * Counts requests of keys in windows that begin with their first request: for all processes, where there is no Redis.
 * One statement for all that came together; its table is not logged, so that its commit waits for no disk.
 */
export async function countInKeyWindows(
  db: Db,
  counts: readonly KeyCount[],
  windowMs: number,
): Promise<KeyWindow[]> {
  // In one order everywhere: two batches that share keys wait instead of deadlocking.
  const sorted = counts.toSorted((a, b) => (a.keyId < b.keyId ? -1 : 1))
  const ids = sorted.map(({ keyId }) => keyId)
  const { rows } = await sql<{ key_id: string; used: number; reset_ms: number }>`
    insert into api_key_window as w (key_id, ends_at, used)
    select key_id, clock_timestamp() + make_interval(secs => ${windowMs / 1_000}), count
    from unnest(${ids}::uuid[], ${sorted.map(({ count }) => count)}::integer[]) as taken (key_id, count)
    on conflict (key_id) do update set
      used = case when w.ends_at <= clock_timestamp() then excluded.used else w.used + excluded.used end,
      ends_at = case when w.ends_at <= clock_timestamp() then excluded.ends_at else w.ends_at end
    returning key_id, used, greatest(extract(epoch from ends_at - clock_timestamp()) * 1000, 0)::float8 as reset_ms`.execute(
    db,
  )
  const windows = new Map(
    rows.map(({ key_id: id, used, reset_ms: resetMs }) => [id, { used, resetMs }]),
  )
  return counts.map(({ keyId }) => windows.get(keyId) ?? { used: 0, resetMs: windowMs })
}
