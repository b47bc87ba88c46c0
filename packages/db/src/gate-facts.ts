import { sql } from 'kysely'
import type { MessageId } from '@sms-gateway/domain/ids'
import type { ClaimedMessage } from './claim-messages.ts'
import { type CampaignColumn, selectCampaign, toCampaignFacts } from './claimed-campaign.ts'
import type { Db } from './connect.ts'
import { expiredInPause, isRunning } from './gateway-state.ts'
import { oneOf } from './one-of.ts'
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
  id: MessageId
  campaign: CampaignColumn
  expires_at: Date
  expired_in_pause: boolean
  gateway_runs: boolean
}

/**
 * Of claimed messages, as they are now: a pause, a cancel and an opt-out pass over what is `sending`, and rely on this.
 * One that is not there is left out.
 */
export async function findFreshFacts(
  db: Db,
  ids: readonly MessageId[],
  now: Date,
): Promise<ReadonlyMap<MessageId, FreshFacts>> {
  const { rows } = await sql<FreshRow>`${prepared('find-fresh-facts')}
    select m.id, m.expires_at, m.expires_at <= ${now} and ${expiredInPause} as expired_in_pause,
      ${isRunning} as gateway_runs, ${selectCampaign}, m.exempt_from_opt_out, ${selectPermissions('m')}
    from message m where ${oneOf('m.id', ids)}`.execute(db)
  return new Map(rows.map((row) => [row.id, toFacts(row)]))
}

function toFacts(row: FreshRow): FreshFacts {
  return {
    permissions: toPermissions(row),
    campaign: toCampaignFacts(row.campaign),
    expiresAt: row.expires_at,
    expiredInPause: row.expired_in_pause,
    gatewayRuns: row.gateway_runs,
  }
}
