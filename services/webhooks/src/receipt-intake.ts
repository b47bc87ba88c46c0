import { applyReceipts } from '@sms-gateway/db/apply-receipts'
import type { Db } from '@sms-gateway/db/connect'
import type { NewReceipt } from '@sms-gateway/db/receipts'
import { dedupeKeyOf, insertReceipts } from '@sms-gateway/db/receipts'
import type { Vault } from '@sms-gateway/db/vault'
import { createBatcher, OverloadedError } from '@sms-gateway/service-kit/batcher'
import type { Logger } from '@sms-gateway/service-kit/logger'
import { unavailable } from '@sms-gateway/service-kit/problem'
import { withTimeLimit } from '@sms-gateway/service-kit/time-limit'
import type { DatabaseWatch } from './database-watch.ts'
import { isAway, watchDatabase } from './database-watch.ts'
import { startReplaying } from './replay-job.ts'
import type { Spool } from './spool.ts'

export interface IntakeDeps {
  db: Db
  vault: Vault
  logger: Logger
  now: () => Date
  spool: Spool<NewReceipt>
}

export interface ReceiptIntake {
  /** Resolves when the receipt is committed, or on the disk while the database is away; it is applied later. */
  keep(receipt: NewReceipt): Promise<void>
  /** Rejects when a receipt could be kept nowhere. */
  check(): Promise<void>
  close(): Promise<void>
}

const BATCH_SIZE = 200
const MAX_WAITING = 20_000
/** How long a receipt waits for the database, its turn included: the provider waits for the answer. */
const KEEP_LIMIT_MS = 2_500
/** Of these, one insert: a connection that hangs is noticed, and those behind it go to the spool. */
const INSERT_LIMIT_MS = 2_000
const APPLY_LIMIT_MS = 10_000
const REPLAY_LIMIT_MS = 10_000
const RETRY_AFTER_SECONDS = 5

/** Receipts that arrive together share one insert, and then one application: the provider waits for the first alone. */
export function createReceiptIntake({ db, vault, logger, now, spool }: IntakeDeps): ReceiptIntake {
  const database = watchDatabase(db, logger)
  const applying = createApplying({ db, vault, logger, now }, database)
  const keeping = createBatcher<NewReceipt, undefined>({
    maxSize: BATCH_SIZE,
    maxConcurrent: 2,
    maxWaiting: MAX_WAITING,
    isOutage: isAway,
    async flush(receipts) {
      await database.run(INSERT_LIMIT_MS, async () => {
        // What is inserted too late to be told so is applied all the same.
        void applying.apply(await insertReceipts(db, vault, receipts))
      })
      return receipts.map(() => undefined)
    },
  })
  const replaying = startReplaying({
    what: 'receipts',
    spool,
    database,
    logger,
    async insert(receipts) {
      await database.run(REPLAY_LIMIT_MS, () => insertReceipts(db, vault, receipts))
      // All of them: an insert that was given up may have succeeded, and nobody applied what it inserted.
      await applying.apply(receipts.map(dedupeKeyOf))
    },
  })
  return {
    async keep(receipt) {
      if (!database.isAway()) {
        try {
          await withTimeLimit(KEEP_LIMIT_MS, () => keeping.add(receipt))
          return
        } catch (err) {
          if (!isAway(err) && !(err instanceof OverloadedError)) throw err
        }
      }
      await spool.append([receipt]).catch(refuse)
    },
    async check() {
      if (!(await database.ask())) await spool.check()
    },
    async close() {
      await replaying.stop()
      await keeping.close()
      await applying.close()
      await spool.close()
    },
  }
}

function createApplying(
  { db, vault, logger, now }: Omit<IntakeDeps, 'spool'>,
  database: DatabaseWatch,
) {
  const batcher = createBatcher<Buffer, undefined>({
    maxSize: BATCH_SIZE,
    maxConcurrent: 1,
    maxWaiting: MAX_WAITING,
    isOutage: isAway,
    async flush(keys) {
      const work = () => applyReceipts(db, vault, keys, now())
      const result = await database.run(APPLY_LIMIT_MS, work).catch((err: unknown) => {
        logger.warn({ err, count: keys.length }, 'receipts not applied: left to the scheduler')
        throw err
      })
      if (result.parked > 0) logger.info(result, 'receipts parked')
      return keys.map(() => undefined)
    },
  })
  return {
    /** Never rejects: what is not applied is logged, and the scheduler's. */
    async apply(keys: readonly Buffer[]): Promise<void> {
      await Promise.allSettled(keys.map((key) => batcher.add(key)))
    },
    close: () => batcher.close(),
  }
}

/** The provider is to send it again. */
function refuse(cause: unknown): never {
  const detail = 'The receipt can be kept neither in the database nor on the disk: send it again.'
  throw unavailable('database-unavailable', detail, RETRY_AFTER_SECONDS, cause)
}
