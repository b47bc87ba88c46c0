import { randomUUID } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { openAttempts } from '@sms-gateway/db/open-attempts'
import { releaseClaims } from '@sms-gateway/db/release-claims'
import { onEachPostgres } from './on-each-postgres.ts'
import { DOUBT } from './outcomes.ts'
import {
  buildReceipt,
  claim,
  createReference,
  IN_DOUBT,
  NOW,
  readAttempt,
  readMessage,
  readTimeline,
  receive,
  settle,
  storeMessage,
  storeMessages,
  submitMessage,
  WORKER,
} from './support.ts'

const OTHER_WORKER = randomUUID()

onEachPostgres((postgres) => {
  describe('openAttempts', () => {
    test('commits the attempt and tells of it', async () => {
      const { db } = postgres
      const { id } = await storeMessage(db)
      await claim(db, [id])
      expect(await open(id, 1)).toBe(true)

      expect(await readMessage(db, id)).toMatchObject({
        status: 'sending',
        attempt_number: 1,
        attempt_open: true,
        provider: 'twilio',
        updated_at: NOW,
      })
      expect(await readAttempt(db, { messageId: id, number: 1 })).toEqual({
        message_id: id,
        number: 1,
        provider: 'twilio',
        state: 'open',
        worker_id: WORKER,
        opened_at: NOW,
        settled_at: null,
        error_code: null,
        error_detail: null,
        check_at: null,
        checks: 0,
      })
      expect(await readTimeline(db, id)).toEqual(['accepted', 'queued', 'sending'])
    })

    test('is for the owner alone, for the next number alone, and once', async () => {
      const { db } = postgres
      const { id } = await storeMessage(db)
      expect(await open(id, 1)).toBe(false)
      await claim(db, [id])
      expect(await open(id, 1, OTHER_WORKER)).toBe(false)
      expect(await open(id, 2)).toBe(false)
      expect(await open(id, 1)).toBe(true)
      expect(await open(id, 1)).toBe(false)
      expect(await open(id, 2)).toBe(false)
      expect(await readTimeline(db, id)).toEqual(['accepted', 'queued', 'sending'])
    })

    test('is not for a worker whose claim was released, not even after another one has taken it', async () => {
      const { db } = postgres
      const { id } = await storeMessage(db)
      await claim(db, [id])
      await releaseClaims(db, { ids: [id], workerId: WORKER, now: NOW })
      expect(await open(id, 1)).toBe(false)
      await claim(db, [id], { workerId: OTHER_WORKER })
      expect(await open(id, 1)).toBe(false)
      expect(await open(id, 1, OTHER_WORKER)).toBe(true)
    })

    test('is not for a message that a receipt has moved, or that is in doubt', async () => {
      const { db } = postgres
      const attempt = await submitMessage(db)
      await receive(db, buildReceipt({ reference: createReference(), status: 'sent' }, { attempt }))
      expect(await open(attempt.messageId, 2)).toBe(false)

      const doubtful = await submitMessage(db)
      await settle(db, doubtful, IN_DOUBT, DOUBT)
      expect(await open(doubtful.messageId, 2)).toBe(false)
    })

    test('opens those of a batch that may be, and says which', async () => {
      const { db } = postgres
      const [first, second, third] = await storeMessages(db, 3)
      await claim(db, [first!.id, third!.id])
      const batch = [first!, second!, third!].map(({ id }) => newAttempt(id, 1))
      expect(await openAttempts(db, batch)).toEqual([true, false, true])
      expect(await openAttempts(db, [])).toEqual([])
    })

    test('from eight at once: one', async () => {
      const { db } = postgres
      const { id } = await storeMessage(db)
      await claim(db, [id])
      const opened = await Promise.all(Array.from({ length: 8 }, () => open(id, 1)))
      expect(opened.filter(Boolean)).toHaveLength(1)
    })
  })

  function newAttempt(
    messageId: Parameters<typeof readAttempt>[1]['messageId'],
    number: number,
    workerId = WORKER,
  ) {
    return { messageId, number, provider: 'twilio', workerId, openedAt: NOW } as const
  }

  async function open(...attempt: Parameters<typeof newAttempt>): Promise<boolean | undefined> {
    return (await openAttempts(postgres.db, [newAttempt(...attempt)]))[0]
  }
})
