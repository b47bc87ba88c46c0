import { expect, test } from '@jest/globals'
import { moveCampaign } from '@sms-gateway/db/campaign-actions'
import { giveBackMessages } from '@sms-gateway/db/give-back'
import { verifyLedger } from '@sms-gateway/db/verify-ledger'
import type { NextStep } from '@sms-gateway/domain/decide-next'
import { onEachPostgres } from './on-each-postgres.ts'
import {
  after,
  IN_DOUBT,
  parkUntil,
  readMessage,
  readTimeline,
  settle,
  startCampaign,
  submitMessage,
  vault,
  WORKER,
} from './support.ts'

const REFUSED = { kind: 'refused', reason: 'submission', code: '43', detail: 'no' } as const
const NEXT: NextStep = { kind: 'next', afterMs: 0, newRound: false, possibleDuplicate: false }
const FAIL_OVER: NextStep = { ...NEXT, possibleDuplicate: true }

onEachPostgres((postgres) => {
  test('a cancel of its campaign ends what waits by what was taken, and lets a half finish', async () => {
    const { db } = postgres
    const campaignId = await startCampaign(db)
    const waits = parkUntil(after(600))
    const doubtful = await submitMessage(db, { campaignId })
    await settle(db, doubtful, IN_DOUBT, parkUntil(after(600), true))
    const plain = await submitMessage(db, { campaignId })
    await settle(db, plain, REFUSED, waits)
    const half = await submitMessage(db, { campaignId, provider: 'chunghwa' })
    const taken = [{ part: 1, reference: `${half.messageId}-1` }]
    await settle(db, half, { kind: 'partial', taken, rest: REFUSED }, waits, { parts: 2 })
    const statuses = async () => {
      const rows = [doubtful, plain, half].map(({ messageId }) => readMessage(db, messageId))
      return (await Promise.all(rows)).map(({ status, error_code: code }) => [status, code])
    }
    await moveCampaign(db, vault, { id: campaignId, action: 'pause', now: after(60) })
    const held = ['held', null]
    expect(await statuses()).toEqual([held, held, ['queued', null]])
    await moveCampaign(db, vault, { id: campaignId, action: 'cancel', now: after(61) })
    const ended = [
      ['unknown', 'campaign-cancelled'],
      ['cancelled', null],
      ['queued', null],
    ]
    expect(await statuses()).toEqual(ended)
    expect((await readTimeline(db, doubtful.messageId)).at(-1)).toBe('unknown')
    const detail = 'an earlier submission of it may have been taken'
    expect(await readMessage(db, doubtful.messageId)).toMatchObject({ error_detail: detail })
    expect((await verifyLedger(db)).differences).toEqual([])
  })

  test('an otp in doubt that a pause of its campaign made late is unknown, another expired', async () => {
    const { db } = postgres
    const campaignId = await startCampaign(db)
    const of = { campaignId, messageType: 'otp', expiresAt: after(600) }
    const doubtful = await submitMessage(db, of)
    await settle(db, doubtful, IN_DOUBT, FAIL_OVER)
    const plain = await submitMessage(db, of)
    await settle(db, plain, REFUSED, NEXT)
    await moveCampaign(db, vault, { id: campaignId, action: 'pause', now: after(60) })
    for (const { messageId } of [doubtful, plain]) {
      const held = { messageId, status: 'held', notBefore: after(120), error: null } as const
      const back = { ...held, holdReason: 'campaign-stopped', tell: true, at: after(60) }
      await giveBackMessages(db, WORKER, [back])
    }
    await moveCampaign(db, vault, { id: campaignId, action: 'resume', now: after(700) })
    const late = { error_code: 'campaign-paused' }
    expect(await readMessage(db, doubtful.messageId)).toMatchObject({ ...late, status: 'unknown' })
    expect(await readMessage(db, plain.messageId)).toMatchObject({ ...late, status: 'expired' })
  })
})
