import { expect, test } from '@jest/globals'
import { sql } from 'kysely'
import type { Db } from '@sms-gateway/db/connect'
import { dropMonths } from '@sms-gateway/db/drop-months'
import { findMessage } from '@sms-gateway/db/find-message'
import { ensurePartitions } from '@sms-gateway/db/partitions'
import { pruneBesideMessages, pruneCampaigns } from '@sms-gateway/db/prune-messages'
import { pruneSubjectKeys } from '@sms-gateway/db/prune-subject-keys'
import { ensureSubjects, findSubjects } from '@sms-gateway/db/subject-keys'
import { createCampaignId, createRowId } from '@sms-gateway/domain/ids'
import type { MessageStatus } from '@sms-gateway/domain/message-status'
import { firstMonthKept } from '@sms-gateway/domain/months'
import { onEachPostgres } from './on-each-postgres.ts'
import { emptyTables, storeMessage, vault } from './support.ts'

const OLD = new Date('2025-11-30T23:59:59Z')
const YOUNGER = new Date('2025-12-01T00:00:00Z')
const NOW = new Date('2026-12-01T00:00:00Z')
const KEPT = firstMonthKept(NOW, 365)
const HOUR_MS = 3_600_000
const ANYWHERE = Buffer.alloc(32, 0x80)

onEachPostgres((postgres) => {
  test('drops whole months that are old enough, and keeps what they added to the figures', async () => {
    const { db } = postgres
    await begin(db)
    const old = await storeMessage(db, { createdAt: OLD })
    const younger = await storeMessage(db, { createdAt: YOUNGER })
    await setStatus(db, old.id, 'delivered')
    await setStatus(db, younger.id, 'delivered')
    const figures = await readFigures(db)

    expect(await dropMonths(db, firstMonthKept(new Date(NOW.getTime() - 1), 365))).toEqual({
      dropped: ['2025_10'],
      waiting: [],
      busy: [],
    })
    expect(await dropMonths(db, KEPT)).toEqual({ dropped: ['2025_11'], waiting: [], busy: [] })
    expect(await findMessage(db, vault, old.id)).toBeUndefined()
    expect(await findMessage(db, vault, younger.id)).toMatchObject({ id: younger.id })
    expect(await countEvents(db, old.id)).toBe(0)
    expect(await readFigures(db)).toBe(figures)
    expect(await dropMonths(db, KEPT)).toEqual({ dropped: [], waiting: [], busy: [] })
  })

  test.each(['accepted', 'scheduled', 'held', 'queued', 'sending', 'sent'] as const)(
    'keeps a month with a message that is %s',
    async (status) => {
      const { db } = postgres
      await begin(db)
      const ended = await storeMessage(db, { createdAt: OLD })
      await setStatus(db, ended.id, 'unknown')
      const open = await storeMessage(db, { createdAt: OLD })
      await setStatus(db, open.id, status)
      expect(await dropMonths(db, KEPT)).toMatchObject({ waiting: ['2025_11'] })
      expect(await findMessage(db, vault, ended.id)).toBeDefined()
      await setStatus(db, open.id, 'expired')
      expect(await dropMonths(db, KEPT)).toMatchObject({ dropped: ['2025_11'], waiting: [] })
    },
  )

  test('goes on where a run before has ended between the tables', async () => {
    const { db } = postgres
    await begin(db)
    await sql`drop table message_2025_11`.execute(db)
    expect(await dropMonths(db, KEPT)).toMatchObject({ dropped: ['2025_10', '2025_11'] })
    const left = await sql`select from pg_class where relname like '%\\_2025\\_11'`.execute(db)
    expect(left.rows).toHaveLength(0)
  })

  test('gives up for now where somebody holds a table, and the writers meanwhile write', async () => {
    const { db } = postgres
    await begin(db)
    await db.transaction().execute(async (trx) => {
      await sql`select from message limit 1`.execute(trx)
      const dropping = dropMonths(db, KEPT)
      for (let index = 0; index < 10; index++) await storeMessage(db)
      expect(await dropping).toEqual({ dropped: [], waiting: [], busy: ['2025_10', '2025_11'] })
    })
    expect(await dropMonths(db, KEPT)).toMatchObject({ dropped: ['2025_10', '2025_11'] })
  })

  test('what hangs on messages goes by their month, what belongs to later ones stays', async () => {
    const { db } = postgres
    await begin(db)
    for (const at of [OLD, YOUNGER]) {
      const id = createRowId(at)
      await sql`insert into provider_reference values ('twilio', ${id}, ${id}, 1, 1, 1, 'sent', ${at})`.execute(
        db,
      )
      await sql`insert into message_retry values (${id}, ${id}, ${at})`.execute(db)
      await sql`insert into receipt (dedupe_key, provider, reference, state, status, received_at, body_cipher)
        values (sha256(${id}::bytea), 'twilio', ${id}, 'applied', 'sent', ${at}, '')`.execute(db)
      for (const state of ['new', 'applied']) {
        const row = createRowId(at)
        await sql`insert into inbound (id, dedupe_key, provider, reference, sender_hash, sender_cipher, content_cipher,
          state, received_at, apply_at) values (${row}, sha256(${row}::bytea), 'twilio', 'x', sha256('x'), '', '',
          ${state}, ${at}, ${at})`.execute(db)
      }
    }
    expect(await pruneBesideMessages(db, KEPT.from)).toBe(4)
    for (const [table, rows] of Object.entries({
      provider_reference: 1,
      message_retry: 1,
      receipt: 1,
      inbound: 3,
    })) {
      const left = await sql`select from ${sql.table(table)}`.execute(db)
      expect({ table, rows: left.rows.length }).toEqual({ table, rows })
    }
  })

  test('an ended campaign goes with its people; one that is old and not at its end stays', async () => {
    const { db } = postgres
    await begin(db)
    const finished = await storeCampaign(db, 'finished', OLD)
    const halted = await storeCampaign(db, 'halted', OLD)
    const younger = await storeCampaign(db, 'cancelled', YOUNGER)
    expect(await pruneCampaigns(db, KEPT.from)).toBe(1)
    const rows = await db.selectFrom('campaign').select('id').orderBy('id').execute()
    expect(rows.map(({ id }) => id)).toEqual([halted, younger].sort())
    const people = await db.selectFrom('campaign_recipient').select('campaign_id').execute()
    expect(people.map(({ campaign_id: id }) => id)).not.toContain(finished)
  })

  test("a person's key goes once nothing is held, an hour after that was found", async () => {
    const { db } = postgres
    await begin(db)
    const hashes = Array.from({ length: 1_100 }, (_, index) => vault.hash(`nobody ${index}`))
    const held = await storeMessage(db, { createdAt: YOUNGER })
    await ensureSubjects(db, vault, hashes)
    await sql`update subject_key set created_at = ${OLD}`.execute(db)
    const young = vault.hash('somebody new')
    await ensureSubjects(db, vault, [young])
    await sql`update subject_key set created_at = ${YOUNGER} where recipient_hash = ${young}`.execute(
      db,
    )

    const later = (ms: number) => ({
      now: new Date(NOW.getTime() + ms),
      before: KEPT.from,
      from: ANYWHERE,
    })
    expect(await pruneSubjectKeys(db, later(0))).toBe(0)
    // One is asked for in between: what is sealed now must stay readable.
    const [back] = hashes
    if (!back) throw new Error('there are many')
    const subject = (await ensureSubjects(db, vault, [back])).of(back)
    const sealed = subject.seal('text', 'row')
    expect(await pruneSubjectKeys(db, later(HOUR_MS))).toBe(0)
    expect(await pruneSubjectKeys(db, later(HOUR_MS + 1))).toBe(1_099)
    const left = await findSubjects(db, vault, [...hashes, young, vault.hash(held.phone)])
    expect(left.of(back)?.open(sealed, 'row')).toBe('text')
    expect(left.of(young)).toBeDefined()
    expect(left.of(vault.hash(held.phone))).toBeDefined()
    expect(await db.selectFrom('subject_key').select('key_id').execute()).toHaveLength(3)
  })
})

async function begin(db: Db): Promise<void> {
  await ensurePartitions(db, OLD)
  await emptyTables(db)
  await sql`truncate stat_delta, money_entry, message_retry, inbound, campaign, campaign_recipient`.execute(
    db,
  )
}

async function setStatus(db: Db, id: string, status: MessageStatus): Promise<void> {
  await db.updateTable('message').set({ status }).where('id', '=', id).execute()
}

async function countEvents(db: Db, id: string): Promise<number> {
  const rows = await db
    .selectFrom('message_event')
    .select('id')
    .where('message_id', '=', id)
    .execute()
  return rows.length
}

async function readFigures(db: Db): Promise<string> {
  const { rows } = await sql<{ figures: string }>`
    select sum(total) || ' ' || sum(delivered) as figures from stat_delta`.execute(db)
  return rows[0]?.figures ?? ''
}

async function storeCampaign(db: Db, status: string, at: Date): Promise<string> {
  const id = createCampaignId(at)
  await sql`insert into campaign (id, client_id, name, status, message_type, lane, template_code, time_zone,
      missed_after_seconds, thresholds, created_at, updated_at, finished_at)
    values (${id}, ${id}, 'x', ${status}, 'promotion', 'bulk', 'x', 'UTC', 0, '{}', ${at}, ${at},
      ${status === 'finished' ? at : null})`.execute(db)
  await sql`insert into campaign_recipient (campaign_id, row_number, recipient_hash, sealed, segments)
    select ${id}, n, sha256(n::text::bytea), '', 1 from generate_series(1, 3) n`.execute(db)
  return id
}
