import { beforeEach, expect, test } from '@jest/globals'
import { giveBackMessages } from '@sms-gateway/db/give-back'
import type { RingRequest } from '@sms-gateway/db/ring-messages'
import { ringMessages } from '@sms-gateway/db/ring-messages'
import { onEachPostgres } from './on-each-postgres.ts'
import {
  after,
  claim,
  countEach,
  emptyTables,
  idsOf,
  readMessage,
  readTimeline,
  storeMessage,
  storeMessages,
  submitMessage,
  WORKER,
} from './support.ts'

onEachPostgres((postgres) => {
  beforeEach(() => emptyTables(postgres.db))

  const ring = (seconds: number, changes: Partial<RingRequest> = {}) =>
    ringMessages(postgres.db, {
      lane: 'normal',
      now: after(seconds),
      limit: 100,
      retriesOnly: false,
      ...changes,
    })

  test('rings for a new message that nobody took, ten seconds after it was made', async () => {
    const { id } = await storeMessage(postgres.db)
    expect(await ring(9)).toEqual([])
    expect(await ring(10)).toEqual([id])
    expect(await readMessage(postgres.db, id)).toMatchObject({
      status: 'queued',
      ring_at: after(40),
    })
    expect(await readTimeline(postgres.db, id)).toEqual(['accepted', 'queued'])
  })

  test('ends what was held for a fraud check until its end, whatever a dispatcher’s clock says', async () => {
    const held = { status: 'held', holdReason: 'fraud-check' } as const
    const { id } = await storeMessage(postgres.db, {
      ...held,
      notBefore: after(60),
      expiresAt: after(60),
    })
    expect(await ring(60)).toEqual([])
    expect(await readMessage(postgres.db, id)).toMatchObject({
      status: 'expired',
      error_code: 'expired',
      hold_reason: null,
    })
    expect(await readTimeline(postgres.db, id)).toEqual(['accepted', 'held', 'expired'])
    expect(await claim(postgres.db, [id], { now: after(59) })).toEqual([])
  })

  test('remembers that it rang, and rings again when nobody came', async () => {
    const { id } = await storeMessage(postgres.db)
    expect(await ring(10)).toEqual([id])
    expect(await ring(10)).toEqual([])
    expect(await ring(39)).toEqual([])
    expect(await ring(40)).toEqual([id])
  })

  test('queues a scheduled message at its time, and tells of it', async () => {
    const { db } = postgres
    const { id } = await storeMessage(db, { status: 'scheduled', scheduleAt: after(60) })
    expect(await ring(59)).toEqual([])
    expect(await ring(60, { retriesOnly: true })).toEqual([])
    expect(await ring(60)).toEqual([id])
    expect(await readMessage(db, id)).toMatchObject({
      status: 'queued',
      not_before: null,
      updated_at: after(60),
    })
    expect(await readTimeline(db, id)).toEqual(['accepted', 'scheduled', 'queued'])
  })

  test('rings for a parked message when its wait is over, without a line in its timeline', async () => {
    const { db } = postgres
    const { id } = await storeMessage(db)
    await claim(db, [id])
    const parked = {
      status: 'queued',
      notBefore: after(20),
      holdReason: 'busy',
      error: null,
      tell: true,
    } as const
    await giveBackMessages(db, WORKER, [{ messageId: id, ...parked, at: after(1) }])

    expect(await ring(19, { retriesOnly: true })).toEqual([])
    expect(await ring(20, { retriesOnly: true })).toEqual([id])
    expect(await readMessage(db, id)).toMatchObject({
      not_before: null,
      hold_reason: null,
      updated_at: after(1),
    })
    expect(await readTimeline(db, id)).toEqual(['accepted', 'queued', 'queued'])
    expect(await claim(db, [id], { now: after(20) })).toHaveLength(1)
  })

  test('retriesOnly leaves out what a queue may know of', async () => {
    await storeMessage(postgres.db)
    expect(await ring(3_600, { retriesOnly: true })).toEqual([])
    expect(await ring(3_600)).toHaveLength(1)
  })

  test('rings for its lane alone, oldest first, up to its limit', async () => {
    const { db } = postgres
    const late = await storeMessage(db, { createdAt: after(5) })
    const early = await storeMessage(db)
    const urgent = await storeMessage(db, { lane: 'urgent' })
    expect(await ring(60, { limit: 1 })).toEqual([early.id])
    expect(await ring(60)).toEqual([late.id])
    expect(await ring(60, { lane: 'urgent' })).toEqual([urgent.id])
    expect(await ring(60, { lane: 'bulk' })).toEqual([])
  })

  test('rings for nothing that is being sent or has ended', async () => {
    const { db } = postgres
    await submitMessage(db)
    const ended = [
      'sent',
      'delivered',
      'undelivered',
      'failed',
      'cancelled',
      'expired',
      'suppressed',
      'unknown',
    ] as const
    for (const status of ended) {
      const { id } = await storeMessage(db)
      await db.updateTable('message').set({ status }).where('id', '=', id).execute()
    }
    expect(await ring(3_600)).toEqual([])
  })

  test('four sweepers at once ring for each message once', async () => {
    const messages = await storeMessages(postgres.db, 60)
    const rung = await Promise.all(Array.from({ length: 4 }, () => ring(60, { limit: 30 })))
    const counts = countEach(rung.flat())
    expect([...counts.values()].every((count) => count === 1)).toBe(true)
    expect(idsOf(messages)).toEqual(expect.arrayContaining([...counts.keys()]))
    const rest = await ring(60)
    expect(counts.size + rest.length).toBe(60)
  })
})
