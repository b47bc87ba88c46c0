import { describe, expect, test } from '@jest/globals'
import { applyReceipts } from '@sms-gateway/db/apply-receipts'
import { dedupeKeyOf, findWaitingReceipts } from '@sms-gateway/db/receipts'
import { onEachPostgres } from './on-each-postgres.ts'
import {
  accepted,
  after,
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
  receive,
  sendMessage,
  settle,
  submitMessage,
  vault,
} from './support.ts'

onEachPostgres((postgres) => {
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
})
