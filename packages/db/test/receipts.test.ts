import { randomUUID } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import type { NewReceipt } from '@sms-gateway/db/receipts'
import { dedupeKeyOf, findWaitingReceipts, insertReceipts } from '@sms-gateway/db/receipts'
import { BLANK } from '@sms-gateway/db/subject'
import { findSubjects } from '@sms-gateway/db/subject-keys'
import { createMessageId } from '@sms-gateway/domain/ids'
import { onEachPostgres } from './on-each-postgres.ts'
import {
  after,
  buildMessage,
  buildReceipt,
  createReference,
  emptyTables,
  NOW,
  receive,
  storeMessage,
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

  function readReceipt(receipt: NewReceipt) {
    return postgres.db
      .selectFrom('receipt')
      .selectAll()
      .where('dedupe_key', '=', dedupeKeyOf(receipt))
      .executeTakeFirstOrThrow()
  }
})
