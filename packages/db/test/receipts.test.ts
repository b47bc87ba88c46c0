import { randomUUID } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { applyReceipts } from '@sms-gateway/db/apply-receipts'
import { cancelMessage } from '@sms-gateway/db/cancel-message'
import { findMessage } from '@sms-gateway/db/find-message'
import { findFreshFacts } from '@sms-gateway/db/gate-facts'
import type { NewReceipt } from '@sms-gateway/db/receipts'
import { dedupeKeyOf, findWaitingReceipts, insertReceipts } from '@sms-gateway/db/receipts'
import { BLANK } from '@sms-gateway/db/subject'
import { findSubjects } from '@sms-gateway/db/subject-keys'
import { createMessageId } from '@sms-gateway/domain/ids'
import type { MessageStatus } from '@sms-gateway/domain/message-status'
import type { DeliveryStatus } from '@sms-gateway/domain/provider'
import { onEachPostgres } from './on-each-postgres.ts'
import {
  accepted,
  after,
  buildMessage,
  buildReceipt,
  claim,
  createReference,
  DOUBT_ERROR,
  emptyTables,
  IN_DOUBT,
  NOW,
  openAttempt,
  parkUntil,
  readAttempt,
  readMessage,
  readReferences,
  readTimeline,
  receive,
  sendMessage,
  settle,
  storeMessage,
  submitMessage,
  vault,
} from './support.ts'

onEachPostgres((postgres) => {
  describe('insertReceipts', () => {
    test('keeps a receipt as it came, sealed', async () => {
      const { db } = postgres
      const attempt = { messageId: createMessageId(NOW), number: 3 }
      const report = {
        reference: createReference(),
        status: 'undelivered',
        errorCode: '30008',
        detail: 'unknown error',
        at: after(-5),
      } as const
      const { phone } = await storeMessage(db)
      const receipt = buildReceipt(report, { attempt, recipient: phone })
      const [key] = await insertReceipts(db, vault, [receipt])

      expect(key).toEqual(dedupeKeyOf(receipt))
      const row = await readReceipt(receipt)
      expect(row).toMatchObject({
        provider: 'twilio',
        reference: report.reference,
        message_id: attempt.messageId,
        attempt_number: 3,
        state: 'new',
        status: 'undelivered',
        error_code: '30008',
        detail: 'unknown error',
        opted_out: false,
        occurred_at: after(-5),
        received_at: after(2),
        applied_at: null,
      })
      const hash = vault.hash(phone)
      expect(row.recipient_hash).toEqual(hash)
      const subject = (await findSubjects(db, vault, [hash])).of(hash)
      expect(subject?.open(row.body_cipher, row.dedupe_key.toString('hex'))).toBe(receipt.body)
    })

    test('keeps no body of somebody of whom nothing else is held', async () => {
      const { db } = postgres
      const report = { reference: createReference(), status: 'sent' } as const
      const receipt = buildReceipt(report, { recipient: buildMessage().phone })
      await insertReceipts(db, vault, [receipt])
      expect(await readReceipt(receipt)).toMatchObject({ status: 'sent', body_cipher: BLANK })
    })

    test('keeps a repeat once: in one batch, later, and from eight at once', async () => {
      const { db } = postgres
      const receipt = buildReceipt({ reference: createReference(), status: 'sent' })
      const other = { ...receipt, dedupeBy: randomUUID() }
      const keys = await Promise.all(
        Array.from({ length: 8 }, () => insertReceipts(db, vault, [receipt, receipt, other])),
      )
      expect(keys.flat()).toHaveLength(2)
      expect(await insertReceipts(db, vault, [receipt, other])).toEqual([])
      expect(await insertReceipts(db, vault, [])).toEqual([])
    })

    test('tells the same words of another provider apart', async () => {
      const { db } = postgres
      const receipt = buildReceipt({ reference: createReference(), status: 'sent' })
      const keys = await insertReceipts(db, vault, [receipt, { ...receipt, provider: 'chunghwa' }])
      expect(keys).toHaveLength(2)
    })

    test('batches with the same receipts in crossed order do not deadlock', async () => {
      const { db } = postgres
      for (let round = 0; round < 5; round++) {
        const receipts = Array.from({ length: 150 }, () =>
          buildReceipt({ reference: createReference(), status: 'sent' }),
        )
        const orders = [receipts, receipts.toReversed()]
        const batches = [...orders, ...orders, ...orders]
        const keys = await Promise.all(batches.map((batch) => insertReceipts(db, vault, batch)))
        expect(keys.flat()).toHaveLength(150)
      }
    })
  })

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
          if (together) await receive(db, ...receipts)
          else for (const receipt of receipts) await receive(db, receipt)
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

  describe("a receipt before the submission's own answer", () => {
    test('with our attempt id settles the attempt, and the answer changes nothing', async () => {
      const { db } = postgres
      const attempt = await submitMessage(db)
      const reference = createReference()
      await receive(db, buildReceipt({ reference, status: 'sent' }, { attempt }))
      expect(await readAttempt(db, attempt)).toMatchObject({
        state: 'accepted',
        settled_at: after(3),
      })
      expect(await readMessage(db, attempt.messageId)).toMatchObject({
        status: 'sent',
        attempt_open: false,
        claimed_by: null,
        provider_message_id: reference,
        counted_attempts: 1,
      })

      expect(await settle(db, attempt, accepted(reference), { kind: 'sent' })).toBe(false)
      expect(
        await settle(db, attempt, IN_DOUBT, { kind: 'doubt', checkAt: null, error: DOUBT_ERROR }),
      ).toBe(false)
      expect(await readAttempt(db, attempt)).toMatchObject({ state: 'accepted' })
      expect(await readMessage(db, attempt.messageId)).toMatchObject({
        status: 'sent',
        counted_attempts: 1,
      })
      expect(await readReferences(db, attempt.messageId)).toHaveLength(1)
    })

    test('without it waits for the answer, and is applied then', async () => {
      const { db } = postgres
      await emptyTables(db)
      const attempt = await submitMessage(db, { provider: 'chunghwa' })
      const reference = createReference()
      const receipt = buildReceipt({ reference, status: 'delivered' }, { provider: 'chunghwa' })
      expect(await receive(db, receipt)).toEqual({ applied: 0, parked: 1 })
      expect(await findWaitingReceipts(db, after(100), 10)).toEqual([])

      await settle(db, attempt, accepted(reference), { kind: 'sent' })
      const waiting = await findWaitingReceipts(db, after(100), 10)
      expect(waiting).toEqual([dedupeKeyOf(receipt)])
      expect(await applyReceipts(db, vault, waiting, after(9))).toEqual({ applied: 1, parked: 0 })
      expect((await readMessage(db, attempt.messageId)).status).toBe('delivered')
      expect(await findWaitingReceipts(db, after(100), 10)).toEqual([])
    })

    test('of an attempt that was in doubt, or thought absent, brings the message back', async () => {
      const { db } = postgres
      const doubtful = await submitMessage(db)
      await settle(db, doubtful, IN_DOUBT, { kind: 'doubt', checkAt: after(5), error: DOUBT_ERROR })
      const absent = await submitMessage(db)
      await settle(db, absent, { kind: 'absent' }, parkUntil(after(60)))

      for (const attempt of [doubtful, absent]) {
        await receive(
          db,
          buildReceipt({ reference: createReference(), status: 'accepted' }, { attempt }),
        )
        expect(await readMessage(db, attempt.messageId)).toMatchObject({
          status: 'sent',
          in_doubt: false,
          not_before: null,
          hold_reason: null,
          error_code: null,
          possible_duplicate: false,
        })
        expect(await readAttempt(db, attempt)).toMatchObject({
          state: 'accepted',
          check_at: null,
          error_code: null,
        })
        expect(await claim(db, [attempt.messageId], { now: after(99) })).toEqual([])
      }
    })

    test('of an attempt that another one has overtaken marks a possible duplicate', async () => {
      const { db } = postgres
      const first = await submitMessage(db)
      await settle(db, first, IN_DOUBT, parkUntil(NOW))
      await claim(db, [first.messageId])
      const second = await openAttempt(db, first.message, 2, { provider: 'chunghwa' })
      const late = buildReceipt(
        { reference: createReference(), status: 'delivered' },
        { attempt: first },
      )
      await receive(db, late)
      expect(await readMessage(db, first.messageId)).toMatchObject({
        status: 'delivered',
        possible_duplicate: true,
        provider: 'twilio',
        counted_attempts: 2,
      })
      expect(await settle(db, second, accepted(createReference()), { kind: 'sent' })).toBe(false)
      expect(await readMessage(db, first.messageId)).toMatchObject({
        status: 'delivered',
        counted_attempts: 2,
      })
      expect(await readReferences(db, first.messageId)).toHaveLength(2)
    })
  })

  test("a receipt that names an attempt whose twin has its provider's id moves the twin alone", async () => {
    const { db } = postgres
    const twin = await sendMessage(db)
    const doubtful = await submitMessage(db, { phone: twin.message.phone, text: twin.message.text })
    await settle(db, doubtful, IN_DOUBT, { kind: 'doubt', checkAt: after(5), error: DOUBT_ERROR })
    const report = { reference: twin.reference, status: 'delivered' } as const
    expect(await receive(db, buildReceipt(report, { attempt: doubtful }))).toEqual({
      applied: 1,
      parked: 0,
    })
    expect((await readMessage(db, twin.messageId)).status).toBe('delivered')
    expect(await readMessage(db, doubtful.messageId)).toMatchObject({
      status: 'sending',
      in_doubt: true,
    })
    expect(await readAttempt(db, doubtful)).toMatchObject({ state: 'in_doubt', check_at: after(5) })
  })

  describe('a text of several parts', () => {
    test('is delivered when all of them are', async () => {
      const { messageId, references } = await sendParts(3)
      await report(references[2]!, 'delivered')
      await report(references[0]!, 'delivered')
      expect((await readMessage(postgres.db, messageId)).status).toBe('sent')
      await report(references[1]!, 'delivered')
      expect(await readMessage(postgres.db, messageId)).toMatchObject({
        status: 'delivered',
        provider_message_id: references[0],
      })
    })

    test('is undelivered as soon as one is, with the reason of that part, together or one by one', async () => {
      const { db } = postgres
      for (const order of [
        [0, 1],
        [1, 0],
      ]) {
        for (const together of [true, false]) {
          const { messageId, references } = await sendParts(2)
          const receipts = order.map((part) =>
            part === 0
              ? partReceipt(references[0]!, 'undelivered', '8')
              : partReceipt(references[1]!, 'delivered'),
          )
          if (together) await receive(db, ...receipts)
          else for (const receipt of receipts) await receive(db, receipt)
          expect(await readMessage(db, messageId)).toMatchObject({
            status: 'undelivered',
            error_code: '8',
            delivered_at: null,
          })
        }
      }
    })

    test('of which a part is still to be taken is not delivered', async () => {
      const { db } = postgres
      const attempt = await submitMessage(db, { provider: 'chunghwa' })
      const reference = createReference()
      const rest = { kind: 'throttled', code: '429', detail: 'too many' } as const
      const partial = { kind: 'partial', taken: [{ part: 1, reference }], rest } as const
      await settle(db, attempt, partial, parkUntil(after(30)), { parts: 2 })
      await report(reference, 'delivered')
      expect(await readMessage(db, attempt.messageId)).toMatchObject({
        status: 'queued',
        pinned_provider: 'chunghwa',
      })

      await claim(db, [attempt.messageId], { now: after(30) })
      const second = await openAttempt(db, attempt.message, 2, { provider: 'chunghwa' })
      const rest2 = createReference()
      await settle(db, second, accepted(rest2, 2), { kind: 'sent' }, { parts: 2 })
      expect((await readMessage(db, attempt.messageId)).status).toBe('sent')
      await report(rest2, 'delivered')
      expect((await readMessage(db, attempt.messageId)).status).toBe('delivered')
    })
  })

  describe('a receipt that says that the person refuses such texts', () => {
    test('puts the number on our own list, once', async () => {
      const { db } = postgres
      const { messageId, message, reference } = await sendMessage(db)
      expect((await findFreshFacts(db, messageId, NOW)).permissions).toMatchObject({ optOuts: [] })
      const report = {
        reference,
        status: 'undelivered',
        errorCode: '21610',
        optedOut: true,
      } as const
      await receive(db, buildReceipt(report))
      await receive(db, buildReceipt(report))

      expect((await findFreshFacts(db, messageId, NOW)).permissions).toMatchObject({
        optOuts: ['all'],
      })
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
      expect((await findFreshFacts(db, messageId, NOW)).permissions).toMatchObject({
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

  describe('findWaitingReceipts', () => {
    test('finds what a process that died left, oldest first, and no parked one without its submission', async () => {
      const { db } = postgres
      await emptyTables(db)
      const build = (receivedAt: Date) =>
        buildReceipt({ reference: createReference(), status: 'sent' }, { receivedAt })
      const [young, old, recent] = [build(after(20)), build(after(10)), build(after(40))]
      await insertReceipts(db, vault, [young, old, recent])
      await receive(db, build(after(1)))

      expect(await findWaitingReceipts(db, after(30), 10)).toEqual([old, young].map(dedupeKeyOf))
      expect(await findWaitingReceipts(db, after(30), 1)).toEqual([dedupeKeyOf(old)])
    })
  })

  async function sendParts(count: number) {
    const attempt = await submitMessage(postgres.db, { provider: 'chunghwa' })
    const references = Array.from({ length: count }, createReference)
    const taken = references.map((reference, index) => ({ part: index + 1, reference }))
    await settle(
      postgres.db,
      attempt,
      { kind: 'accepted', taken },
      { kind: 'sent' },
      { parts: count },
    )
    return { messageId: attempt.messageId, references }
  }

  function report(reference: string, status: DeliveryStatus) {
    return receive(postgres.db, partReceipt(reference, status))
  }

  function readReceipt(receipt: NewReceipt) {
    return postgres.db
      .selectFrom('receipt')
      .selectAll()
      .where('dedupe_key', '=', dedupeKeyOf(receipt))
      .executeTakeFirstOrThrow()
  }
})

const SENT_TIMELINE = ['accepted', 'queued', 'sending', 'sent']

function partReceipt(reference: string, status: DeliveryStatus, errorCode?: string): NewReceipt {
  return buildReceipt(
    { reference, status, ...(errorCode && { errorCode }) },
    { provider: 'chunghwa' },
  )
}
