import { describe, expect, test } from '@jest/globals'
import { applyReceipts } from '@sms-gateway/db/apply-receipts'
import { cancelMessage } from '@sms-gateway/db/cancel-message'
import { findMessage } from '@sms-gateway/db/find-message'
import { findFreshFacts } from '@sms-gateway/db/gate-facts'
import type { NewReceipt } from '@sms-gateway/db/receipts'
import { dedupeKeyOf, insertReceipts } from '@sms-gateway/db/receipts'
import { findSubjects } from '@sms-gateway/db/subject-keys'
import { createMessageId } from '@sms-gateway/domain/ids'
import type { MessageStatus } from '@sms-gateway/domain/message-status'
import { onEachPostgres } from './on-each-postgres.ts'
import {
  after,
  buildReceipt,
  claim,
  createReference,
  NOW,
  readAttempt,
  readMessage,
  readReferences,
  readTimeline,
  receive,
  sendMessage,
  storeMessage,
  submitMessage,
  vault,
} from './support.ts'

const SENT_TIMELINE = ['accepted', 'queued', 'sending', 'sent']

onEachPostgres((postgres) => {
  describe('applyReceipts', () => {
    test('moves the message, its part and its timeline', async () => {
      const { db } = postgres
      const { messageId, reference } = await sendMessage(db)
      const receipt = buildReceipt({ reference, status: 'delivered', at: after(2) })
      expect(await receive(db, receipt)).toEqual({ applied: 1, parked: 0 })

      expect(await readMessage(db, messageId)).toMatchObject({
        status: 'delivered',
        delivered_at: after(2),
        sent_at: after(1),
        provider: 'twilio',
        provider_message_id: reference,
        updated_at: after(3),
        counted_attempts: 1,
      })
      expect(await readReferences(db, messageId)).toMatchObject([{ delivery_status: 'delivered' }])
      expect(await readReceipt(receipt)).toMatchObject({ state: 'applied', applied_at: after(3) })
      const found = await findMessage(db, vault, messageId)
      expect(found?.events.at(-1)).toEqual({
        status: 'delivered',
        at: after(3),
        provider: 'twilio',
        providerMessageId: reference,
        errorCode: null,
        detail: null,
      })
    })

    test('says why a message was not delivered', async () => {
      const { db } = postgres
      const { messageId, reference } = await sendMessage(db)
      const report = {
        reference,
        status: 'undelivered',
        errorCode: '30006',
        detail: 'landline',
      } as const
      await receive(db, buildReceipt(report))
      const why = { error_code: '30006', error_detail: 'landline', delivered_at: null }
      expect(await readMessage(db, messageId)).toMatchObject({ status: 'undelivered', ...why })

      const silent = await sendMessage(db)
      await receive(db, buildReceipt({ reference: silent.reference, status: 'undelivered' }))
      expect(await readMessage(db, silent.messageId)).toMatchObject({ error_code: 'undelivered' })
    })

    test('does nothing the second time, nor eight times at once', async () => {
      const { db } = postgres
      const { messageId, reference } = await sendMessage(db)
      const keys = await insertReceipts(db, vault, [
        buildReceipt({ reference, status: 'delivered' }),
      ])
      const results = await Promise.all(
        Array.from({ length: 8 }, () => applyReceipts(db, vault, keys, after(3))),
      )
      expect(results.reduce((sum, { applied }) => sum + applied, 0)).toBe(1)
      expect(await applyReceipts(db, vault, keys, after(9))).toEqual({ applied: 0, parked: 0 })
      expect(await applyReceipts(db, vault, [], NOW)).toEqual({ applied: 0, parked: 0 })
      expect(await readTimeline(db, messageId)).toEqual([...SENT_TIMELINE, 'delivered'])
    })

    test('of contradicting ends, the handset has the last word in either order', async () => {
      const { db } = postgres
      for (const order of [
        ['delivered', 'undelivered'],
        ['undelivered', 'delivered'],
      ] as const) {
        for (const together of [true, false]) {
          const { messageId, reference } = await sendMessage(db)
          const receipts = order.map((status) =>
            buildReceipt({ reference, status, errorCode: '30005' }),
          )
          const batches = together ? [receipts] : receipts.map((receipt) => [receipt])
          for (const batch of batches) await receive(db, ...batch)
          expect(await readMessage(db, messageId)).toMatchObject({
            status: 'delivered',
            error_code: null,
          })
        }
      }
    })

    test.each<[MessageStatus, MessageStatus]>([
      ['cancelled', 'cancelled'],
      ['failed', 'failed'],
      ['expired', 'expired'],
      ['suppressed', 'suppressed'],
      ['unknown', 'delivered'],
      ['queued', 'delivered'],
      ['held', 'delivered'],
      ['undelivered', 'delivered'],
    ])('for a message that is %s: it is %s then', async (status, then) => {
      const { db } = postgres
      const { messageId, reference } = await sendMessage(db)
      await db.updateTable('message').set({ status }).where('id', '=', messageId).execute()
      const receipt = buildReceipt({ reference, status: 'delivered' })
      expect(await receive(db, receipt)).toEqual({ applied: 1, parked: 0 })
      expect((await readMessage(db, messageId)).status).toBe(then)
      expect(await readReferences(db, messageId)).toMatchObject([{ delivery_status: 'delivered' }])
      expect((await readReceipt(receipt)).state).toBe('applied')
    })

    test('for a message that nobody knows is parked, and harms nothing', async () => {
      const { db } = postgres
      const report = { reference: createReference(), status: 'delivered' } as const
      const stranger = { messageId: createMessageId(NOW), number: 1 }
      const receipts = [buildReceipt(report), buildReceipt(report, { attempt: stranger })]
      expect(await receive(db, ...receipts)).toEqual({ applied: 0, parked: 2 })
      expect(await readReceipt(receipts[0]!)).toMatchObject({ state: 'parked', applied_at: null })
    })

    test('that names an attempt of another provider, or one that was never made, is parked', async () => {
      const { db } = postgres
      const attempt = await submitMessage(db, { provider: 'chunghwa' })
      const report = { reference: createReference(), status: 'delivered' } as const
      const named = [attempt, { ...attempt, number: 2 }].map((each) =>
        buildReceipt(report, { attempt: each }),
      )
      expect(await receive(db, ...named)).toEqual({ applied: 0, parked: 2 })
      expect(await readMessage(db, attempt.messageId)).toMatchObject({
        status: 'sending',
        attempt_open: true,
      })
      expect(await readAttempt(db, attempt)).toMatchObject({ state: 'open' })
    })

    test('goes round a broken neighbour: what is known is applied, the rest parked', async () => {
      const { db } = postgres
      const { messageId, reference } = await sendMessage(db)
      const stranger = buildReceipt({ reference: createReference(), status: 'sent' })
      const result = await receive(db, stranger, buildReceipt({ reference, status: 'delivered' }))
      expect(result).toEqual({ applied: 1, parked: 1 })
      expect((await readMessage(db, messageId)).status).toBe('delivered')
    })
  })

  describe('a receipt that says that the person refuses such texts', () => {
    test('puts the number on our own list, once', async () => {
      const { db } = postgres
      const { messageId, message, reference } = await sendMessage(db)
      const other = await sendMessage(db)
      expect(
        (await findFreshFacts(db, [messageId], NOW)).get(messageId)?.permissions,
      ).toMatchObject({ optOuts: [] })
      const report = {
        reference,
        status: 'undelivered',
        errorCode: '21610',
        optedOut: true,
      } as const
      await receive(db, buildReceipt(report))
      await receive(db, buildReceipt(report))

      const facts = await findFreshFacts(db, [other.messageId, messageId], NOW)
      expect(facts.get(messageId)?.permissions).toMatchObject({ optOuts: ['all'] })
      expect(facts.get(other.messageId)?.permissions).toMatchObject({ optOuts: [] })
      const hash = vault.hash(message.phone)
      const rows = await db
        .selectFrom('opt_out')
        .selectAll()
        .where('recipient_hash', '=', hash)
        .execute()
      expect(rows).toMatchObject([
        { kind: 'all', channel: 'sms', source: 'twilio', reason: '21610' },
      ])
      const subject = (await findSubjects(db, vault, [hash])).of(hash)
      expect(subject?.open(rows[0]!.recipient_cipher!, hash.toString('hex'))).toBe(message.phone)
      expect((await readMessage(db, messageId)).status).toBe('undelivered')

      const next = await storeMessage(db, { phone: message.phone })
      expect(await claim(db, [next.id])).toMatchObject([{ permissions: { optOuts: ['all'] } }])
    })

    test('of a message that was cancelled counts all the same; of an unknown one it waits', async () => {
      const { db } = postgres
      const { messageId, reference } = await sendMessage(db)
      await db
        .updateTable('message')
        .set({ status: 'queued' })
        .where('id', '=', messageId)
        .execute()
      expect(await cancelMessage(db, messageId, NOW)).toBe(true)
      await receive(db, buildReceipt({ reference, status: 'undelivered', optedOut: true }))
      expect(
        (await findFreshFacts(db, [messageId], NOW)).get(messageId)?.permissions,
      ).toMatchObject({
        optOuts: ['all'],
      })
      const stranger = buildReceipt({
        reference: createReference(),
        status: 'undelivered',
        optedOut: true,
      })
      expect(await receive(db, stranger)).toEqual({ applied: 0, parked: 1 })
    })
  })

  function readReceipt(receipt: NewReceipt) {
    return postgres.db
      .selectFrom('receipt')
      .selectAll()
      .where('dedupe_key', '=', dedupeKeyOf(receipt))
      .executeTakeFirstOrThrow()
  }
})
