import { describe, expect, test } from '@jest/globals'
import type { NewReceipt } from '@sms-gateway/db/receipts'
import type { DeliveryStatus } from '@sms-gateway/domain/provider'
import { onEachPostgres } from './on-each-postgres.ts'
import {
  accepted,
  after,
  buildReceipt,
  claim,
  createReference,
  openAttempt,
  parkUntil,
  readMessage,
  receive,
  settle,
  submitMessage,
} from './support.ts'

onEachPostgres((postgres) => {
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
          const batches = together ? [receipts] : receipts.map((receipt) => [receipt])
          for (const batch of batches) await receive(db, ...batch)
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
})

function partReceipt(reference: string, status: DeliveryStatus, errorCode?: string): NewReceipt {
  return buildReceipt(
    { reference, status, ...(errorCode && { errorCode }) },
    { provider: 'chunghwa' },
  )
}
