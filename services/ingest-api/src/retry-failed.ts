import { ringFor } from '@sms-gateway/acceptance/message-store'
import { prepareRetry, type RetryTime } from '@sms-gateway/acceptance/prepare-retry'
import type { RetryFailedResponse } from '@sms-gateway/contracts/retry'
import type { Db } from '@sms-gateway/db/connect'
import { findMessage } from '@sms-gateway/db/find-message'
import type { BudgetsInForce } from '@sms-gateway/db/reserve-budgets'
import {
  countFailed,
  type FailedFilter,
  insertRetries,
  listFailed,
  type Retry,
} from '@sms-gateway/db/retry-messages'
import type { Vault } from '@sms-gateway/db/vault'
import type { MessageId } from '@sms-gateway/domain/ids'
import type { NewMessage } from '@sms-gateway/domain/message'
import type { LaneQueues } from '@sms-gateway/queue/lane-queues'

export interface RetryDeps {
  db: Db
  vault: Vault
  queues: LaneQueues
  now: () => Date
  budgetsInForce: () => Promise<BudgetsInForce>
}

/** Messages a call: what one request makes in a few seconds. */
const AT_ONCE = 1_000
const CHUNK = 100
const MINUTE_MS = 60_000

export interface RetryPace {
  dryRun: boolean
  /** Without one, all at once: the limits hold whatever comes. */
  perMinute: number | undefined
  /** When the first of a rate goes; now, where it is past or left out. */
  startAt: Date | undefined
}

/** Sends failed messages again, each once however often this is called. */
export async function retryFailed(
  { db, vault, queues, now: clock, budgetsInForce }: RetryDeps,
  filter: FailedFilter,
  { dryRun, perMinute, startAt }: RetryPace,
): Promise<RetryFailedResponse> {
  const count = await countFailed(db, filter)
  if (dryRun) return { count, retried: 0, remaining: count, last_at: null }
  const now = clock()
  const first = startAt && startAt > now ? startAt : now
  const ids = await listFailed(db, filter, AT_ONCE)
  const made: NewMessage[] = []
  for (let start = 0; start < ids.length; start += CHUNK) {
    const timeOf = (index: number) =>
      perMinute === undefined ? null : paced(first, start + index, perMinute)
    const chunk = ids.slice(start, start + CHUNK)
    const retries = await Promise.all(
      chunk.map((id, index) => toRetry({ db, vault }, id, { now, notBefore: timeOf(index) })),
    )
    const inserted = await insertRetries(
      db,
      vault,
      retries.flatMap((retry) => retry ?? []),
      { now, inForce: await budgetsInForce() },
    )
    const messages = inserted.made.map(({ message }) => message)
    await ringFor(queues, messages)
    made.push(...messages)
  }
  const last = made.at(-1)
  return {
    count,
    retried: made.length,
    remaining: await countFailed(db, filter),
    last_at: last ? (last.notBefore ?? now).toISOString() : null,
  }
}

function paced(first: Date, place: number, perMinute: number): Date {
  return new Date(first.getTime() + (place * MINUTE_MS) / perMinute)
}

async function toRetry(
  { db, vault }: Pick<RetryDeps, 'db' | 'vault'>,
  id: MessageId,
  time: RetryTime,
): Promise<Retry | undefined> {
  const message = await findMessage(db, vault, id)
  // Since it was listed, it may have been found to be taken.
  if (!message || message.possibleDuplicate) return undefined
  const retry = prepareRetry(message, time)
  return retry && { of: id, message: retry, possibleDuplicate: false }
}
