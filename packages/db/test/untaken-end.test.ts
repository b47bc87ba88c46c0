import { describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { cancelMessage } from '@sms-gateway/db/cancel-message'
import { giveBackMessages, type GivenBack } from '@sms-gateway/db/give-back'
import { settleByHand } from '@sms-gateway/db/resolve-message'
import { verifyLedger } from '@sms-gateway/db/verify-ledger'
import type { AttemptEnding } from '@sms-gateway/domain/attempt-result'
import type { NextStep } from '@sms-gateway/domain/decide-next'
import { onEachPostgres } from './on-each-postgres.ts'
import {
  accepted,
  after,
  claim,
  DOUBT_ERROR,
  IN_DOUBT,
  openAttempt,
  parkUntil,
  readMessage,
  settle,
  storeMessage,
  submitMessage,
  WORKER,
} from './support.ts'

const REFUSED = { kind: 'refused', reason: 'submission', code: '43', detail: 'no' } as const
const FAIL: NextStep = { kind: 'fail', error: REFUSED }
const NEXT: NextStep = { kind: 'next', afterMs: 0, newRound: false, possibleDuplicate: false }
const FAIL_OVER: NextStep = { ...NEXT, possibleDuplicate: true }
const EXPIRED = { code: 'expired', detail: 'too late' }

onEachPostgres((postgres) => {
  const endAs = async (messageId: GivenBack['messageId'], status: GivenBack['status']) => {
    const change = { messageId, status, notBefore: null, holdReason: null, error: EXPIRED }
    await giveBackMessages(postgres.db, WORKER, [{ ...change, tell: true, at: after(2) }])
    return readMessage(postgres.db, messageId)
  }
  const lastEvent = async (id: string) => {
    const { rows } = await sql`select status, error_code, detail from message_event
      where message_id = ${id} order by id desc limit 1`.execute(postgres.db)
    return rows[0]
  }

  describe('a message that is told to end between two providers', () => {
    const maybe = 'too late; an earlier submission of it may have been taken'
    test.each<[string, [AttemptEnding, NextStep], { status: string; detail: string }]>([
      ['may have been taken', [IN_DOUBT, FAIL_OVER], { status: 'unknown', detail: maybe }],
      ['was refused', [REFUSED, NEXT], { status: 'expired', detail: 'too late' }],
    ])('says what is so where it %s', async (_, [result, step], { status, detail }) => {
      const { db } = postgres
      const submitted = await submitMessage(db)
      await settle(db, submitted, result, step)
      const ended = await endAs(submitted.messageId, 'expired')
      expect(ended).toMatchObject({ status, error_code: 'expired', error_detail: detail })
      expect(await lastEvent(ended.id)).toEqual({ status, error_code: 'expired', detail })
    })

    test('is undelivered where some of its parts are out, and costs what those did', async () => {
      const { db } = postgres
      const submitted = await submitMessage(db, { provider: 'chunghwa', costMilli: 1_400 })
      const taken = [{ part: 1, reference: `${submitted.messageId}-1` }]
      await settle(db, submitted, { kind: 'partial', taken, rest: REFUSED }, NEXT, { parts: 2 })
      const ended = await endAs(submitted.messageId, 'expired')
      expect(ended).toMatchObject({ status: 'undelivered', cost_milli: 700 })
      expect((await verifyLedger(db)).differences).toEqual([])
    })

    test('is cancelled where only the message in whose stead it goes may have arrived', async () => {
      const { db } = postgres
      const { id } = await storeMessage(db)
      await sql`update message set possible_duplicate = true where id = ${id}`.execute(db)
      await claim(db, [id])
      expect(await endAs(id, 'cancelled')).toMatchObject({ status: 'cancelled' })
    })

    test('only waits where it is told to', async () => {
      const submitted = await submitMessage(postgres.db)
      await settle(postgres.db, submitted, IN_DOUBT, FAIL_OVER)
      expect(await endAs(submitted.messageId, 'held')).toMatchObject({ status: 'held' })
    })
  })

  describe('a message whose second submission failed', () => {
    const submitTwice = async (result: AttemptEnding, step: NextStep) => {
      const first = await submitMessage(postgres.db)
      await settle(postgres.db, first, result, step)
      const { id } = first.message
      if (step.kind === 'park') await claim(postgres.db, [id])
      return { first, second: await openAttempt(postgres.db, first.message, 2) }
    }

    test('is unknown while the first is in doubt, and failed where it was refused', async () => {
      const { db } = postgres
      const doubtful = await submitTwice(IN_DOUBT, FAIL_OVER)
      await settle(db, doubtful.second, REFUSED, FAIL)
      const detail = 'no; an earlier submission of it may have been taken'
      const ended = { status: 'unknown', error_code: '43', error_detail: detail }
      expect(await readMessage(db, doubtful.first.messageId)).toMatchObject(ended)
      const refused = await submitTwice(REFUSED, NEXT)
      await settle(db, refused.second, REFUSED, FAIL)
      expect(await readMessage(db, refused.first.messageId)).toMatchObject({ status: 'failed' })
    })

    test('is unknown where the answer of the first came late, and was yes', async () => {
      const { db } = postgres
      const { first, second } = await submitTwice(IN_DOUBT, parkUntil(after(0), true))
      await settle(db, first, accepted(`late-${first.messageId}`), { kind: 'sent' })
      await settle(db, second, REFUSED, FAIL)
      const ended = { status: 'unknown', possible_duplicate: true }
      expect(await readMessage(db, first.messageId)).toMatchObject(ended)
      expect((await verifyLedger(db)).differences).toEqual([])
    })

    test('is undelivered by the word of an operator, who had the first sent again unasked', async () => {
      const { db } = postgres
      const { messageId, message, ...first } = await submitMessage(db)
      const doubt: NextStep = { kind: 'doubt', checkAt: null, error: DOUBT_ERROR }
      await settle(db, { messageId, ...first }, IN_DOUBT, doubt)
      await settleByHand(db, messageId, 'queued', after(2))
      await claim(db, [messageId], { now: after(2) })
      await settle(db, await openAttempt(db, message, 2), IN_DOUBT, doubt)
      expect(await settleByHand(db, messageId, 'failed', after(3))).toBe(true)
      expect(await readMessage(db, messageId)).toMatchObject({ status: 'undelivered' })
    })
  })

  test('a message that goes in the stead of one in doubt may be cancelled until it is submitted', async () => {
    const { id } = await storeMessage(postgres.db)
    await sql`update message set possible_duplicate = true where id = ${id}`.execute(postgres.db)
    expect(await cancelMessage(postgres.db, id, after(1))).toBe(true)
  })
})
