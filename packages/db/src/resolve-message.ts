import { sql } from 'kysely'
import type { MessageId } from '@sms-gateway/domain/ids'
import type { Db } from './connect.ts'
import { type MessageChange, settleAttempts, type Settlement } from './settle-attempts.ts'
import { BY_HAND } from './untaken-end.ts'

type SettledAs = 'sent' | 'failed' | 'queued'

const SAID: Record<SettledAs, { state: Settlement['state']; detail: string }> = {
  sent: { state: 'accepted', detail: 'an operator says that it was sent' },
  failed: { state: 'absent', detail: 'an operator says that it was not sent' },
  queued: { state: 'absent', detail: 'an operator sends it again: it may arrive twice' },
}

/** Settles the attempt that a message in doubt hangs on. False when something else has settled it. */
export async function settleByHand(
  db: Db,
  messageId: MessageId,
  as: SettledAs,
  now: Date,
): Promise<boolean> {
  const attempt = await db
    .selectFrom('attempt')
    .select(['number', 'provider'])
    .where('message_id', '=', messageId)
    .where('state', '=', 'in_doubt')
    .orderBy('number', 'desc')
    .executeTakeFirst()
  if (!attempt) return false
  const { state, detail } = SAID[as]
  const error = as === 'sent' ? null : { code: BY_HAND, detail }
  const change: MessageChange = {
    status: as,
    keepClaim: false,
    inDoubt: false,
    notBefore: as === 'queued' ? now : null,
    holdReason: null,
    providerMessageId: null,
    pinnedProvider: null,
    possibleDuplicate: as === 'queued',
    error: as === 'failed' ? error : null,
    saidBy: 'operator',
  }
  const settlement: Settlement = {
    messageId,
    number: attempt.number,
    provider: attempt.provider,
    state,
    counted: false,
    error,
    checkAt: null,
    taken: [],
    change,
    event: { status: as, errorCode: error?.code ?? null, detail },
    at: now,
  }
  const [moved] = await settleAttempts(db, [settlement])
  return moved ?? false
}

/** Moves a message that ended as `unknown`. False when a receipt was faster. */
export async function moveUnknown(
  db: Db,
  id: MessageId,
  to: 'sent' | 'undelivered',
  now: Date,
): Promise<boolean> {
  const detail = to === 'sent' ? SAID.sent.detail : SAID.failed.detail
  const { rows } = await sql`
    with moved as (
      -- Sent as of now: without a receipt it ends as unknown again, and its month can go some day.
      update message set status = ${to}, sent_at = ${to === 'sent' ? now : sql`sent_at`}, updated_at = ${now},
        error_code = ${to === 'sent' ? null : BY_HAND}, error_detail = ${to === 'sent' ? null : detail}
      where id = ${id} and status = 'unknown'
      returning id, provider
    )
    insert into message_event (message_id, status, at, provider, detail)
    select id, ${to}, ${now}, provider, ${detail} from moved
    returning message_id`.execute(db)
  return rows.length === 1
}
