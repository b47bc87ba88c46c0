import type { Db } from '@sms-gateway/db/connect'
import { listPrices } from '@sms-gateway/db/prices'
import type { PriceList } from '@sms-gateway/domain/money'
import { remember } from './remember.ts'

const TTL_MS = 1_000

/** The price book, asked for at most once a second: a new price is in force within that. */
export function createPriceSource(db: Db): () => Promise<PriceList> {
  return remember(() => listPrices(db), TTL_MS)
}
