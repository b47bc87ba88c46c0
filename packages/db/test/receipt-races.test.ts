import { fc } from '@fast-check/jest'
import { expect, test } from '@jest/globals'
import { applyReceipts } from '@sms-gateway/db/apply-receipts'
import { findWaitingReceipts, insertReceipts } from '@sms-gateway/db/receipts'
import { retryDeadlock } from '@sms-gateway/db/retry-deadlock'
import { settleAttempts } from '@sms-gateway/db/settle-attempts'
import type { DeliveryStatus, ProviderName } from '@sms-gateway/domain/provider'
import { DELIVERY_STATUSES } from '@sms-gateway/domain/provider'
import { onEachPostgres } from './on-each-postgres.ts'
import {
  accepted,
  after,
  buildReceipt,
  createReference,
  emptyTables,
  NOW,
  readAttempt,
  readMessage,
  readReferences,
  receive,
  settle,
  settlementOf,
  submitMessage,
  vault,
} from './support.ts'

const END = { accepted: 'sent', sent: 'sent', undelivered: 'undelivered', delivered: 'delivered' }

/** Some receipts in some order, together or one by one, some of them twice; and when the own answer comes. */
const history = fc.record({
  statuses: fc.shuffledSubarray([...DELIVERY_STATUSES], { minLength: 1 }),
  repeats: fc.array(fc.constantFrom(...DELIVERY_STATUSES), { maxLength: 2 }),
  together: fc.boolean(),
  answerAfter: fc.nat({ max: 4 }),
  named: fc.boolean(),
})

onEachPostgres((postgres) => {
  test('every order of receipts and of the own answer ends the same', async () => {
    const { db } = postgres
    await fc.assert(
      fc.asyncProperty(history, async ({ statuses, repeats, together, answerAfter, named }) => {
        const provider: ProviderName = named ? 'twilio' : 'chunghwa'
        const attempt = await submitMessage(db, { provider })
        const reference = createReference()
        const receiptOf = (status: DeliveryStatus) =>
          buildReceipt(
            { reference, status, errorCode: status === 'undelivered' ? '30008' : '0', at: NOW },
            { provider, attempt: named ? attempt : null, dedupeBy: `${reference} ${status}` },
          )
        const receipts = [...statuses, ...repeats.filter((one) => statuses.includes(one))].map(
          receiptOf,
        )
        const groups = together ? [receipts] : receipts.map((receipt) => [receipt])
        const answer = () => settle(db, attempt, accepted(reference), { kind: 'sent' })

        for (const [index, group] of groups.entries()) {
          if (index === answerAfter) await answer()
          await receive(db, ...group)
        }
        if (groups.length <= answerAfter) await answer()
        await applyReceipts(db, vault, await findWaitingReceipts(db, after(99), 100), after(9))

        const best = DELIVERY_STATUSES.findLast((status) => statuses.includes(status)) ?? 'accepted'
        expect(await readMessage(db, attempt.messageId)).toMatchObject({
          status: END[best],
          provider,
          provider_message_id: reference,
          claimed_by: null,
          attempt_open: false,
          in_doubt: false,
          possible_duplicate: false,
          counted_attempts: 1,
          error_code: best === 'undelivered' ? '30008' : null,
          delivered_at: best === 'delivered' ? NOW : null,
        })
        expect(await readAttempt(db, attempt)).toMatchObject({ state: 'accepted' })
        const [only, ...others] = await readReferences(db, attempt.messageId)
        expect(only).toMatchObject({ reference, delivery_status: best })
        expect(others).toEqual([])
      }),
      { numRuns: 60 },
    )
  })

  test('a receipt and the own answer at the same moment, fifty times: no deadlock, one end', async () => {
    const { db } = postgres
    await emptyTables(db)
    const attempts = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => ({
        ...(await submitMessage(db, { provider: index % 2 === 0 ? 'twilio' : 'chunghwa' })),
        reference: createReference(),
      })),
    )
    const receipts = attempts.map((attempt) =>
      buildReceipt(
        { reference: attempt.reference, status: 'delivered' },
        { provider: attempt.provider, attempt: attempt.provider === 'twilio' ? attempt : null },
      ),
    )
    const keys = await insertReceipts(db, vault, receipts)
    await Promise.all([
      // As the services do: batches that share messages, in crossed order.
      ...chunks(keys, 10).map((chunk) => applyReceipts(db, vault, chunk, after(3))),
      ...chunks(attempts.toReversed(), 7).map((chunk) =>
        retryDeadlock(() =>
          settleAttempts(
            db,
            chunk.map((attempt) =>
              settlementOf(attempt, accepted(attempt.reference), { kind: 'sent' }),
            ),
          ),
        ),
      ),
    ])
    await applyReceipts(db, vault, await findWaitingReceipts(db, after(99), 100), after(9))

    for (const attempt of attempts) {
      expect(await readMessage(db, attempt.messageId)).toMatchObject({
        status: 'delivered',
        provider_message_id: attempt.reference,
        attempt_open: false,
        claimed_by: null,
        counted_attempts: 1,
      })
      expect(await readAttempt(db, attempt)).toMatchObject({ state: 'accepted' })
      expect(await readReferences(db, attempt.messageId)).toMatchObject([
        { delivery_status: 'delivered' },
      ])
    }
  })

  test('receipts of the parts of one text at the same moment, forty times: none is overlooked', async () => {
    const { db } = postgres
    const texts = await Promise.all(
      Array.from({ length: 40 }, async () => {
        const attempt = await submitMessage(db, { provider: 'chunghwa' })
        const taken = [1, 2, 3].map((part) => ({ part, reference: createReference() }))
        const all = { kind: 'accepted', taken } as const
        await settle(db, attempt, all, { kind: 'sent' }, { parts: 3 })
        return { ...attempt, taken }
      }),
    )
    for (const { messageId, taken } of texts) {
      await Promise.all(
        taken.map(({ reference }) =>
          receive(db, buildReceipt({ reference, status: 'delivered' }, { provider: 'chunghwa' })),
        ),
      )
      expect((await readMessage(db, messageId)).status).toBe('delivered')
    }
  })

  test('batches of receipts that share messages and opted-out numbers never deadlock for good', async () => {
    const { db } = postgres
    const attempts = await Promise.all(Array.from({ length: 20 }, () => submitMessage(db)))
    const references = attempts.map(createReference)
    const batch = (status: DeliveryStatus, named: boolean) =>
      attempts.map((attempt, index) =>
        buildReceipt(
          { reference: references[index]!, status, optedOut: true },
          { attempt: named ? attempt : null },
        ),
      )
    await receive(db, ...batch('accepted', true))
    const batches = DELIVERY_STATUSES.flatMap((status) => [
      batch(status, true),
      batch(status, false).toReversed(),
    ])
    const results = await Promise.all(batches.map((receipts) => receive(db, ...receipts)))
    expect(results).toEqual(batches.map(() => ({ applied: 20, parked: 0 })))
    for (const { messageId } of attempts) {
      expect((await readMessage(db, messageId)).status).toBe('delivered')
    }
  })
})

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  )
}
