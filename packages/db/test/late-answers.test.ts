import { randomUUID } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { cancelMessage } from '@sms-gateway/db/cancel-message'
import { openAttempts } from '@sms-gateway/db/open-attempts'
import { settleAttempts } from '@sms-gateway/db/settle-attempts'
import { onEachPostgres } from './on-each-postgres.ts'
import { DOUBT, REFUSED, THROTTLED } from './outcomes.ts'
import {
  accepted,
  after,
  claim,
  createReference,
  DOUBT_ERROR,
  IN_DOUBT,
  NOW,
  openAttempt,
  parkUntil,
  readAttempt,
  readMessage,
  readReferences,
  settle,
  settlementOf,
  submitMessage,
  WORKER,
} from './support.ts'

const OTHER_WORKER = randomUUID()

onEachPostgres((postgres) => {
  describe('the late answer of a worker that was declared dead', () => {
    test('moves a message in doubt to sent, and counts its one attempt once', async () => {
      const { db } = postgres
      const attempt = await submitMessage(db)
      await settle(db, attempt, IN_DOUBT, DOUBT)
      const reference = createReference()
      expect(
        await settle(db, attempt, accepted(reference), { kind: 'sent' }, { at: after(9) }),
      ).toBe(true)
      expect(await readMessage(db, attempt.messageId)).toMatchObject({
        status: 'sent',
        in_doubt: false,
        provider_message_id: reference,
        error_code: null,
        counted_attempts: 1,
        sent_at: after(9),
      })
      expect(await readAttempt(db, attempt)).toMatchObject({ state: 'accepted', check_at: null })
    })

    test.each([
      ['is queued again', false],
      ['is claimed, and nothing was submitted since', true],
    ])('finds a message that %s: it is sent, and goes nowhere else', async (_where, claimed) => {
      const { db } = postgres
      const attempt = await submitMessage(db)
      await settle(db, attempt, IN_DOUBT, parkUntil(NOW, true))
      if (claimed) await claim(db, [attempt.messageId], { workerId: OTHER_WORKER })
      expect(await settle(db, attempt, accepted(createReference()), { kind: 'sent' })).toBe(true)

      expect(await readMessage(db, attempt.messageId)).toMatchObject({
        status: 'sent',
        claimed_by: null,
        not_before: null,
        hold_reason: null,
        counted_attempts: 1,
      })
      expect(await claim(db, [attempt.messageId])).toEqual([])
      expect(await open(attempt.messageId, 2, OTHER_WORKER)).toBe(false)
    })

    test('finds a message whose provider knew nothing of it when it was asked: it was taken after all', async () => {
      const { db } = postgres
      const attempt = await submitMessage(db)
      await settle(db, attempt, IN_DOUBT, DOUBT)
      await settle(db, attempt, { kind: 'absent' }, parkUntil(NOW), { wasInDoubt: true })
      expect(await settle(db, attempt, THROTTLED, parkUntil(after(60)))).toBe(false)
      expect(await readAttempt(db, attempt)).toMatchObject({ state: 'absent' })
      expect(await settle(db, attempt, accepted(createReference()), { kind: 'sent' })).toBe(true)
      expect(await readMessage(db, attempt.messageId)).toMatchObject({
        status: 'sent',
        counted_attempts: 1,
      })
      expect(await readAttempt(db, attempt)).toMatchObject({ state: 'accepted' })
    })

    test('after the message went on is kept, marks a possible duplicate, and moves nothing', async () => {
      const { db } = postgres
      const first = await submitMessage(db)
      await settle(db, first, IN_DOUBT, parkUntil(NOW))
      await claim(db, [first.messageId], { workerId: OTHER_WORKER })
      const facts = { provider: 'chunghwa', workerId: OTHER_WORKER } as const
      const second = await openAttempt(db, first.message, 2, facts)
      const reference = createReference()
      expect(await settle(db, first, accepted(reference), { kind: 'sent' })).toBe(false)

      expect(await readMessage(db, first.messageId)).toMatchObject({
        status: 'sending',
        attempt_number: 2,
        attempt_open: true,
        claimed_by: OTHER_WORKER,
        possible_duplicate: true,
      })
      expect(await readAttempt(db, first)).toMatchObject({ state: 'accepted' })
      expect(await readReferences(db, first.messageId)).toMatchObject([
        { reference, attempt_number: 1 },
      ])
      expect(await settle(db, second, REFUSED, { kind: 'fail', error: DOUBT_ERROR })).toBe(true)
      // That nobody took it would not be so.
      expect(await readMessage(db, first.messageId)).toMatchObject({
        status: 'unknown',
        possible_duplicate: true,
      })
    })

    test('finds a message that was cancelled meanwhile: it stays so, marked, for sent again it would come twice', async () => {
      const { db } = postgres
      const attempt = await submitMessage(db)
      await settle(db, attempt, IN_DOUBT, DOUBT)
      await settle(db, attempt, { kind: 'absent' }, parkUntil(NOW), { wasInDoubt: true })
      expect(await cancelMessage(db, attempt.messageId, NOW)).toBe(true)
      expect(await settle(db, attempt, accepted(createReference()), { kind: 'sent' })).toBe(false)
      expect(await readMessage(db, attempt.messageId)).toMatchObject({
        status: 'cancelled',
        possible_duplicate: true,
      })
      expect(await readAttempt(db, attempt)).toMatchObject({ state: 'accepted' })
    })

    test('is no duplicate when it says that nothing was taken', async () => {
      const { db } = postgres
      const first = await submitMessage(db)
      await settle(db, first, IN_DOUBT, parkUntil(NOW))
      await claim(db, [first.messageId])
      await openAttempt(db, first.message, 2)
      expect(await settle(db, first, THROTTLED, parkUntil(after(60)))).toBe(false)
      expect(await readMessage(db, first.messageId)).toMatchObject({
        status: 'sending',
        possible_duplicate: false,
      })
      expect(await readAttempt(db, first)).toMatchObject({ state: 'throttled' })
    })

    test('in one batch with the answer of the next attempt: both count', async () => {
      const { db } = postgres
      const first = await submitMessage(db)
      await settle(db, first, IN_DOUBT, parkUntil(NOW))
      await claim(db, [first.messageId])
      const second = await openAttempt(db, first.message, 2, { provider: 'chunghwa' })
      const batch = [
        settlementOf(first, accepted(createReference()), { kind: 'sent' }),
        settlementOf(second, accepted(createReference()), { kind: 'sent' }),
      ]
      for (const settlements of [batch, batch.toReversed()]) {
        await settleAttempts(db, settlements)
        expect(await readMessage(db, first.messageId)).toMatchObject({
          status: 'sent',
          attempt_open: false,
          claimed_by: null,
          possible_duplicate: true,
        })
      }
      expect(await readReferences(db, first.messageId)).toHaveLength(2)
    })
  })

  function newAttempt(
    messageId: Parameters<typeof readAttempt>[1]['messageId'],
    number: number,
    workerId = WORKER,
  ) {
    return { messageId, number, provider: 'twilio', workerId, openedAt: NOW } as const
  }

  async function open(...attempt: Parameters<typeof newAttempt>): Promise<boolean | undefined> {
    return (await openAttempts(postgres.db, [newAttempt(...attempt)]))[0]
  }
})
