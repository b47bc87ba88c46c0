import { randomInt } from 'node:crypto'
import { beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { cancelMessage } from '@sms-gateway/db/cancel-message'
import { claimReference } from '@sms-gateway/db/claim-reference'
import type { Db } from '@sms-gateway/db/connect'
import { setPrice } from '@sms-gateway/db/prices'
import { timeOutReceipts } from '@sms-gateway/db/time-out-receipts'
import { verifyLedger } from '@sms-gateway/db/verify-ledger'
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
  openAttempt,
  parkUntil,
  readMessage,
  receive,
  sendMessage,
  settle,
  storeMessage,
  submitMessage,
} from './support.ts'

const REFUSED = { kind: 'refused', reason: 'submission', code: '21608', detail: 'no' } as const
const NEXT = { kind: 'next', afterMs: 0, newRound: false, possibleDuplicate: false } as const
const DOUBT = { kind: 'doubt', checkAt: null, error: DOUBT_ERROR } as const

onEachPostgres((postgres) => {
  beforeEach(async () => {
    await emptyTables(postgres.db)
    await sql`truncate money_entry`.execute(postgres.db)
  })

  const entriesOf = async (id: string) => {
    const rows = await postgres.db
      .selectFrom('money_entry')
      .selectAll()
      .where('message_id', '=', id)
      .orderBy('id')
      .execute()
    return rows.map(({ kind, messages, reserved, spent }) => [kind, messages, reserved, spent])
  }
  const costOf = async (id: string) => (await readMessage(postgres.db, id)).cost_milli
  const expectWhole = async () => {
    const { differences } = await verifyLedger(postgres.db)
    expect(differences).toEqual([])
  }

  describe('what a message holds', () => {
    test('is reserved when it is accepted, and settled when a provider takes it', async () => {
      const { messageId } = await sendMessage(postgres.db, { segments: 3, costMilli: 1_500 })
      expect(await entriesOf(messageId)).toEqual([
        ['reserve', 1, 1_500, 0],
        ['settle', 0, -1_500, 1_500],
      ])
      await expectWhole()
    })

    test('is released when it ends and nobody took it', async () => {
      const cancelled = await storeMessage(postgres.db)
      await cancelMessage(postgres.db, cancelled.id, after(1))
      const failed = await submitMessage(postgres.db)
      await settle(postgres.db, failed, REFUSED, { kind: 'fail', error: REFUSED })
      for (const id of [cancelled.id, failed.messageId]) {
        expect(await entriesOf(id)).toEqual([
          ['reserve', 1, 500, 0],
          ['release', -1, -500, 0],
        ])
      }
      await expectWhole()
    })

    test('is nothing of one that is suppressed at once', async () => {
      const { id } = await storeMessage(postgres.db, { status: 'suppressed' })
      expect(await entriesOf(id)).toEqual([])
      await expectWhole()
    })

    test('after a fail-over is the price and the parts of who took it', async () => {
      const first = await submitMessage(postgres.db, { segments: 3, costMilli: 1_500 })
      await settle(postgres.db, first, REFUSED, NEXT)
      const second = await openAttempt(postgres.db, first.message, 2, { provider: 'chunghwa' })
      const taken = [1, 2].map((part) => ({ part, reference: createReference() }))
      const facts = { parts: 2, polled: true }
      await settle(postgres.db, second, { kind: 'accepted', taken }, { kind: 'sent' }, facts)
      expect(await costOf(first.messageId)).toBe(1_400)
      expect((await entriesOf(first.messageId)).at(-1)).toEqual(['settle', 0, -1_500, 1_400])
      await expectWhole()
    })

    test('stays reserved in doubt, and spent once nobody knows', async () => {
      const { messageId, ...attempt } = await submitMessage(postgres.db)
      await settle(postgres.db, { messageId, ...attempt }, IN_DOUBT, DOUBT)
      expect(await entriesOf(messageId)).toEqual([['reserve', 1, 500, 0]])
      await timeOutReceipts(postgres.db, { now: after(80 * 3_600), timeoutHours: 72, limit: 1 })
      expect((await entriesOf(messageId)).at(-1)).toEqual(['settle', 0, -500, 500])
      await expectWhole()
    })

    test('is what both take, where a doubt turns out to be taken after the message went on', async () => {
      const first = await submitMessage(postgres.db)
      await settle(postgres.db, first, IN_DOUBT, parkUntil(after(1), true))
      await claim(postgres.db, [first.messageId], { now: after(2) })
      const second = await openAttempt(postgres.db, first.message, 2, { provider: 'chunghwa' })
      await settle(postgres.db, second, accepted(createReference()), { kind: 'sent' })
      expect(await costOf(first.messageId)).toBe(700)
      const { messageId, number } = first
      const reference = createReference()
      const receipt = buildReceipt(
        { reference, status: 'delivered' },
        { attempt: { messageId, number } },
      )
      await receive(postgres.db, receipt, receipt)
      expect(await costOf(messageId)).toBe(1_200)
      expect((await entriesOf(messageId)).at(-1)).toEqual(['adjust', 0, 0, 500])
      await expectWhole()
    })

    test('is charged once when a look-up finds what was taken, however often it asks', async () => {
      const { messageId, number, ...rest } = await submitMessage(postgres.db)
      const attempt = { messageId, number, ...rest }
      await settle(postgres.db, attempt, IN_DOUBT, DOUBT)
      const reference = createReference()
      const found = { provider: 'twilio', reference } as const
      expect(await claimReference(postgres.db, attempt, found, after(5))).toBe(true)
      expect(await claimReference(postgres.db, attempt, found, after(6))).toBe(true)
      await settle(postgres.db, attempt, accepted(reference), { kind: 'sent' }, { at: after(7) })
      expect((await entriesOf(messageId)).at(-1)).toEqual(['settle', 0, -500, 500])
      await expectWhole()
    })

    test('is what was sent at, whatever the price becomes later', async () => {
      const price = { provider: 'twilio', country: 'JP' } as const
      await setPrice(postgres.db, { ...price, milli: 2_000, validFrom: after(-10) })
      await setPrice(postgres.db, { ...price, milli: 9_000, validFrom: after(3_600) })
      const { messageId } = await sendMessage(postgres.db, { country: 'JP', segments: 2 })
      expect(await costOf(messageId)).toBe(4_000)
      await expectWhole()
    })
  })

  describe('the check', () => {
    test('finds nothing wrong after random lives side by side, over several pages', async () => {
      await Promise.all(Array.from({ length: 6 }, () => liveMany(postgres.db, 15)))
      expect(await verifyLedger(postgres.db, 7)).toMatchObject({ messages: 90, differences: [] })
    })

    test.each<[string, (id: string) => Promise<unknown>]>([
      [
        'an entry that was changed',
        (id) =>
          sql`update money_entry set spent = spent + 1 where message_id = ${id} and kind = 'settle'`.execute(
            postgres.db,
          ),
      ],
      [
        'an entry that is gone',
        (id) =>
          sql`delete from money_entry where message_id = ${id} and kind = 'reserve'`.execute(
            postgres.db,
          ),
      ],
      [
        'a part whose charge was changed',
        (id) =>
          sql`update provider_reference set charge_milli = 1 where message_id = ${id}`.execute(
            postgres.db,
          ),
      ],
      [
        'a message that is gone',
        (id) => sql`delete from message where id = ${id}`.execute(postgres.db),
      ],
    ])('names the message of %s', async (_what, tamper) => {
      for (let index = 0; index < 4; index++) await sendMessage(postgres.db)
      const { messageId } = await sendMessage(postgres.db)
      await tamper(messageId)
      const { differences } = await verifyLedger(postgres.db, 2)
      expect(differences.map(({ subject }) => subject)).toEqual([`message ${messageId}`])
    })
  })
})

/** Given up, refused, doubted, taken in parts or whole, with receipts that come early, twice or late. */
async function liveMany(db: Db, count: number): Promise<void> {
  for (let index = 0; index < count; index++) await liveOne(db)
}

async function liveOne(db: Db): Promise<void> {
  const message = await storeMessage(db, { segments: randomInt(1, 4), costMilli: 500 })
  const messageId = message.id
  if (randomInt(6) === 0) {
    await cancelMessage(db, messageId, after(1))
    return
  }
  await claim(db, [messageId])
  const provider = randomInt(2) === 0 ? 'twilio' : 'chunghwa'
  const attempt = await openAttempt(db, message, 1, { provider })
  const reference = createReference()
  const early = buildReceipt(
    { reference, status: 'delivered' },
    { provider, ...(provider === 'twilio' && { attempt: { messageId, number: 1 } }) },
  )
  if (randomInt(4) === 0) await receive(db, early)
  const doubtful = randomInt(3) === 0
  if (doubtful) {
    await settle(db, attempt, IN_DOUBT, randomInt(2) === 0 ? DOUBT : parkUntil(after(1), true))
  }
  if (randomInt(5) === 0) {
    await settle(db, attempt, REFUSED, { kind: 'fail', error: REFUSED })
    return
  }
  const parts = randomInt(1, 3)
  const taken = Array.from({ length: parts }, (_, index) => ({
    part: index + 1,
    reference: index === 0 ? reference : createReference(),
  }))
  const facts = { parts, wasInDoubt: doubtful }
  await settle(db, attempt, { kind: 'accepted', taken }, { kind: 'sent' }, facts)
  await receive(db, ...(randomInt(2) === 0 ? [early] : []))
  if (randomInt(4) === 0) {
    await timeOutReceipts(db, { now: after(80 * 3_600), timeoutHours: 72, limit: 3 })
  }
}
