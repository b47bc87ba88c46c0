import type { Price, PriceList } from '@sms-gateway/domain/money'
import type { Db } from './connect.ts'

/** The whole price book, of the past too, newest first within a provider and country. */
export async function listPrices(db: Db): Promise<PriceList> {
  const rows = await db
    .selectFrom('price')
    .selectAll()
    .orderBy('provider')
    .orderBy('country')
    .orderBy('valid_from', 'desc')
    .execute()
  return rows.map(({ provider, country, milli, valid_from: validFrom }) => ({
    provider,
    country,
    milli,
    validFrom,
  }))
}

/** A price of the same moment is replaced. */
export async function setPrice(
  db: Db,
  { provider, country, milli, validFrom }: Price,
): Promise<void> {
  await db
    .insertInto('price')
    .values({ provider, country, milli, valid_from: validFrom })
    .onConflict((oc) => oc.columns(['provider', 'country', 'valid_from']).doUpdateSet({ milli }))
    .execute()
}
