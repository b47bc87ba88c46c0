import { randomUUID } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import type { Db } from '@sms-gateway/db/connect'
import { findIdempotentAnswer, pruneIdempotentAnswers } from '@sms-gateway/db/idempotency'
import { insertMessages } from '@sms-gateway/db/insert-messages'
import type { AcceptedMessage } from '@sms-gateway/db/seal-messages'
import type { NewMessage } from '@sms-gateway/domain/message'
import { onEachPostgres } from './on-each-postgres.ts'
import { after, buildMessage, CLIENT, emptyTables, NOW, vault } from './support.ts'

const PATH = '/sms/send'
const HOUR = 3_600

onEachPostgres((postgres) => {
  describe('the same key', () => {
    test('stores one message, and keeps its answer for the second', async () => {
      const { db } = postgres
      const key = randomUUID()
      const first = request(key, { body: 'first' })
      const second = request(key, { body: 'second' })
      expect(await insertMessages(db, vault, [first])).toEqual([true])
      expect(await insertMessages(db, vault, [second])).toEqual([false])

      expect(await listStored(db, [first, second])).toEqual([first.message.id])
      // Another body is told from the same one by its fingerprint: the caller answers 409.
      expect(await findAnswer(db, key)).toEqual({
        fingerprint: Buffer.alloc(32, 'first'),
        status: 202,
        subject: first.message.id,
        response: first.answer?.response,
      })
    })

    test('from sixteen at once stores exactly one message', async () => {
      const { db } = postgres
      for (let round = 0; round < 5; round++) {
        const key = randomUUID()
        const requests = Array.from({ length: 16 }, () => request(key))
        const stored = await Promise.all(requests.map((one) => insertMessages(db, vault, [one])))

        expect(stored.flat().filter(Boolean)).toHaveLength(1)
        const winner = requests[stored.findIndex(([one]) => one)]
        expect(await listStored(db, requests)).toEqual([winner?.message.id])
        expect((await findAnswer(db, key))?.response).toBe(winner?.answer?.response)
      }
    })

    test('twice within one batch stores the first, and the rest of the batch', async () => {
      const { db } = postgres
      const key = randomUUID()
      const batch = [request(randomUUID()), request(key), request(key), { message: buildMessage() }]
      expect(await insertMessages(db, vault, batch)).toEqual([true, true, false, true])
      expect((await findAnswer(db, key))?.response).toBe(batch[1]?.answer?.response)
      expect(await listStored(db, batch)).toHaveLength(3)
    })

    test('in a batch with new ones leaves only its own message out', async () => {
      const { db } = postgres
      const key = randomUUID()
      await insertMessages(db, vault, [request(key)])
      const batch = [request(randomUUID()), request(key), { message: buildMessage() }]
      expect(await insertMessages(db, vault, batch)).toEqual([true, false, true])
    })

    test('of another client or for another path is another key', async () => {
      const { db } = postgres
      const key = randomUUID()
      const requests = [
        request(key),
        request(key, { message: { clientId: randomUUID() } }),
        request(key, { path: '/sms/bulk' }),
      ]
      expect(await insertMessages(db, vault, requests)).toEqual([true, true, true])
      expect((await findAnswer(db, key, { path: '/sms/bulk' }))?.response).toBe(
        requests[2]?.answer?.response,
      )
      expect(await findAnswer(db, key, { clientId: randomUUID() })).toBeUndefined()
    })

    test.each([
      ['a second before 24 hours are over', 24 * HOUR - 1, false],
      ['at 24 hours', 24 * HOUR, false],
      ['a second after 24 hours', 24 * HOUR + 1, true],
    ])('%s: may be used again? %s s, %s', async (_when, seconds, free) => {
      const { db } = postgres
      const key = randomUUID()
      const first = request(key)
      const later = request(key, { message: { createdAt: after(seconds) } })
      await insertMessages(db, vault, [first])

      expect((await findAnswer(db, key, {}, after(seconds))) === undefined).toBe(free)
      expect(await insertMessages(db, vault, [later])).toEqual([free])
      const kept = await findAnswer(db, key, {}, after(seconds))
      expect(kept?.response).toBe((free ? later : first).answer?.response)
    })

    test('past its day is used again by exactly one of sixteen at once', async () => {
      const { db } = postgres
      const key = randomUUID()
      await insertMessages(db, vault, [request(key)])
      const requests = Array.from({ length: 16 }, () =>
        request(key, { message: { createdAt: after(25 * HOUR) } }),
      )
      const stored = await Promise.all(requests.map((one) => insertMessages(db, vault, [one])))
      expect(stored.flat().filter(Boolean)).toHaveLength(1)
    })
  })

  test('a failed batch keeps no answer: the key is free for the next try', async () => {
    const { db } = postgres
    const key = randomUUID()
    const bad = request(key, { message: { segments: 11 } })
    await expect(insertMessages(db, vault, [bad])).rejects.toThrow('segments')
    expect(await findAnswer(db, key)).toBeUndefined()
    expect(await insertMessages(db, vault, [request(key)])).toEqual([true])
  })

  test('batches with the same keys in crossed order wait for each other instead of deadlocking', async () => {
    const { db } = postgres
    for (let round = 0; round < 10; round++) {
      const keys = Array.from({ length: 40 }, () => randomUUID())
      const there = keys.map((key) => request(key))
      const back = keys.toReversed().map((key) => request(key))
      const stored = await Promise.all([
        insertMessages(db, vault, there),
        insertMessages(db, vault, back),
      ])
      expect(stored.flat().filter(Boolean)).toHaveLength(40)
      expect(await listStored(db, [...there, ...back])).toHaveLength(40)
    }
  })

  test('answers older than a day are forgotten', async () => {
    const { db } = postgres
    await emptyTables(db)
    const keys = [randomUUID(), randomUUID()] as const
    await insertMessages(db, vault, [
      request(keys[0]),
      request(keys[1], { message: { createdAt: after(60) } }),
    ])
    expect(await pruneIdempotentAnswers(db, after(24 * HOUR))).toBe(0)
    expect(await pruneIdempotentAnswers(db, after(24 * HOUR + 30))).toBe(1)
    expect(await findAnswer(db, keys[0])).toBeUndefined()
    expect(await findAnswer(db, keys[1])).toBeDefined()
  })
})

function request(
  key: string,
  {
    body = 'first',
    path = PATH,
    message: changes = {},
  }: { body?: string; path?: string; message?: Partial<NewMessage> } = {},
): AcceptedMessage {
  const message = buildMessage(changes)
  const response = JSON.stringify({ id: message.id })
  return {
    message,
    answer: { path, key, fingerprint: Buffer.alloc(32, body), status: 202, response },
  }
}

function findAnswer(
  db: Db,
  key: string,
  changes: { clientId?: string; path?: string } = {},
  now = NOW,
) {
  return findIdempotentAnswer(db, vault, { clientId: CLIENT, path: PATH, key, ...changes }, now)
}

async function listStored(db: Db, requests: readonly AcceptedMessage[]): Promise<string[]> {
  const ids = requests.map(({ message }) => message.id)
  const rows = await db.selectFrom('message').select('id').where('id', 'in', ids).execute()
  const events = await db
    .selectFrom('message_event')
    .select('message_id')
    .distinct()
    .where('message_id', 'in', ids)
    .execute()
  expect(events).toHaveLength(rows.length)
  return rows.map(({ id }) => id)
}
