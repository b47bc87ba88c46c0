import { sql } from 'kysely'
import type { MessageId } from '@sms-gateway/domain/ids'
import type { ClaimedMessage } from './claim-messages.ts'
import { type CampaignColumn, selectCampaign, toCampaignFacts } from './claimed-campaign.ts'
import type { Db } from './connect.ts'
import { expiredInPause, isRunning } from './gateway-state.ts'
import { type PermissionRow, selectPermissions, toPermissions } from './permissions.ts'
import { prepared } from './prepared.ts'

/** What may have changed since the claim, while the message waited. */
export interface FreshFacts extends Pick<
  ClaimedMessage,
  'permissions' | 'campaign' | 'expiresAt' | 'expiredInPause'
> {
  gatewayRuns: boolean
}

interface FreshRow extends PermissionRow {
  campaign: CampaignColumn
  expires_at: Date
  expired_in_pause: boolean
  gateway_runs: boolean
}

/** Of a claimed message, as they are now: a pause, a cancel and an opt-out pass over what is `sending`, and rely on this. */
export async function findFreshFacts(db: Db, id: MessageId, now: Date): Promise<FreshFacts> {
  const { rows } = await sql<FreshRow>`${prepared('find-fresh-facts')}
    select m.expires_at, m.expires_at <= ${now} and ${expiredInPause} as expired_in_pause, ${isRunning} as gateway_runs,
      ${selectCampaign}, m.exempt_from_opt_out, ${selectPermissions('m')}
    from message m where m.id = ${id}`.execute(db)
  const [row] = rows
  if (!row) throw new Error(`message ${id} is claimed and not there`)
  return {
    permissions: toPermissions(row),
    campaign: toCampaignFacts(row.campaign),
    expiresAt: row.expires_at,
    expiredInPause: row.expired_in_pause,
    gatewayRuns: row.gateway_runs,
  }
}
