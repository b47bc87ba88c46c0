import { Scope } from '@sms-gateway/contracts/api-keys'
import { createApiKey, ensureApiKey, hasApiKeys } from '@sms-gateway/db/api-keys'
import type { Db } from '@sms-gateway/db/connect'

/** The first key, with all scopes: the given one, or a new one where there is none yet, which is then returned. */
export async function ensureBootstrapKey(
  db: Db,
  given: string | undefined,
): Promise<string | undefined> {
  if (given === undefined && (await hasApiKeys(db))) return undefined
  const key = given ?? createApiKey()
  await ensureApiKey(db, { key, clientName: 'bootstrap', scopes: Scope.options })
  return given === undefined ? key : undefined
}
