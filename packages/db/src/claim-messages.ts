import { sql } from 'kysely'
import type { AttemptState } from '@sms-gateway/domain/attempt-result'
import { MessageId } from '@sms-gateway/domain/ids'
import type { Lane } from '@sms-gateway/domain/lane'
import type { Phone } from '@sms-gateway/domain/phone'
import type { ProviderName } from '@sms-gateway/domain/provider'
import type { Permissions } from '@sms-gateway/domain/suppression'
import { cancelUnreadable } from './cancel-unreadable.ts'
import {
  type CampaignColumn,
  type ClaimedCampaign,
  selectCampaign,
  toCampaignFacts,
} from './claimed-campaign.ts'
import type { Db } from './connect.ts'
import type { PersonalContent } from './find-message.ts'
import { openPersonal } from './find-message.ts'
import { expiredInPause, isRunning } from './gateway-state.ts'
import { oneOf } from './one-of.ts'
import { type PermissionRow, selectPermissions, toPermissions } from './permissions.ts'
import { prepared } from './prepared.ts'
import type { Vault } from './vault.ts'

/** What a dispatcher needs of a message that is its own for now. */
export interface ClaimedMessage {
  id: MessageId
  lane: Lane
  clientId: string
  customerId: string | null
  /** The customer's own, where one was set. */
  timeZone: string | null
  /** The one that it is of, as it is now. */
  campaign: ClaimedCampaign | null
  messageType: string
  country: string
  phone: Phone
  text: string
  expiresAt: Date
  /** Its time passed, and the gateway stood still just then. */
  expiredInPause: boolean
  attemptNumber: number
  countedAttempts: number
  /** The provider of the newest attempt. */
  lastProvider: ProviderName | null
  /** The newest attempt never reached its provider: it was absent there, or not sent at all. */
  lastWasAbsent: boolean
  pinnedProvider: ProviderName | null
  /** Parts that the pinned provider took already. */
  takenParts: readonly number[]
  /** Of its recipient, at the moment of the claim. */
  permissions: Permissions
}

interface ClaimedRow extends PermissionRow {
  id: string
  lane: Lane
  client_id: string
  customer_id: string | null
  time_zone: string | null
  campaign: CampaignColumn
  message_type: string
  country: string
  recipient_hash: Buffer
  recipient_cipher: Buffer
  content_cipher: Buffer
  key_cipher: Buffer | null
  expires_at: Date
  expired_in_pause: boolean
  attempt_number: number
  counted_attempts: number
  provider: ProviderName | null
  pinned_provider: ProviderName | null
  last_state: AttemptState | null
  taken_parts: number[]
}

/**
 * Takes those of the messages that are due and that nobody has: the others are left out, which is not an error.
 * Rows that another worker is taking right now are skipped, never waited for. One whose recipient was erased meanwhile
 * ends as cancelled: nobody can read it.
 *
 * `is not distinct from` keeps the planner from the index of what waits: most of its entries are of what has been claimed.
 */
export async function claimMessages(
  db: Db,
  vault: Vault,
  { ids, workerId, now }: { ids: readonly MessageId[]; workerId: string; now: Date },
): Promise<ClaimedMessage[]> {
  const { rows } = await sql<ClaimedRow>`${prepared('claim-messages')}
    with free as (
      select id from message
      where ${oneOf('id', ids)} and status is not distinct from 'queued' and (not_before is null or not_before <= ${now})
        and ${isRunning}
      order by id for update skip locked
    )
    update message m
    set status = 'sending', claimed_by = ${workerId}, claimed_at = ${now}, updated_at = ${now}, not_before = null,
      hold_reason = null
    from free where ${oneOf('m.id', ids)} and m.id = free.id
    returning m.id, m.lane, m.message_type, m.country, m.recipient_hash, m.recipient_cipher, m.content_cipher, m.expires_at,
      m.expires_at <= ${now} and ${expiredInPause} as expired_in_pause, m.attempt_number,
      m.counted_attempts, m.provider, m.pinned_provider,
      case when m.attempt_number > 0 then (select a.state from attempt a
        where a.message_id = m.id and a.number = m.attempt_number) end as last_state,
      case when m.pinned_provider is null then '{}'
        else array(select part from provider_reference r where r.message_id = m.id) end as taken_parts,
      m.client_id, m.customer_id,
      (select k.key_cipher from subject_key k where k.recipient_hash = m.recipient_hash) as key_cipher,
      case when m.customer_id is not null then (select c.time_zone from customer_setting c
        where c.client_id = m.client_id and c.customer_id = m.customer_id) end as time_zone,
      ${selectCampaign},
      m.exempt_from_opt_out, ${selectPermissions('m')}`.execute(db)
  const claimed = rows.map((row) => toClaimed(vault, row))
  const unreadable = rows.filter((_, index) => !claimed[index]).map(({ id }) => id)
  if (unreadable.length > 0) await cancelUnreadable(db, unreadable, { workerId, now })
  return claimed.filter((message) => message !== undefined)
}

function toClaimed(vault: Vault, row: ClaimedRow): ClaimedMessage | undefined {
  const id = MessageId.parse(row.id)
  const content = openPersonal(vault, row, id)
  return content && withContent(row, id, content)
}

function withContent(row: ClaimedRow, id: MessageId, content: PersonalContent): ClaimedMessage {
  return {
    id,
    lane: row.lane,
    clientId: row.client_id,
    customerId: row.customer_id,
    timeZone: row.time_zone,
    campaign: toCampaignFacts(row.campaign),
    messageType: row.message_type,
    country: row.country,
    phone: content.phone,
    text: content.text,
    expiresAt: row.expires_at,
    expiredInPause: row.expired_in_pause,
    attemptNumber: row.attempt_number,
    countedAttempts: row.counted_attempts,
    lastProvider: row.provider,
    lastWasAbsent: row.last_state === 'absent' || row.last_state === 'unsent',
    pinnedProvider: row.pinned_provider,
    takenParts: row.taken_parts,
    permissions: toPermissions(row),
  }
}
