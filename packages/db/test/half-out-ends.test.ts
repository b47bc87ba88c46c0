import { beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { moveCampaign } from '@sms-gateway/db/campaign-actions'
import { cancelUnreadable } from '@sms-gateway/db/cancel-unreadable'
import { claimReference } from '@sms-gateway/db/claim-reference'
import type { Db } from '@sms-gateway/db/connect'
import { requestErasure } from '@sms-gateway/db/erasures'
import { holdRestored } from '@sms-gateway/db/hold-restored'
import { timeOutReceipts } from '@sms-gateway/db/time-out-receipts'
import { verifyLedger } from '@sms-gateway/db/verify-ledger'
import type { NextStep } from '@sms-gateway/domain/decide-next'
import { onEachPostgres } from './on-each-postgres.ts'
import {
  after,
  claim,
  createReference,
  DOUBT_ERROR,
  emptyTables,
  IN_DOUBT,
  NOW,
  parkUntil,
  readMessage,
  settle,
  startCampaign,
  submitMessage,
  type Submitted,
  vault,
  WORKER,
} from './support.ts'

const REFUSED = { kind: 'refused', reason: 'submission', code: '43', detail: 'no' } as const
const DOUBT: NextStep = { kind: 'doubt', checkAt: null, error: DOUBT_ERROR }
/** Two parts at Chunghwa. */
const ESTIMATE = 1_400
const SPENT = 700

type End = (db: Db, half: Submitted) => Promise<unknown>

const restore: End = async (db) => {
  await holdRestored(db, { now: after(9), takenAt: NOW })
  await sql`delete from gateway_state`.execute(db)
}
const erase: End = (db, { message }) => requestErasure(db, vault.hash(message.phone), after(9))
const findUnreadable: End = async (db, { messageId }) => {
  await claim(db, [messageId])
  await cancelUnreadable(db, [messageId], { workerId: WORKER, now: after(9) })
}

onEachPostgres((postgres) => {
  beforeEach(async () => {
    await emptyTables(postgres.db)
    await sql`truncate money_entry`.execute(postgres.db)
  })
  const expectSpent = async (id: string) => {
    const { db } = postgres
    expect(await readMessage(db, id)).toMatchObject({ status: 'unknown', cost_milli: SPENT })
    expect((await verifyLedger(db)).differences).toEqual([])
  }

  describe('one of whose parts the provider has costs what that part did', () => {
    test.each<[string, End]>([
      ['is restored from a back-up', restore],
      ['is of somebody who is erased', erase],
      ['cannot be read any more', findUnreadable],
    ])('when it %s', async (_, end) => {
      const { db } = postgres
      const half = await submitMessage(db, { provider: 'chunghwa', costMilli: ESTIMATE })
      const taken = [{ part: 1, reference: createReference() }]
      await settle(db, half, { kind: 'partial', taken, rest: REFUSED }, parkUntil(NOW), {
        parts: 2,
      })
      await end(db, half)
      await expectSpent(half.messageId)
    })

    test('when no receipt of the other, which is in doubt, comes in time', async () => {
      const { db } = postgres
      const half = await submitMessage(db, { provider: 'chunghwa', costMilli: ESTIMATE })
      const taken = [{ part: 1, reference: createReference() }]
      await settle(db, half, { kind: 'in_doubt', taken, ...DOUBT_ERROR }, DOUBT, { parts: 2 })
      await timeOutReceipts(db, { now: after(80 * 3_600), timeoutHours: 72, limit: 10 })
      await expectSpent(half.messageId)
    })
  })

  test('so does an otp that was found while the pause of its campaign made it late', async () => {
    const { db } = postgres
    const campaignId = await startCampaign(db)
    const of = { campaignId, messageType: 'otp', expiresAt: after(600), costMilli: ESTIMATE }
    const doubtful = await submitMessage(db, { ...of, provider: 'chunghwa' })
    await settle(db, doubtful, IN_DOUBT, parkUntil(after(1), true))
    const found = { provider: 'chunghwa', reference: createReference() } as const
    await claimReference(db, doubtful, found, after(2))
    await moveCampaign(db, vault, { id: campaignId, action: 'pause', now: after(60) })
    await moveCampaign(db, vault, { id: campaignId, action: 'resume', now: after(700) })
    await expectSpent(doubtful.messageId)
  })
})
