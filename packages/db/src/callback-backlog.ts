import { sql } from 'kysely'
import type { Db } from './connect.ts'

/** Of callbacks that do not fail: what those wait for is theirs. 0 where nothing is overdue. */
export async function readOverdueSeconds(db: Db, now: Date): Promise<number> {
  const { rows } = await sql<{ seconds: number | null }>`
    select extract(epoch from ${now}::timestamptz - min(first.due_at))::float8 as seconds
    from callback c cross join lateral (
      select due_at from callback_event e where e.callback_id = c.id and e.state = 'pending'
      order by due_at limit 1
    ) first
    where c.state = 'active' and c.failures = 0`.execute(db)
  return Math.max(0, rows[0]?.seconds ?? 0)
}
