import { describe, expect, test } from '@jest/globals'
import { findMessage } from '@sms-gateway/db/find-message'
import { settleAttempts } from '@sms-gateway/db/settle-attempts'
import type { AttemptEnding } from '@sms-gateway/domain/attempt-result'
import type { NextStep } from '@sms-gateway/domain/decide-next'
import { nextPollAt } from '@sms-gateway/domain/poll-plan'
import { onEachPostgres } from './on-each-postgres.ts'
import { DOUBT, REFUSED, THROTTLED } from './outcomes.ts'
import {
  accepted,
  after,
  createReference,
  DOUBT_ERROR,
  IN_DOUBT,
  openAttempt,
  parkUntil,
  readAttempt,
  readMessage,
  readReferences,
  readTimeline,
  settle,
  settlementOf,
  storeMessage,
  submitMessage,
  vault,
  WORKER,
} from './support.ts'

const GO_ON: NextStep = { kind: 'next', afterMs: 0, newRound: false, possibleDuplicate: false }
const FAIL_OVER: NextStep = { ...GO_ON, possibleDuplicate: true }

onEachPostgres((postgres) => {
  describe('settleAttempts', () => {
    interface Case {
      name: string
      result: AttemptEnding
      step: NextStep
      message: object
      attempt: object
      event: object | null
    }
    const cases: Case[] = [
      {
        name: 'sent',
        result: accepted('SM-sent'),
        step: { kind: 'sent' },
        message: {
          status: 'sent',
          claimed_by: null,
          provider_message_id: 'SM-sent',
          sent_at: after(1),
          counted_attempts: 1,
        },
        attempt: { state: 'accepted', settled_at: after(1), error_code: null, check_at: null },
        event: { status: 'sent', providerMessageId: 'SM-sent', errorCode: null, detail: null },
      },
      {
        name: 'next',
        result: REFUSED,
        step: GO_ON,
        message: {
          status: 'sending',
          claimed_by: WORKER,
          counted_attempts: 1,
          sent_at: null,
          error_code: null,
        },
        attempt: { state: 'refused', error_code: '21608', error_detail: 'not verified' },
        event: { status: 'sending', errorCode: '21608' },
      },
      {
        name: 'next after a doubt',
        result: IN_DOUBT,
        step: FAIL_OVER,
        message: {
          status: 'sending',
          claimed_by: WORKER,
          in_doubt: false,
          possible_duplicate: true,
        },
        attempt: { state: 'in_doubt', check_at: null, error_code: 'timeout' },
        event: { status: 'sending', errorCode: 'timeout' },
      },
      {
        name: 'park',
        result: THROTTLED,
        step: parkUntil(after(30)),
        message: {
          status: 'queued',
          claimed_by: null,
          not_before: after(30),
          ring_at: after(30),
          hold_reason: 'parked by a test',
          counted_attempts: 0,
          possible_duplicate: false,
        },
        attempt: { state: 'throttled', error_code: '429' },
        event: { status: 'queued', detail: 'parked by a test: too many' },
      },
      {
        name: 'park, of an attempt that was never sent',
        result: { kind: 'unsent' },
        step: parkUntil(after(1)),
        message: { status: 'queued', claimed_by: null, counted_attempts: 0 },
        attempt: { state: 'unsent', error_code: 'unsent' },
        event: { status: 'queued', errorCode: 'unsent' },
      },
      {
        name: 'fail',
        result: REFUSED,
        step: { kind: 'fail', error: { code: '21608', detail: 'not verified' } },
        message: {
          status: 'failed',
          claimed_by: null,
          error_code: '21608',
          error_detail: 'not verified',
        },
        attempt: { state: 'refused' },
        event: { status: 'failed', errorCode: '21608', detail: 'not verified' },
      },
      {
        name: 'expire',
        result: { kind: 'unreachable', code: 'ECONNREFUSED', detail: 'refused' },
        step: { kind: 'expire' },
        message: {
          status: 'expired',
          claimed_by: null,
          error_code: 'expired',
          counted_attempts: 0,
        },
        attempt: { state: 'unreachable', error_code: 'ECONNREFUSED' },
        event: { status: 'expired' },
      },
      {
        name: 'doubt, to be asked about',
        result: IN_DOUBT,
        step: DOUBT,
        message: {
          status: 'sending',
          claimed_by: null,
          in_doubt: true,
          error_code: 'timeout',
          counted_attempts: 1,
          possible_duplicate: false,
        },
        attempt: { state: 'in_doubt', check_at: after(5), checks: 0 },
        event: { status: 'sending', errorCode: 'timeout', detail: 'in doubt: no answer in time' },
      },
      {
        name: 'doubt, where only a receipt will tell',
        result: IN_DOUBT,
        step: { kind: 'doubt', checkAt: null, error: DOUBT_ERROR },
        message: { status: 'sending', claimed_by: null, in_doubt: true },
        attempt: { state: 'in_doubt', check_at: null },
        event: { status: 'sending' },
      },
      {
        name: 'incomplete',
        result: { kind: 'partial', taken: [{ part: 1, reference: 'part-1' }], rest: REFUSED },
        step: { kind: 'incomplete', error: { code: '21608', detail: 'not verified' } },
        message: {
          status: 'undelivered',
          claimed_by: null,
          error_code: '21608',
          pinned_provider: 'twilio',
          provider_message_id: 'part-1',
        },
        attempt: { state: 'partial', error_code: '21608' },
        event: { status: 'undelivered', detail: 'a part was not taken: not verified' },
      },
    ]

    test.each(cases)('$name', async ({ result, step, message, attempt, event }) => {
      const { db } = postgres
      const submitted = await submitMessage(db)
      expect(await settle(db, submitted, unique(result, submitted.messageId), step)).toBe(true)

      const row = await readMessage(db, submitted.messageId)
      expect(row).toMatchObject({
        attempt_number: 1,
        attempt_open: false,
        updated_at: after(1),
        ...unique(message, submitted.messageId),
      })
      expect(await readAttempt(db, submitted)).toMatchObject({ settled_at: after(1), ...attempt })
      const found = await findMessage(db, vault, submitted.messageId)
      expect(found?.events).toHaveLength(event ? 4 : 3)
      if (event)
        expect(found?.events.at(-1)).toMatchObject({
          at: after(1),
          provider: 'twilio',
          ...unique(event, submitted.messageId),
        })
    })

    test('keeps the parts that were taken, with when to ask for their receipts', async () => {
      const { db } = postgres
      const attempt = await submitMessage(db, { provider: 'chunghwa' })
      const taken = [1, 2].map((part) => ({ part, reference: `${attempt.messageId}-${part}` }))
      await settle(
        db,
        attempt,
        { kind: 'accepted', taken },
        { kind: 'sent' },
        { parts: 2, polled: true },
      )
      const pollAt = nextPollAt(0, after(1), after(1))
      expect(await readReferences(db, attempt.messageId)).toEqual(
        taken.map(({ part, reference }) => ({
          provider: 'chunghwa',
          charge_milli: 700,
          reference,
          message_id: attempt.messageId,
          attempt_number: 1,
          part,
          parts: 2,
          delivery_status: 'accepted',
          created_at: after(1),
          poll_at: pollAt,
          polls: 0,
        })),
      )
    })

    test('settles a batch, each by its own', async () => {
      const { db } = postgres
      const first = await submitMessage(db)
      const second = await submitMessage(db, { provider: 'chunghwa' })
      const stranger = {
        messageId: (await storeMessage(db)).id,
        number: 1,
        provider: 'twilio' as const,
      }
      const moved = await settleAttempts(db, [
        settlementOf(first, accepted(createReference()), { kind: 'sent' }),
        settlementOf(stranger, accepted(createReference()), { kind: 'sent' }),
        settlementOf(second, REFUSED, { kind: 'fail', error: DOUBT_ERROR }),
      ])
      expect(moved).toEqual([true, false, true])
      expect((await readMessage(db, first.messageId)).status).toBe('sent')
      expect((await readMessage(db, stranger.messageId)).status).toBe('queued')
      expect((await readMessage(db, second.messageId)).status).toBe('failed')
      expect(await settleAttempts(db, [])).toEqual([])
    })

    test('of another number than the newest moves nothing', async () => {
      const { db } = postgres
      const attempt = await submitMessage(db)
      const wrong = { ...attempt, number: 2 }
      expect(await settle(db, wrong, REFUSED, { kind: 'fail', error: DOUBT_ERROR })).toBe(false)
      expect(await readMessage(db, attempt.messageId)).toMatchObject({
        status: 'sending',
        attempt_open: true,
      })
      expect(await readAttempt(db, attempt)).toMatchObject({ state: 'open' })
    })

    test('twice, as after a commit whose answer was lost, changes nothing, and says so to who goes on', async () => {
      const { db } = postgres
      const goingOn = await submitMessage(db)
      expect(await settle(db, goingOn, REFUSED, GO_ON)).toBe(true)
      expect(await settle(db, goingOn, REFUSED, GO_ON)).toBe(true)
      expect(await readMessage(db, goingOn.messageId)).toMatchObject({
        counted_attempts: 1,
        claimed_by: WORKER,
      })
      expect(await readTimeline(db, goingOn.messageId)).toEqual([
        'accepted',
        'queued',
        'sending',
        'sending',
      ])
      // Another answer to the same attempt is no repeat.
      expect(await settle(db, goingOn, REFUSED, GO_ON, { at: after(2) })).toBe(false)
      await openAttempt(db, goingOn.message, 2)
      expect(await settle(db, goingOn, REFUSED, GO_ON)).toBe(false)

      const sent = await submitMessage(db)
      const answer = accepted(createReference())
      await settle(db, sent, answer, { kind: 'sent' })
      await settle(db, sent, answer, { kind: 'sent' })
      expect(await readMessage(db, sent.messageId)).toMatchObject({
        status: 'sent',
        counted_attempts: 1,
      })
      expect(await readTimeline(db, sent.messageId)).toEqual([
        'accepted',
        'queued',
        'sending',
        'sent',
      ])
    })

    test('an attempt that is settled for good is not settled again', async () => {
      const { db } = postgres
      const attempt = await submitMessage(db)
      await settle(db, attempt, THROTTLED, parkUntil(after(30)))
      const reference = createReference()
      expect(await settle(db, attempt, accepted(reference), { kind: 'sent' })).toBe(false)
      expect(await readAttempt(db, attempt)).toMatchObject({ state: 'throttled' })
      expect((await readMessage(db, attempt.messageId)).status).toBe('queued')
    })
  })
})

/** References are unique over the whole database: each server and case has its own. */
function unique<T>(value: T, id: string): T {
  const text = JSON.stringify(value, (_key, each: unknown) =>
    each === 'SM-sent' || each === 'part-1' ? `${each}-${id}` : each,
  )
  const isDate = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/
  return JSON.parse(text, (_key, each: unknown) =>
    typeof each === 'string' && isDate.test(each) ? new Date(each) : each,
  ) as T
}
