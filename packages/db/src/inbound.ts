import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { z } from 'zod'
import type { InboundText } from '@sms-gateway/domain/inbound'
import { KEYWORDS } from '@sms-gateway/domain/keywords'
import type { ProviderName } from '@sms-gateway/domain/provider'
import type { Db } from './connect.ts'
import { readSubject } from './subject.ts'
import { type EnsuredSubjects, ensureSubjects } from './subject-keys.ts'
import { toHex } from './to-hex.ts'
import type { Vault } from './vault.ts'

export interface NewInbound {
  /** UUIDv7 of the moment it came, as a message's. */
  id: string
  inbound: InboundText
  receivedAt: Date
}

/** A row of `inbound` as far as it is about its sender, with the sender's key. */
export interface PersonalInbound {
  id: string
  provider: ProviderName
  reference: string
  sender_hash: Buffer
  sender_cipher: Buffer
  content_cipher: Buffer
  key_cipher: Buffer | null
}

const Content = z.object({
  text: z.string(),
  to: z.string().nullable(),
  mediaUrls: z.array(z.string()),
  providerKeyword: z.enum(KEYWORDS).nullable(),
})

/** `undefined` once the person was erased. */
export function openInbound(vault: Vault, row: PersonalInbound): InboundText | undefined {
  const { id, provider, reference } = row
  const reader = readSubject(vault, row.sender_hash, row.key_cipher)
  const from = reader.open(row.sender_cipher, id)
  const content = reader.open(row.content_cipher, id)
  if (from === undefined || content === undefined) return undefined
  return { provider, reference, from, ...Content.parse(JSON.parse(content)) }
}

/** Keeps the texts; one that came before is left alone. */
export async function insertInbound(
  db: Db,
  vault: Vault,
  entries: readonly NewInbound[],
): Promise<void> {
  const hashes = entries.map(({ inbound }) => vault.hash(inbound.from))
  const subjects = await ensureSubjects(db, vault, hashes)
  const byKey = new Map<string, ReturnType<typeof toRow>>()
  for (const entry of entries) {
    const row = toRow(vault, subjects, entry)
    if (!byKey.has(row.dedupe_key)) byKey.set(row.dedupe_key, row)
  }
  const rows = [...byKey.values()].sort((a, b) => (a.dedupe_key < b.dedupe_key ? -1 : 1))
  await sql`
    insert into inbound (id, dedupe_key, provider, reference, sender_hash, sender_cipher, content_cipher, state,
      received_at, apply_at)
    select id, dedupe_key, provider, reference, sender_hash, sender_cipher, content_cipher, state, received_at, apply_at
    from json_populate_recordset(null::inbound, ${JSON.stringify(rows)}::json)
    on conflict (dedupe_key) do nothing`.execute(db)
}

function toRow(vault: Vault, subjects: EnsuredSubjects, { id, inbound, receivedAt }: NewInbound) {
  const { provider, reference, from, text, to, mediaUrls, providerKeyword } = inbound
  const key = createHash('sha256').update(`${provider}\n${reference}`).digest()
  const hash = vault.hash(from)
  const subject = subjects.of(hash)
  const content = JSON.stringify({ text, to, mediaUrls, providerKeyword })
  return {
    id,
    dedupe_key: toHex(key),
    provider,
    reference,
    sender_hash: toHex(hash),
    sender_cipher: toHex(subject.seal(from, id)),
    content_cipher: toHex(subject.seal(content, id)),
    state: 'new',
    received_at: receivedAt,
    apply_at: receivedAt,
  }
}

/** Those that nobody has applied yet, oldest first. */
export async function findWaitingInbound(db: Db, now: Date, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('inbound')
    .select('id')
    .where('state', '=', 'new')
    .where('apply_at', '<=', now)
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map(({ id }) => id)
}

/** One that could not be applied is left alone until then, so that it holds nobody up. */
export async function postponeInbound(db: Db, id: string, until: Date): Promise<void> {
  await db
    .updateTable('inbound')
    .set({ apply_at: until })
    .where('id', '=', id)
    .where('state', '=', 'new')
    .execute()
}
