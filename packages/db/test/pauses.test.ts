import { randomUUID } from 'node:crypto'
import { expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { moveCampaign } from '@sms-gateway/db/campaign-actions'
import { groupFailed } from '@sms-gateway/db/group-failed'
import { readNextHeld } from '@sms-gateway/db/read-live'
import { moveUnknown } from '@sms-gateway/db/resolve-message'
import { countFailed, listFailed } from '@sms-gateway/db/retry-messages'
import { timeOutReceipts } from '@sms-gateway/db/time-out-receipts'
import type { MessageId } from '@sms-gateway/domain/ids'
import { onEachPostgres } from './on-each-postgres.ts'
import {
  after,
  claim,
  CLIENT,
  readMessage,
  readTimeline,
  startCampaign,
  storeMessage,
  vault,
} from './support.ts'

const HOUR = 3_600

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

  test('a pause of a campaign leaves each message its own time, which is no next time while it stands still', async () => {
    const { db } = postgres
    const campaignId = await startCampaign(db)
    const paced = { campaignId, status: 'held', holdReason: 'retry-pace' } as const
    const client = { clientId: randomUUID() }
    const [soon, late] = await Promise.all([
      storeMessage(db, { ...paced, ...client, notBefore: after(600) }),
      storeMessage(db, { ...paced, ...client, notBefore: after(9 * HOUR) }),
    ])
    await sql`insert into stat_now (client_id, lane, state, reason, count)
      values (${client.clientId}, 'normal', 'held', 'retry-pace', 2)`.execute(db)
    const nextHeld = async () => (await readNextHeld(db)).get(client.clientId)
    expect(await nextHeld()).toEqual(after(600))
    await moveCampaign(db, vault, { id: campaignId, action: 'pause', now: after(60) })
    expect(await nextHeld()).toBeUndefined()
    await moveCampaign(db, vault, { id: campaignId, action: 'resume', now: after(60 + HOUR) })
    expect(await readMessage(db, soon.id)).toMatchObject({ ring_at: after(60 + HOUR) })
    expect(await readMessage(db, late.id)).toMatchObject({
      status: 'held',
      not_before: after(9 * HOUR),
      ring_at: after(9 * HOUR),
    })
  })

  test('a resume lets those go at once that a dispatcher held while the campaign stood still', async () => {
    const { db } = postgres
    const campaignId = await startCampaign(db)
    await moveCampaign(db, vault, { id: campaignId, action: 'pause', now: after(60) })
    const { id } = await storeMessage(db, {
      campaignId,
      status: 'held',
      holdReason: 'campaign-stopped',
      notBefore: after(130),
    })
    await moveCampaign(db, vault, { id: campaignId, action: 'resume', now: after(90) })
    expect(await readMessage(db, id)).toMatchObject({ ring_at: after(90), not_before: null })
  })

  test('whatever has not been submitted lives longer by the pause, and once by each', async () => {
    const { db } = postgres
    const campaignId = await startCampaign(db)
    const of = { campaignId, expiresAt: after(10 * HOUR) }
    const stored = await Promise.all([
      ...[storeMessage(db, of), storeMessage(db, of), storeMessage(db, of)],
      storeMessage(db, of),
      storeMessage(db, { ...of, messageType: 'otp' }),
    ])
    const [sending, doubtful, restored, sent, otp] = stored.map(({ id }) => id)
    await sql`update message set status = 'sending' where id in (${sending}, ${otp})`.execute(db)
    await sql`update message set possible_duplicate = true where id = ${doubtful}`.execute(db)
    await sql`update message set status = 'held', hold_reason = 'restored', ring_at = 'infinity' where id = ${restored}`.execute(
      db,
    )
    await sql`update message set status = 'sent' where id = ${sent}`.execute(db)
    const livesOf = (ids: readonly (MessageId | undefined)[]) =>
      Promise.all(ids.flatMap((id) => (id ? [readMessage(db, id)] : []))).then((rows) =>
        rows.map((row) => row.expires_at),
      )
    for (const [start, hours] of [
      [60, 12],
      [3 * HOUR, 14],
    ] as const) {
      const at = { pause: after(start), resume: after(start + 2 * HOUR) }
      await moveCampaign(db, vault, { id: campaignId, action: 'pause', now: at.pause })
      await moveCampaign(db, vault, { id: campaignId, action: 'resume', now: at.resume })
      const moved = after(hours * HOUR)
      expect(await livesOf([sending, doubtful, restored])).toEqual([moved, moved, moved])
      expect(await livesOf([sent, otp])).toEqual([after(10 * HOUR), after(10 * HOUR)])
    }
    const { rows } =
      await sql`select status, hold_reason from message where id = ${restored}`.execute(db)
    expect(rows).toEqual([{ status: 'held', hold_reason: 'restored' }])
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

  test('what a provider has in part, or may have, is not sent again in bulk', async () => {
    const { db } = postgres
    const clientId = randomUUID()
    const messages = await Promise.all(
      Array.from({ length: 6 }, () => storeMessage(db, { clientId })),
    )
    const [failed, twice, part, paused, pausedTwice, pausedPart] = messages.map(({ id }) => id)
    await sql`update message set status = 'failed', error_code = '43'
      where id in (${failed}, ${twice}, ${part})`.execute(db)
    await sql`update message set status = 'expired', error_code = 'gateway-paused'
      where id in (${paused}, ${pausedTwice}, ${pausedPart})`.execute(db)
    await sql`update message set possible_duplicate = true where id in (${twice}, ${pausedTwice})`.execute(
      db,
    )
    await sql`update message set pinned_provider = 'chunghwa' where id in (${part}, ${pausedPart})`.execute(
      db,
    )
    expect(await listFailed(db, { clientId }, 10)).toEqual([failed])
    expect(await countFailed(db, { clientId })).toBe(1)
    expect(await listFailed(db, { clientId, errorCode: 'gateway-paused' }, 10)).toEqual([paused])
    const { groups } = await groupFailed(db, { clientId, span: {} }, ['error_code'])
    expect(groups).toMatchObject([{ errorCode: '43', count: 1, ids: [failed] }])
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
