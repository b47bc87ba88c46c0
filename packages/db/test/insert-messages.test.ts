import { expect, test } from '@jest/globals'
import { sql } from 'kysely'
import type { Db } from '@sms-gateway/db/connect'
import { findMessage } from '@sms-gateway/db/find-message'
import { insertMessages } from '@sms-gateway/db/insert-messages'
import { optOutRecipient } from '@sms-gateway/db/opt-out-recipient'
import { createMessageId } from '@sms-gateway/domain/ids'
import type { NewMessage } from '@sms-gateway/domain/message'
import { Phone } from '@sms-gateway/domain/phone'
import { onEachPostgres } from './on-each-postgres.ts'
import {
  after,
  buildMessage,
  buildReceipt,
  CLIENT,
  NOW,
  readMessage,
  readTimeline,
  receive,
  sendMessage,
  storeMessage,
  vault,
} from './support.ts'

const PHONE = Phone.parse('+886987654321')
const TEXT = '【幸福氣】Order 42 is on its way 🚚'

onEachPostgres((postgres) => {
  test('stores a message with every column, and its first events', async () => {
    const { db } = postgres
    const message = buildMessage({
      lane: 'urgent',
      messageType: 'otp',
      customerId: 'C-1',
      phone: PHONE,
      text: TEXT,
      segments: 2,
      costMilli: 1_000,
      warnings: [{ code: 'url-not-registered', detail: 'it\'s "not" \\ registered' }],
      metadata: { order: 42, note: '引號 "\\' },
      mediaUrls: ['https://luckygas.tw/a.jpg'],
    })
    expect(await insertMessages(db, vault, [{ message }])).toEqual([true])

    expect(await readMessage(db, message.id)).toMatchObject({
      client_id: CLIENT,
      status: 'queued',
      lane: 'urgent',
      channel: 'sms',
      message_type: 'otp',
      customer_id: 'C-1',
      country: 'TW',
      recipient_hash: vault.hash(PHONE),
      encoding: 'UCS-2',
      segments: 2,
      cost_milli: 1_000,
      schedule_at: null,
      not_before: null,
      hold_reason: null,
      expires_at: message.expiresAt,
      ring_at: after(10),
      claimed_by: null,
      attempt_number: 0,
      attempt_open: false,
      counted_attempts: 0,
      pinned_provider: null,
      provider: null,
      in_doubt: false,
      possible_duplicate: false,
      error_code: null,
      created_at: NOW,
      updated_at: NOW,
      sent_at: null,
      delivered_at: null,
    })
    const found = await findMessage(db, vault, message.id)
    expect(found).toMatchObject({ ...message, attempts: 0, error: null, updatedAt: NOW })
    expect(found?.events).toEqual([event('accepted'), event('queued')])
  })

  test('stores one for later as scheduled, to be rung at its time', async () => {
    const { db } = postgres
    const scheduleAt = after(3_600)
    const message = await storeMessage(db, { status: 'scheduled', scheduleAt })
    expect(await readMessage(db, message.id)).toMatchObject({
      status: 'scheduled',
      schedule_at: scheduleAt,
      not_before: scheduleAt,
      ring_at: scheduleAt,
    })
    expect(await readTimeline(db, message.id)).toEqual(['accepted', 'scheduled'])
  })

  test("finds a client's own messages only", async () => {
    const { db } = postgres
    const { id } = await storeMessage(db)
    expect((await findMessage(db, vault, id, CLIENT))?.id).toBe(id)
    expect(await findMessage(db, vault, id, createMessageId(NOW))).toBeUndefined()
    expect(await findMessage(db, vault, createMessageId(NOW))).toBeUndefined()
  })

  test('a bad row stores nothing of its batch, and its neighbours can go alone', async () => {
    const { db } = postgres
    const bad: Partial<NewMessage>[] = [{ segments: 11 }, { costMilli: -1 }, { clientId: 'nobody' }]
    for (const mistake of bad) {
      const good = buildMessage()
      const batch = [{ message: good }, { message: buildMessage(mistake) }]
      await expect(insertMessages(db, vault, batch)).rejects.toThrow()
      expect(await findMessage(db, vault, good.id)).toBeUndefined()
      expect(await insertMessages(db, vault, [{ message: good }])).toEqual([true])
    }
  })

  test('does not store a message twice', async () => {
    const { db } = postgres
    const message = await storeMessage(db)
    await expect(insertMessages(db, vault, [{ message }])).rejects.toThrow('duplicate key')
    expect(await readTimeline(db, message.id)).toEqual(['accepted', 'queued'])
  })

  test('no number, text or answer can be read in any column of any table', async () => {
    const { db } = postgres
    const secrets = [
      '987654321',
      '912333444',
      'Order 42',
      'is on its way',
      '】Order',
      'gate code 7788',
      'kept-answer',
    ]
    const message = buildMessage({ phone: PHONE, text: TEXT, metadata: { note: 'gate code 7788' } })
    const answer = {
      path: '/sms/send',
      key: 'a-key',
      fingerprint: Buffer.alloc(32, 7),
      status: 202,
      response: JSON.stringify({ phone: PHONE, message: TEXT, mark: 'kept-answer' }),
    }
    await insertMessages(db, vault, [{ message, answer }])
    const other = await sendMessage(db, { phone: Phone.parse('+886912333444'), text: TEXT })
    await receive(
      db,
      buildReceipt(
        { reference: other.reference, status: 'undelivered', errorCode: '21610', optedOut: true },
        { body: `To=%2B886912333444&Body=${TEXT}` },
      ),
    )
    await optOutRecipient(db, vault, message.id, { provider: 'twilio', code: '21610', now: NOW })

    const rows = await readEverything(db)
    expect(rows.length).toBeGreaterThan(20)
    expect(rows.join('\n')).toContain('order_confirmation')
    for (const secret of secrets) {
      const forms = [secret, Buffer.from(secret).toString('hex'), base64Core(secret)]
      for (const form of forms) expect(rows.filter((row) => row.includes(form))).toEqual([])
    }
  })
})

function event(status: string) {
  return { status, at: NOW, provider: null, providerMessageId: null, errorCode: null, detail: null }
}

/** Every row of every table of ours, as text; binary columns in hex. */
async function readEverything(db: Db): Promise<string[]> {
  const tables = await sql<{ name: string }>`
    select c.relname as name from pg_class c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace`.execute(
    db,
  )
  const rows: string[] = []
  for (const { name } of tables.rows) {
    const result = await sql<{
      row: string
    }>`select t::text as row from ${sql.table(name)} t`.execute(db)
    rows.push(...result.rows.map(({ row }) => row))
  }
  return rows
}

/** What of its Base64 does not hang on where in the text it stands, for the first alignment. */
function base64Core(secret: string): string {
  return Buffer.from(secret).toString('base64').replace(/=+$/, '').slice(0, -1)
}
