import { randomBytes } from 'node:crypto'
import { ensureApiKey, hasApiKeys } from '@sms-gateway/db/api-keys'
import type { Db } from '@sms-gateway/db/connect'

const ALL_SCOPES = ['send', 'read', 'templates', 'operate', 'privacy', 'admin'] as const

function createApiKey(): string {
  return `sk_${randomBytes(24).toString('base64url')}`
}

/** The first key, with all scopes: the given one, or a new one where there is none yet, which is then returned. */
export async function ensureBootstrapKey(
  db: Db,
  given: string | undefined,
): Promise<string | undefined> {
  if (given === undefined && (await hasApiKeys(db))) return undefined
  const key = given ?? createApiKey()
  await ensureApiKey(db, { key, clientName: 'bootstrap', scopes: ALL_SCOPES })
  return given === undefined ? key : undefined
}
