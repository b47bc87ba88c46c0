import type { ClaimedMessage } from '@sms-gateway/db/claim-messages'
import type { Db } from '@sms-gateway/db/connect'
import { takeTurns, type TurnRequest } from '@sms-gateway/db/frequency-turns'
import { isOutage } from '@sms-gateway/db/readiness'
import type { Vault } from '@sms-gateway/db/vault'
import { type FrequencyCaps, kindOf, type Turn } from '@sms-gateway/domain/frequency-cap'
import { createBatcher } from '@sms-gateway/service-kit/batcher'

/** Asked right before an attempt: whether its recipient may get one more of its kind now. */
export type TakeTurn = (message: ClaimedMessage, now: Date) => Promise<Turn>

const BATCH_SIZE = 100
const CONCURRENT_BATCHES = 1
const MAX_WAITING = 100_000

/** `undefined` where there are no caps: then nothing is asked. */
export function createTakeTurn(
  { db, vault }: { db: Db; vault: Vault },
  caps: FrequencyCaps | undefined,
  marketingTypes: readonly string[],
): TakeTurn | undefined {
  if (!caps?.marketing && !caps?.service) return undefined
  const batcher = createBatcher<TurnRequest, Turn>({
    maxSize: BATCH_SIZE,
    maxConcurrent: CONCURRENT_BATCHES,
    maxWaiting: MAX_WAITING,
    isOutage,
    flush: (requests) => takeTurns(db, vault, requests, marketingTypes),
  })
  return async ({ id, phone, messageType, permissions, takenParts }, now) => {
    const kind = kindOf(messageType, marketingTypes)
    const cap = kind && caps[kind]
    // The rest of a text that has begun to arrive, and what confirms an opt-out, are no further message.
    const isExempt = takenParts.length > 0 || permissions.exemptFromOptOut
    if (!kind || !cap || isExempt) return { kind: 'go' }
    return batcher.add({ messageId: id, phone, kind, cap, at: now })
  }
}
