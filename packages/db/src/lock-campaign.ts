import type { Campaign } from '@sms-gateway/domain/campaign'
import type { CampaignId } from '@sms-gateway/domain/ids'
import { toCampaign } from './campaigns.ts'
import type { DbTransaction } from './connect.ts'
import type { Vault } from './vault.ts'

/** The row, and nobody else has it until the transaction ends. */
export async function lockCampaign(
  trx: DbTransaction,
  vault: Vault,
  id: CampaignId,
): Promise<Campaign | undefined> {
  const row = await trx
    .selectFrom('campaign')
    .selectAll()
    .where('id', '=', id)
    .where('loaded_at', 'is not', null)
    .forNoKeyUpdate()
    .executeTakeFirst()
  return row && toCampaign(vault, row)
}
