import { z } from 'zod'
import { toSealContext } from './campaign-loading.ts'
import type { Db } from './connect.ts'
import { openFor } from './subject.ts'
import type { Vault } from './vault.ts'

export interface SubjectCampaign {
  campaignId: string
  row: number
  state: string
  customerId: string | null
  data: unknown
  messageId: string | null
}

const Sealed = z.object({ data: z.unknown() })

/** Where a person is on the list of a campaign, newest first. */
export async function listSubjectCampaigns(
  db: Db,
  vault: Vault,
  recipientHash: Buffer,
  limit: number,
): Promise<SubjectCampaign[]> {
  const rows = await db
    .selectFrom('campaign_recipient as r')
    .leftJoin('subject_key as k', 'k.recipient_hash', 'r.recipient_hash')
    .selectAll('r')
    .select('k.key_cipher')
    .where('r.recipient_hash', '=', recipientHash)
    .orderBy('r.campaign_id', 'desc')
    .limit(limit)
    .execute()
  return rows.flatMap((row) => {
    const text = openFor(vault, row, row.sealed, toSealContext(row.campaign_id, row.row_number))
    if (text === null) return []
    const { data } = Sealed.parse(JSON.parse(text))
    const place = { campaignId: row.campaign_id, row: row.row_number, state: row.state }
    return [{ ...place, customerId: row.customer_id, data, messageId: row.message_id }]
  })
}
