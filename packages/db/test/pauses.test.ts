import { expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { moveCampaign } from '@sms-gateway/db/campaign-actions'
import { insertCampaign } from '@sms-gateway/db/campaigns'
import type { Db } from '@sms-gateway/db/connect'
import { moveUnknown } from '@sms-gateway/db/resolve-message'
import { countFailed, listFailed } from '@sms-gateway/db/retry-messages'
import { timeOutReceipts } from '@sms-gateway/db/time-out-receipts'
import { type CampaignId, createCampaignId } from '@sms-gateway/domain/ids'
import { onEachPostgres } from './on-each-postgres.ts'
import {
  after,
  claim,
  CLIENT,
  NOW,
  readMessage,
  readTimeline,
  storeMessage,
  vault,
} from './support.ts'

const HOUR = 3_600

async function startCampaign(db: Db): Promise<CampaignId> {
  const id = createCampaignId(NOW)
  await insertCampaign(db, vault, {
    id,
    clientId: CLIENT,
    name: 'x',
    content: { kind: 'text', text: 'x' },
    messageType: 'notice',
    lane: 'bulk',
    customerId: null,
    window: null,
    timeZone: 'Asia/Taipei',
    scheduleAt: null,
    cron: null,
    missedAfterSeconds: 0,
    thresholds: { failureRate: null, optOutRate: null, minResults: 50 },
    createdAt: NOW,
  })
  await sql`update campaign set status = 'running', run = 1, started_at = ${NOW}, loaded_at = ${NOW} where id = ${id}`.execute(
    db,
  )
  return id
}

onEachPostgres((postgres) => {
  test('the time for which a campaign stood still is added to the life of its messages, but of no otp', async () => {
    const { db } = postgres
    const campaignId = await startCampaign(db)
    const of = { campaignId, expiresAt: after(HOUR) }
    const [notice, otp, later] = await Promise.all([
      storeMessage(db, of),
      storeMessage(db, { ...of, messageType: 'otp' }),
      storeMessage(db, { ...of, messageType: 'otp', expiresAt: after(9 * HOUR) }),
    ])
    await moveCampaign(db, vault, { id: campaignId, action: 'pause', now: after(60) })
    await moveCampaign(db, vault, { id: campaignId, action: 'resume', now: after(60 + 2 * HOUR) })
    expect(await readMessage(db, notice.id)).toMatchObject({
      status: 'held',
      expires_at: after(3 * HOUR),
      ring_at: after(60 + 2 * HOUR),
    })
    expect(await readMessage(db, later.id)).toMatchObject({
      status: 'held',
      expires_at: after(9 * HOUR),
      ring_at: after(60 + 2 * HOUR),
    })
    expect(await readMessage(db, otp.id)).toMatchObject({
      status: 'expired',
      error_code: 'campaign-paused',
      hold_reason: null,
    })
    expect((await readTimeline(db, otp.id)).at(-1)).toBe('expired')
  })

  test('what expired in a pause of the gateway says so to its dispatcher', async () => {
    const { db } = postgres
    await sql`insert into gateway_state (state, reason, paused_at, resumed_at)
      values ('running', 'x', ${after(100)}, ${after(200)})
      on conflict (one) do update set paused_at = excluded.paused_at, resumed_at = excluded.resumed_at`.execute(
      db,
    )
    const at = [99, 100, 200, 201, 500].map((seconds) =>
      storeMessage(db, { expiresAt: after(seconds) }),
    )
    const ids = (await Promise.all(at)).map(({ id }) => id)
    const claimed = await claim(db, ids, { now: after(300) })
    expect(
      claimed
        .toSorted((a, b) => a.expiresAt.getTime() - b.expiresAt.getTime())
        .map(({ expiredInPause }) => expiredInPause),
    ).toEqual([false, true, true, false, false])
  })

  test('what a pause let expire may be sent again in bulk, but no otp', async () => {
    const { db } = postgres
    const messages = await Promise.all([
      storeMessage(db),
      storeMessage(db, { messageType: 'otp' }),
      storeMessage(db),
    ])
    const [paused, otp, plain] = messages.map(({ id }) => id)
    await sql`update message set status = 'expired', error_code = 'gateway-paused'
      where id in (${paused}, ${otp})`.execute(db)
    await sql`update message set status = 'expired', error_code = 'expired' where id = ${plain}`.execute(
      db,
    )
    expect(await listFailed(db, { errorCode: 'gateway-paused' }, 10)).toEqual([paused])
    expect(await countFailed(db, { errorCode: 'expired' })).toBe(0)
    expect(await countFailed(db, { clientId: CLIENT })).toBe(0)
  })

  test('what an operator says was sent waits for a receipt once more, and then ends', async () => {
    const { db } = postgres
    const { id } = await storeMessage(db)
    await sql`update message set status = 'unknown' where id = ${id}`.execute(db)
    expect(await moveUnknown(db, id, 'sent', after(10))).toBe(true)
    expect(await readMessage(db, id)).toMatchObject({ status: 'sent', sent_at: after(10) })
    const limits = { timeoutHours: 72, limit: 10 }
    expect(await timeOutReceipts(db, { ...limits, now: after(10 + 72 * HOUR) })).toBe(0)
    expect(await timeOutReceipts(db, { ...limits, now: after(11 + 72 * HOUR) })).toBe(1)
    expect(await readMessage(db, id)).toMatchObject({ status: 'unknown' })
  })
})
