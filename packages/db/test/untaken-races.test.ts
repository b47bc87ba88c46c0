import { randomUUID } from 'node:crypto'
import { expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { moveCampaign } from '@sms-gateway/db/campaign-actions'
import { cancelMessage } from '@sms-gateway/db/cancel-message'
import type { DbTransaction } from '@sms-gateway/db/connect'
import { giveBackMessages } from '@sms-gateway/db/give-back'
import { settleAttempts } from '@sms-gateway/db/settle-attempts'
import { onEachPostgres } from './on-each-postgres.ts'
import { DOUBT } from './outcomes.ts'
import {
  accepted,
  after,
  claim,
  createReference,
  IN_DOUBT,
  NOW,
  openAttempt,
  parkUntil,
  readMessage,
  settle,
  settlementOf,
  startCampaign,
  storeMessage,
  submitMessage,
  until,
  vault,
} from './support.ts'

const REFUSED = { kind: 'refused', reason: 'number', code: '41', detail: 'no number' } as const
const SECOND = { provider: 'chunghwa', workerId: randomUUID() } as const

onEachPostgres((postgres) => {
  /** What is begun waits for a lock of the transaction, and goes on when `happened` is committed. */
  const runBehind = async <T>(
    happened: (trx: DbTransaction) => Promise<unknown>,
    begin: () => Promise<T>,
    meanwhile: () => Promise<unknown> = () => Promise.resolve(),
  ): Promise<T> => {
    const begun = await postgres.db.transaction().execute(async (trx) => {
      await happened(trx)
      const result = begin()
      result.catch(() => undefined)
      await until(isSomebodyWaiting, 60_000)
      await meanwhile()
      return { result }
    })
    return begun.result
  }
  const isSomebodyWaiting = async () => {
    const { rows } = await sql`select from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`.execute(postgres.db)
    return rows.length > 0
  }

  /** At the second provider, after the first, asked twice, knew nothing of it; its worker still waits for an answer. */
  const submitTwice = async () => {
    const { db } = postgres
    const first = await submitMessage(db)
    await settle(db, first, IN_DOUBT, DOUBT)
    await settle(db, first, { kind: 'absent' }, parkUntil(NOW), { wasInDoubt: true })
    await claim(db, [first.messageId], SECOND)
    return first
  }
  const proof = (first: Awaited<ReturnType<typeof submitTwice>>) => (trx: DbTransaction) =>
    settleAttempts(trx, [settlementOf(first, accepted(createReference()), { kind: 'sent' })])

  test('a refusal that a late proof overtakes says that it may have been taken', async () => {
    const { db } = postgres
    const first = await submitTwice()
    const second = await openAttempt(db, first.message, 2, SECOND)
    const refusal = settlementOf(second, REFUSED, { kind: 'fail', error: REFUSED })
    await runBehind(proof(first), () => settleAttempts(db, [refusal]))
    expect(await readMessage(db, first.messageId)).toMatchObject({ status: 'unknown' })
  })

  test('so does an end before the third one', async () => {
    const { db } = postgres
    const first = await submitTwice()
    const second = await openAttempt(db, first.message, 2, SECOND)
    const next = { kind: 'next', afterMs: 0, newRound: false, possibleDuplicate: false } as const
    await settle(db, second, REFUSED, next)
    const end = { messageId: first.messageId, status: 'expired', notBefore: null } as const
    const ended = { ...end, holdReason: null, error: null, tell: true, at: after(2) }
    await runBehind(proof(first), () => giveBackMessages(db, SECOND.workerId, [ended]))
    expect(await readMessage(db, first.messageId)).toMatchObject({ status: 'unknown' })
  })

  test('a cancel that had to wait sees what was submitted until then', async () => {
    const { db } = postgres
    const campaignId = await startCampaign(db)
    // In the order of their ids, as they are locked.
    const { id: lockedId } = await storeMessage(db, { campaignId })
    const other = await storeMessage(db, { campaignId, createdAt: after(1) })
    const doubt = async () => {
      await claim(db, [other.id])
      await settle(db, await openAttempt(db, other, 1), IN_DOUBT, parkUntil(after(600), true))
    }
    const lock = (trx: DbTransaction) =>
      sql`select from message where id = ${lockedId} for update`.execute(trx)
    const cancel = () =>
      moveCampaign(db, vault, { id: campaignId, action: 'cancel', now: after(9) })
    await runBehind(lock, cancel, doubt)
    expect(await readMessage(db, lockedId)).toMatchObject({ status: 'cancelled' })
    expect(await readMessage(db, other.id)).toMatchObject({ status: 'unknown' })
  })

  test('a cancel of one message that was submitted while it waited is refused', async () => {
    const { db } = postgres
    const message = await storeMessage(db)
    const failOver = async (trx: DbTransaction) => {
      await claim(trx, [message.id])
      await settle(trx, await openAttempt(trx, message, 1), IN_DOUBT, parkUntil(after(5), true))
    }
    expect(await runBehind(failOver, () => cancelMessage(db, message.id, after(3)))).toBe(false)
    expect(await readMessage(db, message.id)).toMatchObject({ status: 'queued' })
  })
})
