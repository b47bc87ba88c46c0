import type { Db } from '@sms-gateway/db/connect'
import type { GivenBack } from '@sms-gateway/db/give-back'
import { giveBackMessages } from '@sms-gateway/db/give-back'
import type { NewAttempt } from '@sms-gateway/db/open-attempts'
import { openAttempts } from '@sms-gateway/db/open-attempts'
import { isOutage } from '@sms-gateway/db/readiness'
import { retryDeadlock } from '@sms-gateway/db/retry-deadlock'
import type { Settlement } from '@sms-gateway/db/settle-attempts'
import { settleAttempts } from '@sms-gateway/db/settle-attempts'
import { createBatcher } from '@sms-gateway/service-kit/batcher'
import { untilStored } from './until-stored.ts'

export interface OpenedAttempt {
  /** False where the message is no longer this worker's: nothing may be sent. */
  opened: boolean
  /** `performance.now()` when its commit was asked for, before it waited for a batch: it was not committed before. */
  askedAt: number
}

/** Writes of messages that are dispatched side by side go together, a statement a batch. */
export interface AttemptWriter {
  /** Rejects when the database is away: then it may or may not be committed. */
  open(attempt: NewAttempt): Promise<OpenedAttempt>
  /** Waits for a database that is away: what is known here is nowhere else. */
  settle(settlement: Settlement): Promise<boolean>
  giveBack(givenBack: GivenBack): Promise<boolean>
  close(): Promise<void>
}

const BATCH_SIZE = 100
/** Larger batches cost less a message than two on their way at once save. */
const CONCURRENT_BATCHES = 1
const MAX_WAITING = 100_000

export function createAttemptWriter(db: Db, workerId: string, signal: AbortSignal): AttemptWriter {
  const limits = {
    maxSize: BATCH_SIZE,
    maxConcurrent: CONCURRENT_BATCHES,
    maxWaiting: MAX_WAITING,
    isOutage,
  }
  const opening = createBatcher<NewAttempt, boolean>({
    ...limits,
    flush: (attempts) => retryDeadlock(() => openAttempts(db, attempts)),
  })
  const settling = createBatcher<Settlement, boolean>({
    ...limits,
    flush: (settlements) =>
      untilStored(() => retryDeadlock(() => settleAttempts(db, settlements)), signal),
  })
  const givingBack = createBatcher<GivenBack, boolean>({
    ...limits,
    flush: (items) =>
      untilStored(() => retryDeadlock(() => giveBackMessages(db, workerId, items)), signal),
  })
  return {
    async open(attempt) {
      const askedAt = performance.now()
      return { opened: await opening.add(attempt), askedAt }
    },
    settle: (settlement) => settling.add(settlement),
    giveBack: (givenBack) => givingBack.add(givenBack),
    async close() {
      await Promise.all([opening.close(), settling.close(), givingBack.close()])
    },
  }
}
