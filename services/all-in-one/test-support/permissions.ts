import { connectDatabase, type Db } from '@sms-gateway/db/connect'
import { recordConsent as storeConsent } from '@sms-gateway/db/consents'
import { addOptOut } from '@sms-gateway/db/opt-outs'
import { createVault, type Vault } from '@sms-gateway/db/vault'
import { Phone } from '@sms-gateway/domain/phone'
import type { Variables } from './settings.ts'
import type { Stores } from './stores.ts'

/** As an operator would, but at once: what is tested is what follows. */
export async function optOut(
  stores: Stores,
  variables: Variables,
  { phone, kind }: { phone: string; kind: 'all' | 'marketing' },
): Promise<void> {
  const facts = { channel: 'sms', source: 'operator', reason: null, actor: null }
  await withStores(stores, variables, (db, vault) =>
    addOptOut(db, vault, { phone: Phone.parse(phone), kind, ...facts }, new Date()),
  )
}

export async function recordConsent(
  stores: Stores,
  variables: Variables,
  { phone, granted }: { phone: string; granted: boolean },
): Promise<void> {
  const facts = { channel: 'sms', kind: 'marketing', source: 'test', proof: null } as const
  const record = { ...facts, phone: Phone.parse(phone), granted, wordingVersion: '1', actor: null }
  await withStores(stores, variables, (db, vault) => storeConsent(db, vault, record, new Date()))
}

async function withStores(
  { databaseUrl }: Stores,
  variables: Variables,
  act: (db: Db, vault: Vault) => Promise<unknown>,
): Promise<void> {
  const db = connectDatabase({ url: databaseUrl, poolSize: 2 })
  try {
    await act(db, toVault(variables))
  } finally {
    await db.destroy()
  }
}

function toVault(variables: Variables): Vault {
  const [id = '', key = ''] = (variables['SMS_ENCRYPTION_KEYS'] ?? '').split(':')
  return createVault({
    encryptionKeys: [{ id, key: Buffer.from(key, 'base64') }],
    lookupKey: Buffer.from(variables['SMS_LOOKUP_KEY'] ?? '', 'base64'),
  })
}
