import { beforeEach, expect, test } from '@jest/globals'
import { timeOutReceipts } from '@sms-gateway/db/time-out-receipts'
import { onEachPostgres } from './on-each-postgres.ts'
import {
  after,
  buildReceipt,
  createReference,
  DOUBT_ERROR,
  emptyTables,
  IN_DOUBT,
  readMessage,
  readTimeline,
  receive,
  sendMessage,
  settle,
  submitMessage,
} from './support.ts'

const HOURS = 72

onEachPostgres((postgres) => {
  beforeEach(() => emptyTables(postgres.db))

  /** What a test sends was taken, or in doubt, a second after NOW. */
  const timeOut = (secondsPast: number, limit = 100) =>
    timeOutReceipts(postgres.db, {
      now: after(1 + HOURS * 3_600 + secondsPast),
      timeoutHours: HOURS,
      limit,
    })

  async function doubt(checkAt: Date | null) {
    const attempt = await submitMessage(postgres.db)
    await settle(postgres.db, attempt, IN_DOUBT, { kind: 'doubt', checkAt, error: DOUBT_ERROR })
    return attempt.messageId
  }

  test('a message that was sent is unknown when no receipt has come by then', async () => {
    const { db } = postgres
    const { messageId } = await sendMessage(db)
    expect(await timeOut(0)).toBe(0)
    expect(await timeOut(1)).toBe(1)
    expect(await readMessage(db, messageId)).toMatchObject({
      status: 'unknown',
      error_code: 'receipt-timeout',
      in_doubt: false,
    })
    expect(await readTimeline(db, messageId)).toEqual([
      'accepted',
      'queued',
      'sending',
      'sent',
      'unknown',
    ])
    expect(await timeOut(2)).toBe(0)
  })

  test('so is one in doubt of which nobody can be asked; one that is still asked about waits', async () => {
    const { db } = postgres
    const held = await doubt(null)
    const asked = await doubt(after(6))
    expect(await timeOut(1)).toBe(1)
    expect(await readMessage(db, held)).toMatchObject({
      status: 'unknown',
      in_doubt: false,
      claimed_by: null,
    })
    expect(await readMessage(db, asked)).toMatchObject({ status: 'sending', in_doubt: true })
  })

  test('a receipt that comes after all still counts', async () => {
    const { db } = postgres
    const { messageId, reference } = await sendMessage(db)
    await timeOut(1)
    await receive(db, buildReceipt({ reference, status: 'delivered' }))
    expect(await readMessage(db, messageId)).toMatchObject({
      status: 'delivered',
      error_code: null,
    })
  })

  test('touches nothing that has ended, or that a worker is sending', async () => {
    const { db } = postgres
    const { reference } = await sendMessage(db)
    await receive(db, buildReceipt({ reference, status: 'undelivered' }))
    await submitMessage(db)
    expect(await timeOut(3_600)).toBe(0)
  })

  test('takes up to its limit, each once, beside a receipt that comes at the same moment', async () => {
    const { db } = postgres
    const sent = await Promise.all(Array.from({ length: 20 }, () => sendMessage(db)))
    expect(await timeOut(1, 5)).toBe(5)
    const receipts = sent.map(({ reference }) => buildReceipt({ reference, status: 'delivered' }))
    const [first, second] = await Promise.all([timeOut(1), timeOut(1), receive(db, ...receipts)])
    expect(first + second).toBeLessThanOrEqual(15)
    await receive(
      db,
      ...sent.map(() => buildReceipt({ reference: createReference(), status: 'sent' })),
    )
    for (const { messageId } of sent) {
      expect((await readMessage(db, messageId)).status).toBe('delivered')
      const timeline = await readTimeline(db, messageId)
      expect(timeline.filter((status) => status === 'unknown').length).toBeLessThanOrEqual(1)
      expect(timeline.at(-1)).toBe('delivered')
    }
  })
})
