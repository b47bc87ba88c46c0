import { sql } from 'kysely'
import type { ExperimentEnd } from '@sms-gateway/domain/experiment'
import type { Db } from './connect.ts'

/** False when none runs. */
export async function endRunningExperiment(
  db: Db,
  code: string,
  reason: ExperimentEnd,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('experiment')
    .set({ ended_at: sql`now()`, end_reason: reason })
    .where('code', '=', code)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}
