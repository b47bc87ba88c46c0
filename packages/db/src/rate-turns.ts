import { sql } from 'kysely'
import type { Db } from './connect.ts'

/**
 * Reserves the next turn of a limit shared by all processes: how many ms it is away. Turns are at least `everyMs`
 * apart by the database's clock.
 */
export async function reserveTurn(db: Db, id: string, everyMs: number): Promise<number> {
  const { rows } = await sql<{ wait_ms: string }>`
    insert into rate_turn as r (id, next_at) values (${id}, clock_timestamp() + make_interval(secs => ${everyMs / 1000}))
    on conflict (id) do update
      set next_at = greatest(r.next_at, clock_timestamp()) + make_interval(secs => ${everyMs / 1000})
    returning extract(epoch from (next_at - make_interval(secs => ${everyMs / 1000}) - clock_timestamp())) * 1000
      as wait_ms`.execute(db)
  return Math.max(0, Number(rows[0]?.wait_ms ?? 0))
}

/** Limits that come and go with their customers leave nothing behind. */
export async function pruneTurns(db: Db): Promise<void> {
  await sql`delete from rate_turn where next_at < now() - interval '1 hour'`.execute(db)
}
