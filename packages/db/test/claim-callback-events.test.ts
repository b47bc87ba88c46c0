import { randomUUID } from 'node:crypto'
import { afterEach, describe, expect, test } from '@jest/globals'
import { listCallbackAttempts, listCallbackEvents } from '@sms-gateway/db/callback-events'
import { changeCallbackHealth, forgiveCallbacks } from '@sms-gateway/db/callback-health'
import { findCallback, listCallbacks } from '@sms-gateway/db/callbacks'
import {
  deleteCallback,
  disableCallback,
  insertCallback,
  rotateCallbackSecret,
} from '@sms-gateway/db/change-callbacks'
import { pruneCallbackEvents } from '@sms-gateway/db/prune-callback-events'
import { recordCallbackEvent } from '@sms-gateway/db/record-callback-event'
import { replayCallbackEvent, replayCallbackEvents } from '@sms-gateway/db/replay-callback-events'
import { changeHealth } from '@sms-gateway/domain/callback-health'
import {
  addCallback,
  addClient,
  claimEvents,
  readEvents,
  settleAs,
  URL,
} from './callback-support.ts'
import { onEachPostgres } from './on-each-postgres.ts'
import { after, countEach, NOW, vault } from './support.ts'

onEachPostgres((postgres) => {
  afterEach(async () => {
    await postgres.db.deleteFrom('callback_attempt').execute()
    await postgres.db.deleteFrom('callback_event').execute()
    await postgres.db.deleteFrom('callback').execute()
  })

  /** A callback of a client of its own, with so many events that are due. */
  async function addBusy(count: number): Promise<{ id: string; clientId: string }> {
    const { db } = postgres
    const clientId = await addClient(db)
    const id = await addCallback(db, clientId)
    await addEvents(clientId, count)
    return { id, clientId }
  }

  async function addEvents(clientId: string, count: number): Promise<void> {
    for (let number = 0; number < count; number++) {
      const occurredAt = after(number)
      const event = {
        clientId,
        type: 'message.inbound',
        subjectId: randomUUID(),
        occurredAt,
      } as const
      await recordCallbackEvent(postgres.db, event)
    }
  }

  const failOnce = (id: string, now = new Date()) =>
    changeCallbackHealth(postgres.db, id, now, (health) =>
      changeHealth(health, { kind: 'refused', status: 500 }, now, 0.5),
    )

  describe('a claim', () => {
    test('gives each event to one of eight that ask at once', async () => {
      await addBusy(30)
      const claims = await Promise.all(Array.from({ length: 8 }, () => claimEvents(postgres.db)))
      const counts = countEach(claims.flat().map(({ eventId }) => eventId))
      expect([...counts.values()].every((count) => count === 1)).toBe(true)
      // The limit of a callback holds over all who ask.
      expect(counts.size).toBe(10)
    })

    test('leaves room for the others: a busy callback takes no more than its share', async () => {
      const [busy, quiet] = [await addBusy(40), await addBusy(1)]
      const counts = countEach(
        (await claimEvents(postgres.db, { limit: 8 })).map((due) => due.callbackId),
      )
      expect(counts).toEqual(
        new Map([
          [busy.id, 4],
          [quiet.id, 1],
        ]),
      )
    })

    test('brings the address and the secrets, the old one as long as it overlaps', async () => {
      const { db } = postgres
      const clientId = await addClient(db)
      const id = await addCallback(db, clientId, { secret: 'whsec_first' })
      const oldUntil = new Date(Date.now() + 3_600_000)
      await rotateCallbackSecret(db, vault, { id, secret: 'whsec_second', oldUntil, now: NOW })
      await addEvents(clientId, 2)
      const [during] = await claimEvents(db, { perCallback: 1 })
      expect(during).toMatchObject({ callbackId: id, clientId, url: URL, attempt: 1, round: 1 })
      expect(during?.secrets).toEqual(['whsec_second', 'whsec_first'])
      const [past] = await claimEvents(db, { now: new Date(oldUntil.getTime() + 1) })
      expect(past?.secrets).toEqual(['whsec_second'])
    })

    test('that nobody settles is free again after its lease, with the next number', async () => {
      const { db } = postgres
      await addBusy(1)
      const now = new Date(Date.now() + 1_000)
      const [first] = await claimEvents(db, { now, leaseMs: 20_000 })
      expect(await claimEvents(db, { now: new Date(now.getTime() + 19_999) })).toEqual([])
      const [second] = await claimEvents(db, { now: new Date(now.getTime() + 20_000) })
      expect(second).toMatchObject({ eventId: first?.eventId, attempt: 2, round: 2 })
    })

    test('passes by callbacks that are paused, disabled or deleted', async () => {
      const { db } = postgres
      const [paused, disabled, deleted, well] = [
        await addBusy(1),
        await addBusy(1),
        await addBusy(1),
        await addBusy(1),
      ]
      const pausedUntil = new Date(Date.now() + 600_000)
      await changeCallbackHealth(db, paused.id, NOW, (health) => ({
        kind: 'health',
        health: { ...health, failures: 1, pausedUntil },
      }))
      await disableCallback(db, disabled.id, 'by a test', NOW)
      await deleteCallback(db, deleted.id, NOW)
      const claimed = async (now: Date) =>
        (await claimEvents(db, { now })).map(({ callbackId }) => callbackId)
      expect(await claimed(new Date(pausedUntil.getTime() - 1))).toEqual([well.id])
      expect(await claimed(pausedUntil)).toEqual([paused.id])
    })

    test('takes one event at a time of a callback that fails, and many once it is forgiven', async () => {
      const { db } = postgres
      const { id } = await addBusy(5)
      await failOnce(id)
      expect(await claimEvents(db)).toHaveLength(1)
      expect(await claimEvents(db)).toEqual([])
      await forgiveCallbacks(db, [id])
      expect(await claimEvents(db)).toHaveLength(4)
    })
  })

  describe('a settlement', () => {
    test('keeps the attempt and ends the event, also when it is repeated', async () => {
      const { db } = postgres
      const { id } = await addBusy(1)
      const [due] = await claimEvents(db)
      if (!due) throw new Error('nothing was claimed')
      await settleAs(db, due)
      await settleAs(db, due)
      const page = { callbackId: id, before: undefined, limit: 10 }
      expect(await listCallbackEvents(db, page)).toMatchObject([
        { id: due.eventId, state: 'delivered', attempts: 1, settledAt: expect.any(Date) },
      ])
      expect(await listCallbackAttempts(db, page)).toMatchObject([
        { eventId: due.eventId, number: 1, status: 200, latencyMs: 12, error: null },
      ])
    })

    test('of a claim that was lost is kept as an attempt, and moves nothing', async () => {
      const { db } = postgres
      const { id } = await addBusy(1)
      const now = new Date(Date.now() + 1_000)
      const [lost] = await claimEvents(db, { now, leaseMs: 10 })
      const [owned] = await claimEvents(db, { now: new Date(now.getTime() + 10) })
      if (!lost || !owned) throw new Error('nothing was claimed')
      await settleAs(db, lost, { state: 'failed' })
      expect(await readEvents(db, id)).toMatchObject([{ state: 'delivering', attempts: 2 }])
      await settleAs(db, owned)
      expect(await readEvents(db, id)).toMatchObject([{ state: 'delivered' }])
      const attempts = await listCallbackAttempts(db, {
        callbackId: id,
        before: undefined,
        limit: 9,
      })
      expect(attempts.map(({ number }) => number).toSorted()).toEqual([1, 2])
    })

    test('that says later is claimed again from then on', async () => {
      const { db } = postgres
      await addBusy(1)
      const [due] = await claimEvents(db)
      if (!due) throw new Error('nothing was claimed')
      const dueAt = new Date(Date.now() + 3_600_000)
      await settleAs(db, due, { state: 'pending', dueAt, error: 'timeout' })
      expect(await claimEvents(db, { now: new Date(dueAt.getTime() - 1) })).toEqual([])
      expect(await claimEvents(db, { now: dueAt })).toMatchObject([{ attempt: 2, round: 2 }])
    })
  })

  describe('a replay', () => {
    test('sends an event again under its id, as if it were new', async () => {
      const { db } = postgres
      const { id } = await addBusy(1)
      const [due] = await claimEvents(db)
      if (!due) throw new Error('nothing was claimed')
      const replay = { callbackId: id, eventId: due.eventId, now: new Date() }
      expect(await replayCallbackEvent(db, replay)).toBe(false)
      await settleAs(db, due, { state: 'failed' })
      expect(await replayCallbackEvent(db, { ...replay, callbackId: randomUUID() })).toBe(false)
      expect(await replayCallbackEvent(db, replay)).toBe(true)
      expect(await claimEvents(db)).toMatchObject([{ eventId: due.eventId, attempt: 2, round: 1 }])
    })

    test('of a window takes its oldest first, and says where the rest begins', async () => {
      const { db } = postgres
      const { id } = await addBusy(5)
      for (const due of await claimEvents(db)) {
        await settleAs(db, due, { state: due.occurredAt < after(1) ? 'failed' : 'delivered' })
      }
      const window = { callbackId: id, since: NOW, until: after(4), now: NOW, limit: 3 }
      const failedOnly = await replayCallbackEvents(db, { ...window, failedOnly: true })
      expect(failedOnly).toEqual({ count: 1, next: undefined })
      const first = await replayCallbackEvents(db, { ...window, failedOnly: false, limit: 2 })
      expect(first).toEqual({ count: 2, next: after(2) })
      const states = (await readEvents(db, id)).map(({ state }) => state)
      expect(states).toEqual(['pending', 'pending', 'pending', 'delivered', 'delivered'])
    })
  })

  describe('the health of a callback', () => {
    test('counts failures that come together, and pauses from the fifth', async () => {
      const { db } = postgres
      const { id, clientId } = await addBusy(0)
      await Promise.all(Array.from({ length: 4 }, () => failOnce(id)))
      expect(await findCallback(db, vault, id, clientId)).toMatchObject({
        failingSince: expect.any(Date),
        pausedUntil: null,
      })
      await failOnce(id)
      expect(await findCallback(db, vault, id)).toMatchObject({ pausedUntil: expect.any(Date) })
      await forgiveCallbacks(db, [id])
      expect(await findCallback(db, vault, id)).toMatchObject({
        failingSince: null,
        pausedUntil: null,
      })
    })

    test('ends with a reason after five days', async () => {
      const { db } = postgres
      const { id } = await addBusy(0)
      for (let count = 0; count < 12; count++) await failOnce(id)
      expect(await failOnce(id, after(5 * 86_400 + 60))).toBe(true)
      expect(await findCallback(db, vault, id)).toMatchObject({
        state: 'disabled',
        disabledReason: 'it failed for 5 days',
      })
      expect(await failOnce(id)).toBe(false)
    })
  })

  describe('housekeeping', () => {
    test('gives up what is past its time, and forgets the old with its attempts', async () => {
      const { db } = postgres
      const { id } = await addBusy(3)
      const [due] = await claimEvents(db, { limit: 1 })
      if (!due) throw new Error('nothing was claimed')
      await settleAs(db, due)
      const hours = (count: number) => new Date(Date.now() + count * 3_600_000)
      await pruneCallbackEvents(db, hours(23.9))
      expect((await readEvents(db, id)).map(({ state }) => state)).toEqual([
        'delivered',
        'pending',
        'pending',
      ])
      await pruneCallbackEvents(db, hours(24.1))
      const [, second] = await readEvents(db, id)
      expect(second).toMatchObject({ state: 'failed', error: 'expired' })
      await pruneCallbackEvents(db, hours(7 * 24 + 0.1))
      expect(await readEvents(db, id)).toEqual([])
      expect(await db.selectFrom('callback_attempt').selectAll().execute()).toEqual([])
    })

    test('forgets what belonged to a deleted callback, and then the callback', async () => {
      const { db } = postgres
      const { id } = await addBusy(2)
      await deleteCallback(db, id, NOW)
      await pruneCallbackEvents(db, NOW)
      expect(await readEvents(db, id)).toEqual([])
      expect(await db.selectFrom('callback').select('id').where('id', '=', id).execute()).toEqual(
        [],
      )
    })
  })

  test('a client has so many callbacks and no more, however many it asks for at once', async () => {
    const { db } = postgres
    const clientId = await addClient(db)
    const made = await Promise.all(
      Array.from({ length: 6 }, () => {
        const callback = {
          id: randomUUID(),
          clientId,
          url: URL,
          eventTypes: ['message.sent'] as const,
          secret: 's',
        }
        return insertCallback(db, vault, { ...callback, createdAt: NOW }, 4)
      }),
    )
    expect(made.filter(Boolean)).toHaveLength(4)
    const listed = await listCallbacks(db, vault, { clientId, after: undefined, limit: 9 })
    expect(listed).toHaveLength(4)
    for (const { id } of listed) expect(await deleteCallback(db, id, NOW)).toBe(true)
    expect(await listCallbacks(db, vault, { clientId, after: undefined, limit: 9 })).toEqual([])
  })
})
