import { applyReceipts } from '@sms-gateway/db/apply-receipts'
import type { Db } from '@sms-gateway/db/connect'
import { isOutage } from '@sms-gateway/db/readiness'
import type { NewReceipt } from '@sms-gateway/db/receipts'
import { insertReceipts } from '@sms-gateway/db/receipts'
import type { Vault } from '@sms-gateway/db/vault'
import { createBatcher } from '@sms-gateway/service-kit/batcher'
import type { Logger } from '@sms-gateway/service-kit/logger'

export interface IntakeDeps {
  db: Db
  vault: Vault
  logger: Logger
  now: () => Date
}

export interface ReceiptIntake {
  /** Resolves when the receipt is committed; it is applied right after, with others. */
  keep(receipt: NewReceipt): Promise<void>
  close(): Promise<void>
}

const BATCH_SIZE = 200
const MAX_WAITING = 20_000

/** Receipts that arrive together share one insert, and then one application: the provider waits for the first alone. */
export function createReceiptIntake({ db, vault, logger, now }: IntakeDeps): ReceiptIntake {
  const applying = createBatcher<Buffer, undefined>({
    maxSize: BATCH_SIZE,
    maxConcurrent: 1,
    maxWaiting: MAX_WAITING,
    isOutage,
    async flush(keys) {
      const result = await applyReceipts(db, vault, keys, now())
      if (result.parked > 0) logger.info(result, 'receipts parked')
      return keys.map(() => undefined)
    },
  })
  const apply = (keys: readonly Buffer[]) => {
    for (const key of keys) {
      applying.add(key).catch((err: unknown) => {
        logger.warn({ err }, 'receipt not applied: left to the scheduler')
      })
    }
  }
  const keeping = createBatcher<NewReceipt, undefined>({
    maxSize: BATCH_SIZE,
    maxConcurrent: 2,
    maxWaiting: MAX_WAITING,
    isOutage,
    async flush(receipts) {
      apply(await insertReceipts(db, vault, receipts))
      return receipts.map(() => undefined)
    },
  })
  return {
    async keep(receipt) {
      await keeping.add(receipt)
    },
    async close() {
      await keeping.close()
      await applying.close()
    },
  }
}
