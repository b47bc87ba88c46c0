import { randomUUID } from 'node:crypto'
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import type { Db } from '@sms-gateway/db/connect'
import { openAttempts } from '@sms-gateway/db/open-attempts'
import {
  beatWorker,
  findLostAttempts,
  forgetOldWorkers,
  removeWorker,
  requeueLostClaims,
  WORKER_SILENCE_SECONDS,
} from '@sms-gateway/db/workers'
import type { MessageId } from '@sms-gateway/domain/ids'
import { onEachPostgres } from './on-each-postgres.ts'
import {
  accepted,
  after,
  claim,
  countEach,
  createReference,
  DOUBT_ERROR,
  emptyTables,
  idsOf,
  IN_DOUBT,
  NOW,
  parkUntil,
  readMessage,
  readTimeline,
  settle,
  storeMessage,
  storeMessages,
  submitMessage,
  until,
} from './support.ts'

onEachPostgres((postgres) => {
  beforeAll(() => untilNobodyIsGivenTime())
  beforeEach(() => emptyTables(postgres.db))

  describe('claims without an attempt', () => {
    test('of a dead worker are queued again, and its timeline says why', async () => {
      const { db } = postgres
      const dead = await startWorker(WORKER_SILENCE_SECONDS + 1)
      const { id } = await storeMessage(db, { lane: 'bulk' })
      await claim(db, [id], { workerId: dead })

      expect(await requeueLostClaims(db, after(5), 10)).toEqual([{ id, lane: 'bulk' }])
      expect(await readMessage(db, id)).toMatchObject({
        status: 'queued',
        claimed_by: null,
        ring_at: after(5),
      })
      expect(await readTimeline(db, id)).toEqual(['accepted', 'queued', 'queued'])
      expect(await requeueLostClaims(db, after(5), 10)).toEqual([])
      expect(await openFirst(id, dead)).toBe(false)
    })

    test('of a worker that nobody ever saw, or that stopped in order, are queued again', async () => {
      const { db } = postgres
      const [first, second] = await storeMessages(db, 2)
      await claim(db, [first!.id], { workerId: randomUUID() })
      const stopped = await startWorker(0)
      await claim(db, [second!.id], { workerId: stopped })
      await removeWorker(db, stopped)
      const requeued = await requeueLostClaims(db, NOW, 10)
      expect(idsOf(requeued)).toEqual(idsOf([first!, second!]))
    })

    test('of a living worker are left alone, as long as it is seen', async () => {
      const { db } = postgres
      const worker = await startWorker(WORKER_SILENCE_SECONDS + 1)
      const { id } = await storeMessage(db)
      await claim(db, [id], { workerId: worker })
      // In one transaction, for whose clock no time passes.
      await db.transaction().execute(async (trx) => {
        await beatWorker(trx, { id: worker, name: 'again' })
        expect(await requeueLostClaims(trx, NOW, 10)).toEqual([])
        expect(await openFirst(id, worker, trx)).toBe(true)
        expect(await findLostAttempts(trx, 10)).toEqual([])
      })
    })

    test('that are in doubt, parked or ended are not lost', async () => {
      const { db } = postgres
      const dead = { workerId: await startWorker(60) }
      await settle(db, await submitMessage(db, dead), IN_DOUBT, {
        kind: 'doubt',
        checkAt: null,
        error: DOUBT_ERROR,
      })
      await settle(db, await submitMessage(db, dead), IN_DOUBT, parkUntil(after(60)))
      await settle(db, await submitMessage(db, dead), accepted(createReference()), { kind: 'sent' })
      expect(await requeueLostClaims(db, NOW, 10)).toEqual([])
      expect(await findLostAttempts(db, 10)).toEqual([])
    })

    test('are given to one of four sweepers each, up to the limit', async () => {
      const { db } = postgres
      const messages = await storeMessages(db, 40)
      await claim(db, idsOf(messages), { workerId: randomUUID() })
      const found = await Promise.all(
        Array.from({ length: 4 }, () => requeueLostClaims(db, NOW, 8)),
      )
      const counts = countEach(found.flat().map(({ id }) => id))
      expect([...counts.values()].every((count) => count === 1)).toBe(true)
      expect(counts.size).toBeGreaterThanOrEqual(8)
      expect(counts.size).toBeLessThanOrEqual(32)
    })
  })

  describe('open attempts', () => {
    test('of a dead worker are found, with what decides how to go on', async () => {
      const { db } = postgres
      const workerId = await startWorker(60)
      const { messageId, message } = await submitMessage(db, {
        workerId,
        messageType: 'otp',
        provider: 'chunghwa',
      })
      expect(await requeueLostClaims(db, NOW, 10)).toEqual([])
      expect(await findLostAttempts(db, 10)).toEqual([
        expect.objectContaining({
          messageId,
          number: 1,
          provider: 'chunghwa',
          messageType: 'otp',
          expiresAt: message.expiresAt,
          countedAttempts: 0,
          partsTaken: false,
        }),
      ])
      expect(await readMessage(db, messageId)).toMatchObject({
        status: 'sending',
        attempt_open: true,
      })
    })

    test('say that parts were taken before', async () => {
      const { db } = postgres
      const workerId = await startWorker(60)
      const attempt = await submitMessage(db, { workerId, provider: 'chunghwa' })
      const rest = { kind: 'throttled', code: '429', detail: 'too many' } as const
      const partial = {
        kind: 'partial',
        taken: [{ part: 1, reference: createReference() }],
        rest,
      } as const
      await settle(db, attempt, partial, parkUntil(NOW), { parts: 2 })
      await claim(db, [attempt.messageId], { workerId })
      const openedAt = NOW
      await openAttempts(db, [{ ...attempt, number: 2, workerId, openedAt }])
      expect(await findLostAttempts(db, 10)).toMatchObject([
        { number: 2, countedAttempts: 1, partsTaken: true },
      ])
    })

    test('are found up to the limit', async () => {
      const { db } = postgres
      const workerId = await startWorker(60)
      for (let n = 0; n < 3; n++) await submitMessage(db, { workerId })
      expect(await findLostAttempts(db, 2)).toHaveLength(2)
    })
  })

  describe('the list of workers', () => {
    test('has one row for each, with when it was seen last', async () => {
      const { db } = postgres
      const id = await startWorker(60)
      await beatWorker(db, { id, name: 'dispatcher' })
      const rows = await db.selectFrom('worker').selectAll().execute()
      expect(rows).toMatchObject([{ id, name: 'dispatcher' }])
      expect(rows[0]!.seen_at.getTime() - rows[0]!.started_at.getTime()).toBeGreaterThan(59_000)
    })

    test('forgets those of yesterday', async () => {
      const { db } = postgres
      const [young] = [await startWorker(23 * 3_600), await startWorker(25 * 3_600)]
      await forgetOldWorkers(db)
      const rows = await db.selectFrom('worker').select('id').execute()
      expect(rows).toEqual([{ id: young }])
    })
  })

  /** A worker that was seen for the last time so long ago, by the database's clock. */
  async function startWorker(silentSeconds: number): Promise<string> {
    const id = randomUUID()
    await beatWorker(postgres.db, { id, name: 'dispatcher' })
    await sql`update worker set seen_at = seen_at - make_interval(secs => ${silentSeconds}),
      started_at = started_at - make_interval(secs => ${silentSeconds}) where id = ${id}`.execute(
      postgres.db,
    )
    return id
  }

  async function openFirst(messageId: MessageId, workerId: string, db: Db = postgres.db) {
    const attempt = { messageId, number: 1, provider: 'twilio', workerId, openedAt: NOW } as const
    return (await openAttempts(db, [attempt]))[0]
  }

  /** A server that has just started gives every worker time to be seen: nobody is dead before. */
  async function untilNobodyIsGivenTime() {
    await until(async () => {
      const { rows } = await sql<{ over: boolean }>`
        select pg_postmaster_start_time() < now() - make_interval(secs => ${WORKER_SILENCE_SECONDS}) as over`.execute(
        postgres.db,
      )
      return rows[0]?.over === true
    })
  }
})
