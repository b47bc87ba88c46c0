import { sql } from 'kysely'
import type { Reject } from './campaign-loading.ts'
import type { Db } from './connect.ts'

/** By row; `after` is the last of the page before. Rows that were not taken, and people refused later. */
export async function listCampaignRejects(
  db: Db,
  campaignId: string,
  { after, limit }: { after: number; limit: number },
): Promise<Reject[]> {
  const { rows } = await sql<{ row_number: number; code: string; detail: string }>`
    select row_number, code, detail from campaign_reject
    where campaign_id = ${campaignId} and row_number > ${after}
    order by row_number limit ${limit}`.execute(db)
  return rows.map(({ row_number: row, code, detail }) => ({ row, code, detail }))
}
