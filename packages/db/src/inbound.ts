import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { InboundText } from '@sms-gateway/domain/inbound'
import type { Db } from './connect.ts'
import type { Vault } from './vault.ts'

export interface NewInbound {
  /** UUIDv7 of the moment it came, as a message's. */
  id: string
  inbound: InboundText
  receivedAt: Date
}

/** Keeps the texts; one that came before is left alone. Returns the ids of the new ones. */
export async function insertInbound(
  db: Db,
  vault: Vault,
  entries: readonly NewInbound[],
): Promise<string[]> {
  const byKey = new Map<string, ReturnType<typeof toRow>>()
  for (const entry of entries) {
    const row = toRow(vault, entry)
    if (!byKey.has(row.dedupe_key)) byKey.set(row.dedupe_key, row)
  }
  const rows = [...byKey.values()].sort((a, b) => (a.dedupe_key < b.dedupe_key ? -1 : 1))
  const inserted = await sql<{ id: string }>`
    insert into inbound (id, dedupe_key, provider, reference, sender_hash, sender_cipher, content_cipher, state,
      received_at, apply_at)
    select id, dedupe_key, provider, reference, sender_hash, sender_cipher, content_cipher, state, received_at, apply_at
    from json_populate_recordset(null::inbound, ${JSON.stringify(rows)}::json)
    on conflict (dedupe_key) do nothing
    returning id`.execute(db)
  return inserted.rows.map(({ id }) => id)
}

function toRow(vault: Vault, { id, inbound, receivedAt }: NewInbound) {
  const { provider, reference, from, text, to, mediaUrls, providerKeyword } = inbound
  const key = createHash('sha256').update(`${provider}\n${reference}`).digest()
  const content = JSON.stringify({ text, to, mediaUrls, providerKeyword })
  return {
    id,
    dedupe_key: toHex(key),
    provider,
    reference,
    sender_hash: toHex(vault.hash(from)),
    sender_cipher: toHex(vault.seal(from, id)),
    content_cipher: toHex(vault.seal(content, id)),
    state: 'new',
    received_at: receivedAt,
    apply_at: receivedAt,
  }
}

function toHex(bytes: Buffer): string {
  return `\\x${bytes.toString('hex')}`
}
