import { openSubject } from '@sms-gateway/db/subject'
import { createVault, type Vault } from '@sms-gateway/db/vault'
import type { Variables } from './settings.ts'
import type { Stores } from './stores.ts'

/** The vault of a gateway that runs with these variables. */
export function vaultOf(variables: Variables): Vault {
  const [id, key] = (variables['SMS_ENCRYPTION_KEYS'] ?? '').split(':')
  return createVault({
    encryptionKeys: [{ id: id ?? '', key: Buffer.from(key ?? '', 'base64') }],
    lookupKey: Buffer.from(variables['SMS_LOOKUP_KEY'] ?? '', 'base64'),
  })
}

/**
 * All that can be read out of the database by whoever has it and all keys: every column of every row of every table in
 * the catalog as text, and what opens of every sealed value. A table that is added later is in it.
 */
export async function readEverything(stores: Stores, vault: Vault): Promise<string> {
  const keys = await stores.query<{ recipient_hash: Buffer; key_cipher: Buffer }>(
    'select recipient_hash, key_cipher from subject_key',
  )
  const subjects = keys.map((row) => openSubject(vault, row.recipient_hash, row.key_cipher))
  const tables = await stores.query<{ name: string }>(
    `select quote_ident(schemaname) || '.' || quote_ident(tablename) as name from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema')`,
  )
  const lines: string[] = []
  for (const { name } of tables) {
    const rows = await stores.query<Record<string, unknown>>(`select * from ${name}`)
    for (const row of rows) {
      const values = Object.values(row)
      lines.push(...values.map((value) => `${name} ${toText(value)}`))
      lines.push(...openAll(values, [vault, ...subjects]))
    }
  }
  return lines.filter((line) => line !== '').join('\n')
}

/** Each value that somebody can open, with each value of its row as what it is bound to. */
function openAll(values: readonly unknown[], openers: readonly Opener[]): string[] {
  const contexts = values.flatMap((value) =>
    Buffer.isBuffer(value) ? [value.toString('hex')] : typeof value === 'string' ? [value] : [],
  )
  return values
    .filter((value) => Buffer.isBuffer(value))
    .flatMap((value) => contexts.map((context) => ({ value, context })))
    .flatMap(({ value, context }) => openers.map((opener) => tryOpen(opener, value, context)))
}

function toText(value: unknown): string {
  if (Buffer.isBuffer(value)) return `${value.toString('hex')} ${value.toString('utf8')}`
  return typeof value === 'string' ? value : JSON.stringify(value ?? null)
}

interface Opener {
  open: (sealed: Buffer, context: string) => string | undefined
}

function tryOpen(opener: Opener, sealed: Buffer, context: string): string {
  try {
    return opener.open(sealed, context) ?? ''
  } catch {
    return ''
  }
}
