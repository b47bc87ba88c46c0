import { beforeAll, describe, expect, test } from '@jest/globals'
import { cancelMessage } from '@sms-gateway/db/cancel-message'
import type { Db } from '@sms-gateway/db/connect'
import { listFailed } from '@sms-gateway/db/retry-messages'
import { createTestDatabase } from '@sms-gateway/db/test-support/test-database'
import { verifyLedger } from '@sms-gateway/db/verify-ledger'
import type { SendOutcome } from '@sms-gateway/domain/provider'
import {
  buildReceipt,
  readMessage,
  readTimeline,
  receive,
} from '../../../packages/db/test/support.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import { act, dispatchToTwo, endTime, type Happening, type Passage } from './two-providers.ts'

const IN_DOUBT: SendOutcome = { kind: 'in_doubt', code: 'TIMEOUT', detail: 'no answer in time' }
const REFUSED: SendOutcome = { kind: 'refused', reason: 'number', code: '41', detail: 'no number' }
const DOUBTFUL: Passage = { first: IN_DOUBT, messageType: 'emergency' }

const optOut: Happening = async (db, campaignId) => {
  const columns = ['recipient_hash', 'recipient_cipher'] as const
  const message = db.selectFrom('message').select(columns).where('campaign_id', '=', campaignId)
  const change = {
    channel: 'sms',
    kind: 'all',
    source: 'operator',
    created_at: new Date(),
  } as const
  const recipient = await message.executeTakeFirstOrThrow()
  await db
    .insertInto('opt_out')
    .values({ ...recipient, ...change })
    .execute()
}

const cleanUp = cleanUpAfterAll()
let db: Db
beforeAll(async () => {
  const database = await createTestDatabase()
  cleanUp(() => database.drop())
  db = database.db
})

/** What its changes have made of it. */
const heldMoney = async (id: string) => {
  const entries = db.selectFrom('money_entry').selectAll().where('message_id', '=', id)
  const sum = { messages: 0, reserved: 0, spent: 0 }
  for (const { messages, reserved, spent } of await entries.execute()) {
    sum.messages += messages
    sum.reserved += reserved
    sum.spent += spent
  }
  return sum
}

describe('a message that the first provider may have', () => {
  test('goes to the next one, and says so', async () => {
    const { id, asked } = await dispatchToTwo(db, DOUBTFUL)
    expect(asked).toEqual(['twilio', 'chunghwa'])
    expect(await readMessage(db, id)).toMatchObject({ status: 'sent', possible_duplicate: true })
  })

  test.each<[string, Passage, string, number]>([
    ['its campaign is cancelled', { atTwilio: act('cancel') }, 'campaign-cancelled', 1],
    ['its time passes', { atTwilio: endTime }, 'expired', 1],
    ['its recipient opts out', { atTwilio: optOut }, 'opted-out', 1],
    ['the second refuses it for good', { second: REFUSED }, '41', 2],
  ])('is not said to be unsent when %s', async (_, passage, code, submissions) => {
    const { id, asked } = await dispatchToTwo(db, { ...DOUBTFUL, ...passage })
    expect(asked).toHaveLength(submissions)
    const ended = { status: 'unknown', error_code: code, claimed_by: null }
    expect(await readMessage(db, id)).toMatchObject({ ...ended, possible_duplicate: true })
    expect((await readTimeline(db, id)).at(-1)).toBe('unknown')
    expect(await heldMoney(id)).toEqual({ messages: 1, reserved: 0, spent: 500 })
    expect(await listFailed(db, {}, 1_000)).not.toContain(id)

    const attempt = { messageId: id, number: 1 }
    await receive(db, buildReceipt({ reference: `SM-${id}`, status: 'delivered' }, { attempt }))
    expect(await readMessage(db, id)).toMatchObject({ status: 'delivered', provider: 'twilio' })
    expect((await verifyLedger(db)).differences).toEqual([])
  })

  test('waits while its campaign is paused, and cannot be cancelled by itself', async () => {
    const { id } = await dispatchToTwo(db, { ...DOUBTFUL, atTwilio: act('pause') })
    expect(await cancelMessage(db, id, new Date())).toBe(false)
    const waiting = { status: 'held', hold_reason: 'campaign-stopped', possible_duplicate: true }
    expect(await readMessage(db, id)).toMatchObject(waiting)
  })
})
