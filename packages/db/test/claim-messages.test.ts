import { randomUUID } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { cancelMessage } from '@sms-gateway/db/cancel-message'
import type { GivenBack } from '@sms-gateway/db/give-back'
import { giveBackMessages } from '@sms-gateway/db/give-back'
import { optOutRecipient } from '@sms-gateway/db/opt-out-recipient'
import { releaseClaims } from '@sms-gateway/db/release-claims'
import { createMessageId } from '@sms-gateway/domain/ids'
import type { MessageStatus } from '@sms-gateway/domain/message-status'
import { onEachPostgres } from './on-each-postgres.ts'
import {
  accepted,
  after,
  claim,
  countEach,
  DOUBT_ERROR,
  idsOf,
  IN_DOUBT,
  NOW,
  openAttempt,
  parkUntil,
  readMessage,
  readTimeline,
  settle,
  storeMessage,
  storeMessages,
  submitMessage,
  vault,
  WORKER,
} from './support.ts'

const OTHER_WORKER = randomUUID()

onEachPostgres((postgres) => {
  describe('claimMessages', () => {
    test('hands each of a hundred messages to exactly one of eight claimers', async () => {
      const { db } = postgres
      for (let round = 0; round < 3; round++) {
        const ids = idsOf(await storeMessages(db, 100))
        const workers = Array.from({ length: 8 }, () => randomUUID())
        const claims = await Promise.all(workers.map((workerId) => claim(db, ids, { workerId })))

        const counts = countEach(claims.flat().map(({ id }) => id))
        expect(counts.size).toBe(100)
        expect([...counts.values()].every((count) => count === 1)).toBe(true)
        const rows = await db.selectFrom('message').selectAll().where('id', 'in', ids).execute()
        for (const [index, workerId] of workers.entries()) {
          const owned = rows.filter((row) => row.claimed_by === workerId)
          expect(idsOf(owned)).toEqual(idsOf(claims[index] ?? []))
        }
      }
    })

    test('gives a dispatcher what it needs, and marks the row', async () => {
      const { db } = postgres
      const message = await storeMessage(db, {
        lane: 'urgent',
        messageType: 'otp',
        text: '【幸福氣】42',
      })
      expect(await claim(db, [message.id], { now: after(5) })).toEqual([
        expect.objectContaining({
          id: message.id,
          lane: 'urgent',
          messageType: 'otp',
          phone: message.phone,
          text: '【幸福氣】42',
          expiresAt: message.expiresAt,
          attemptNumber: 0,
          countedAttempts: 0,
          lastProvider: null,
          lastWasAbsent: false,
          pinnedProvider: null,
          takenParts: [],
          permissions: { optOuts: [], marketingConsent: null, exemptFromOptOut: false },
        }),
      ])
      expect(await readMessage(db, message.id)).toMatchObject({
        status: 'sending',
        claimed_by: WORKER,
        claimed_at: after(5),
        updated_at: after(5),
        attempt_open: false,
      })
    })

    test('leaves out what is not there, not due, or claimed already', async () => {
      const { db } = postgres
      const [first, second] = await storeMessages(db, 2)
      const parked = await storeMessage(db)
      await claim(db, [parked.id])
      await giveBackMessages(db, WORKER, [giveBack(parked.id, { notBefore: after(60) })])
      const ids = idsOf([first!, second!, parked])

      expect(idsOf(await claim(db, [first!.id]))).toEqual([first!.id])
      expect(await claim(db, [first!.id], { workerId: OTHER_WORKER })).toEqual([])
      expect(idsOf(await claim(db, [...ids, createMessageId(NOW)], { now: after(59) }))).toEqual([
        second!.id,
      ])
      expect(idsOf(await claim(db, ids, { now: after(60) }))).toEqual([parked.id])
      expect(await readMessage(db, parked.id)).toMatchObject({
        not_before: null,
        hold_reason: null,
      })
      expect(await claim(db, [])).toEqual([])
    })

    test.each<MessageStatus>([
      'accepted',
      'scheduled',
      'held',
      'sending',
      'sent',
      'delivered',
      'undelivered',
      'failed',
      'cancelled',
      'expired',
      'suppressed',
      'unknown',
    ])('leaves out a message that is %s', async (status) => {
      const { db } = postgres
      const { id } = await storeMessage(db)
      await db.updateTable('message').set({ status }).where('id', '=', id).execute()
      expect(await claim(db, [id])).toEqual([])
      expect(await readMessage(db, id)).toMatchObject({ status, claimed_by: null })
    })

    test('skips a row that another transaction holds, and waits for nobody', async () => {
      const { db } = postgres
      const [held, free] = await storeMessages(db, 2)
      await db.transaction().execute(async (trx) => {
        await sql`select from message where id = ${held!.id} for update`.execute(trx)
        // It is held until the claim is over: who waited for it would wait for ever.
        expect(idsOf(await claim(db, [held!.id, free!.id]))).toEqual([free!.id])
      })
      expect(idsOf(await claim(db, [held!.id]))).toEqual([held!.id])
    })

    test('says which parts a pinned provider has taken, and that the number is opted out', async () => {
      const { db } = postgres
      const attempt = await submitMessage(db, { provider: 'chunghwa' })
      const taken = [
        { part: 1, reference: randomUUID() },
        { part: 3, reference: randomUUID() },
      ]
      const rest = { kind: 'throttled', code: '429', detail: 'too many' } as const
      await settle(db, attempt, { kind: 'partial', taken, rest }, parkUntil(NOW), { parts: 3 })
      await optOutRecipient(db, vault, attempt.messageId, {
        provider: 'chunghwa',
        code: '48',
        now: NOW,
      })

      const [claimed] = await claim(db, [attempt.messageId])
      expect(claimed).toMatchObject({
        attemptNumber: 1,
        countedAttempts: 1,
        lastProvider: 'chunghwa',
        pinnedProvider: 'chunghwa',
        permissions: { optOuts: ['all'] },
      })
      expect(claimed?.takenParts.toSorted()).toEqual([1, 3])
    })

    test('an opt-out is told with its kind, and one of another channel is not told', async () => {
      const { db } = postgres
      const { id } = await storeMessage(db)
      await optOutRecipient(db, vault, id, { provider: 'twilio', code: null, now: NOW })
      const { recipient_hash } = await readMessage(db, id)
      const optOut = db.updateTable('opt_out').where('recipient_hash', '=', recipient_hash)
      await optOut.set({ kind: 'marketing' }).execute()
      expect(await claim(db, [id])).toMatchObject([{ permissions: { optOuts: ['marketing'] } }])
      await releaseClaims(db, { ids: [id], workerId: WORKER, now: NOW })
      await optOut.set({ kind: 'all', channel: 'line' }).execute()
      expect(await claim(db, [id])).toMatchObject([{ permissions: { optOuts: [] } }])
    })

    test('says that the last attempt never reached its provider', async () => {
      const { db } = postgres
      const attempt = await submitMessage(db)
      await settle(db, attempt, IN_DOUBT, { kind: 'doubt', checkAt: after(5), error: DOUBT_ERROR })
      await settle(db, attempt, { kind: 'absent' }, parkUntil(NOW), { wasInDoubt: true })
      expect(await claim(db, [attempt.messageId])).toMatchObject([
        { lastProvider: 'twilio', lastWasAbsent: true, attemptNumber: 1, countedAttempts: 1 },
      ])
    })
  })

  describe('releaseClaims', () => {
    test("puts this worker's claims back at once, and nobody else's", async () => {
      const { db } = postgres
      const [mine, theirs] = await storeMessages(db, 2)
      await claim(db, [mine!.id])
      await claim(db, [theirs!.id], { workerId: OTHER_WORKER })
      await releaseClaims(db, { ids: idsOf([mine!, theirs!]), workerId: WORKER, now: after(1) })

      expect(await readMessage(db, mine!.id)).toMatchObject({
        status: 'queued',
        claimed_by: null,
        ring_at: after(1),
      })
      expect(await readMessage(db, theirs!.id)).toMatchObject({
        status: 'sending',
        claimed_by: OTHER_WORKER,
      })
    })

    test('leaves a message whose attempt is open', async () => {
      const { db } = postgres
      const { messageId } = await submitMessage(db)
      await releaseClaims(db, { ids: [messageId], workerId: WORKER, now: NOW })
      expect(await readMessage(db, messageId)).toMatchObject({
        status: 'sending',
        claimed_by: WORKER,
      })
    })
  })

  describe('giveBackMessages', () => {
    test.each<[GivenBack['status'], Partial<GivenBack>]>([
      ['queued', { notBefore: after(60), holdReason: 'twilio is busy' }],
      ['queued', {}],
      ['failed', { error: { code: 'x', detail: 'because' } }],
      ['expired', { error: { code: 'expired', detail: 'too late' } }],
      ['suppressed', { error: { code: 'opted-out', detail: 'the recipient has opted out' } }],
    ])('makes a claimed message %s: %j', async (status, changes) => {
      const { db } = postgres
      const { id } = await storeMessage(db)
      await claim(db, [id])
      expect(await giveBackMessages(db, WORKER, [giveBack(id, { status, ...changes })])).toEqual([
        true,
      ])

      expect(await readMessage(db, id)).toMatchObject({
        status,
        claimed_by: null,
        not_before: changes.notBefore ?? null,
        ring_at: changes.notBefore ?? after(1),
        hold_reason: changes.holdReason ?? null,
        error_code: changes.error?.code ?? null,
        error_detail: changes.error?.detail ?? null,
        attempt_number: 0,
      })
      expect(await readTimeline(db, id)).toEqual(['accepted', 'queued', status])
    })

    test('says nothing where there is nothing to tell', async () => {
      const { db } = postgres
      const { id } = await storeMessage(db)
      await claim(db, [id])
      await giveBackMessages(db, WORKER, [giveBack(id, { tell: false })])
      expect(await readTimeline(db, id)).toEqual(['accepted', 'queued'])
    })

    test("touches neither another worker's message, nor one with an open attempt, nor one that is not claimed", async () => {
      const { db } = postgres
      const [theirs, free] = await storeMessages(db, 2)
      await claim(db, [theirs!.id], { workerId: OTHER_WORKER })
      const { messageId: open } = await submitMessage(db)
      const ids = [theirs!.id, free!.id, open]
      expect(
        await giveBackMessages(
          db,
          WORKER,
          ids.map((id) => giveBack(id, { status: 'expired' })),
        ),
      ).toEqual([false, false, false])
      for (const id of ids) expect((await readMessage(db, id)).status).not.toBe('expired')
    })
  })

  describe('cancelMessage', () => {
    test.each<[MessageStatus, boolean]>([
      ['accepted', true],
      ['scheduled', true],
      ['held', true],
      ['queued', true],
      ['sending', false],
      ['sent', false],
      ['delivered', false],
      ['undelivered', false],
      ['failed', false],
      ['cancelled', false],
      ['expired', false],
      ['suppressed', false],
      ['unknown', false],
    ])('of one that is %s: %s', async (status, possible) => {
      const { db } = postgres
      const { id } = await storeMessage(db)
      await db.updateTable('message').set({ status }).where('id', '=', id).execute()
      expect(await cancelMessage(db, id, after(1))).toBe(possible)
      expect((await readMessage(db, id)).status).toBe(possible ? 'cancelled' : status)
      expect(await readTimeline(db, id)).toEqual([
        'accepted',
        'queued',
        ...(possible ? ['cancelled'] : []),
      ])
    })

    test('and a claim at the same time: exactly one wins, a hundred times', async () => {
      const { db } = postgres
      const messages = await storeMessages(db, 100)
      let cancelled = 0
      for (const { id } of messages) {
        const [won, claimed] = await Promise.all([cancelMessage(db, id, NOW), claim(db, [id])])
        expect(won).toBe(claimed.length === 0)
        expect((await readMessage(db, id)).status).toBe(won ? 'cancelled' : 'sending')
        cancelled += won ? 1 : 0
      }
      expect(cancelled).toBeGreaterThan(0)
    })

    test('is too late once a provider has, or may have, a part of it', async () => {
      const { db } = postgres
      const pinned = await submitMessage(db, { provider: 'chunghwa' })
      const rest = { kind: 'throttled', code: '429', detail: 'too many' } as const
      const partial = {
        kind: 'partial',
        taken: [{ part: 1, reference: randomUUID() }],
        rest,
      } as const
      await settle(db, pinned, partial, parkUntil(after(60)), { parts: 2 })
      const doubtful = await submitMessage(db, { provider: 'chunghwa' })
      await settle(db, doubtful, IN_DOUBT, parkUntil(after(60), true))

      expect(await cancelMessage(db, pinned.messageId, NOW)).toBe(false)
      expect(await cancelMessage(db, doubtful.messageId, NOW)).toBe(false)
    })

    test('is possible again when every provider has proven not to have taken it', async () => {
      const { db } = postgres
      const attempt = await submitMessage(db)
      const throttled = { kind: 'throttled', code: '429', detail: 'too many' } as const
      await settle(db, attempt, throttled, parkUntil(after(60)))
      expect(await cancelMessage(db, attempt.messageId, NOW)).toBe(true)
      // The next worker finds nothing, and a late answer moves nothing.
      expect(await claim(db, [attempt.messageId], { now: after(61) })).toEqual([])
      expect(await settle(db, attempt, accepted(randomUUID()), { kind: 'sent' })).toBe(false)
      expect((await readMessage(db, attempt.messageId)).status).toBe('cancelled')
      await expect(openAttempt(db, attempt.message, 2)).rejects.toThrow('not opened')
    })
  })
})

function giveBack(messageId: GivenBack['messageId'], changes: Partial<GivenBack>): GivenBack {
  return {
    messageId,
    status: 'queued',
    notBefore: null,
    holdReason: null,
    error: null,
    tell: true,
    at: after(1),
    ...changes,
  }
}
