import type { Db } from '@sms-gateway/db/connect'
import { storeBalance } from '@sms-gateway/db/provider-states'
import type { Provider, ProviderName } from '@sms-gateway/domain/provider'

const LIMIT_MS = 10_000

/** Asks the providers that can tell for what is left of the operators' money. */
export async function fetchBalances({
  db,
  providers,
  now,
}: {
  db: Db
  providers: ReadonlyMap<ProviderName, Provider>
  now: () => Date
}): Promise<void> {
  for (const provider of providers.values()) {
    const balance = await provider.fetchBalance?.(AbortSignal.timeout(LIMIT_MS))
    if (balance) await storeBalance(db, provider.name, balance, now())
  }
}
