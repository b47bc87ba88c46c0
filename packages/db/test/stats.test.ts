import { randomInt, randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { cancelMessage } from '@sms-gateway/db/cancel-message'
import { connectDatabase, type Db } from '@sms-gateway/db/connect'
import { foldStats } from '@sms-gateway/db/fold-stats'
import { insertMessages } from '@sms-gateway/db/insert-messages'
import { listStats, type Stats, sumStats } from '@sms-gateway/db/read-stats'
import { rebuildStats } from '@sms-gateway/db/rebuild-stats'
import type { StatGroup } from '@sms-gateway/db/stat-groups'
import { timeOutReceipts } from '@sms-gateway/db/time-out-receipts'
import { delayBucketOf, delayQuantile } from '@sms-gateway/domain/delay-sketch'
import { createMessageId } from '@sms-gateway/domain/ids'
import { addDays, dayOf } from '@sms-gateway/domain/local-days'
import type { NewMessage } from '@sms-gateway/domain/message'
import type { DeliveryReport } from '@sms-gateway/domain/provider'
import { onEachPostgres } from './on-each-postgres.ts'
import { REFUSED } from './outcomes.ts'
import {
  accepted,
  after,
  buildMessage,
  buildReceipt,
  claim,
  createReference,
  emptyTables,
  NOW,
  openAttempt,
  receive,
  sendMessage,
  settle,
  storeMessage,
  submitMessage,
  until,
  vault,
} from './support.ts'

const TAIPEI = 'Asia/Taipei'
const TODAY = dayOf(NOW, TAIPEI)

onEachPostgres((postgres) => {
  beforeEach(async () => {
    await emptyTables(postgres.db)
    await sql`truncate stat_hour, stat_day, stat_customer, stat_delta`.execute(postgres.db)
  })
  const fold = (db: Db = postgres.db) => foldStats(db, { timeZone: TAIPEI })
  const query = { firstDay: addDays(TODAY, -40), lastDay: addDays(TODAY, 1), timeZone: TAIPEI }
  const list = (group: StatGroup) => listStats(postgres.db, query, group, { limit: 500 })

  describe('the figures', () => {
    test('follow a message from acceptance to delivery', async () => {
      const sums = async () => {
        await fold()
        return brief(await sumStats(postgres.db, query))
      }
      const submitted = await submitMessage(postgres.db, { segments: 2, costMilli: 1_000 })
      expect(await sums()).toEqual([1, 0, 0, 0, 0, 0])
      const reference = createReference()
      await settle(postgres.db, submitted, accepted(reference), { kind: 'sent' })
      expect(await sums()).toEqual([1, 1, 0, 0, 2, 1_000])
      await receive(postgres.db, buildReceipt(report(reference, 'undelivered')))
      expect(await sums()).toEqual([1, 1, 0, 1, 2, 1_000])
      await receive(postgres.db, buildReceipt(report(reference, 'delivered')))
      expect(await sums()).toEqual([1, 1, 1, 0, 2, 1_000])
      const { delays } = await sumStats(postgres.db, query)
      // Sent a second after it was accepted, delivered two seconds later: see support.ts.
      expect((delayQuantile(delays, 0.5) ?? 0) / 2_000).toBeCloseTo(1, 1)
    })

    test('forget what a message was when it becomes something else, whoever changes it', async () => {
      const { message, reference } = await sendMessage(postgres.db)
      await receive(postgres.db, buildReceipt(report(reference, 'delivered')))
      await fold()
      const slow = new Date(after(1).getTime() + 60_000)
      await sql`update message set delivered_at = ${slow} where id = ${message.id}`.execute(
        postgres.db,
      )
      await sql`update message set updated_at = now()`.execute(postgres.db)
      await fold()
      const { delays } = await sumStats(postgres.db, query)
      expect([...delays]).toEqual([[delayBucketOf(60_000), 1]])
    })

    test('of a receipt that comes days later are those of the hour of acceptance', async () => {
      const createdAt = new Date(NOW.getTime() - 3 * 86_400_000)
      const { reference } = await sendMessage(postgres.db, { createdAt })
      await fold()
      await receive(postgres.db, buildReceipt(report(reference, 'delivered')))
      await fold()
      const hours = await list('hour')
      expect(hours.map((hour) => [hour.key['hour'], ...brief(hour)])).toEqual([
        [`${createdAt.toISOString().slice(0, 13)}:00:00Z`, 1, 1, 1, 0, 1, 500],
      ])
      expect((await list('day')).map(({ key }) => key['day'])).toEqual([dayOf(createdAt, TAIPEI)])
    })

    test('stand under the provider that took it once it has ended, and leave no empty row behind', async () => {
      await sendMessage(postgres.db, { provider: 'chunghwa' })
      await fold()
      await storeMessage(postgres.db)
      await fold()
      expect((await list('provider')).map(({ key, total }) => [key['provider'], total])).toEqual([
        [null, 1],
        ['chunghwa', 1],
      ])
      const rows = await postgres.db.selectFrom('stat_hour').select('total').execute()
      expect(rows.map(({ total }) => total)).toEqual([1, 1])
    })

    test('are given by each thing that they are kept by', async () => {
      const campaignId = randomUUID()
      await storeMessage(postgres.db, { messageType: 'otp', customerId: 'C-1' })
      await storeMessage(postgres.db, {
        templateCode: 'welcome',
        templateVersion: 1,
        variant: 'B',
        customerId: 'C-1',
        campaignId,
      })
      await fold()
      const keys = async (group: StatGroup) =>
        (await list(group)).map(({ key, total }) => [...Object.values(key), total])
      expect(await keys('message_type')).toEqual([
        ['order_confirmation', 1],
        ['otp', 1],
      ])
      expect(await keys('template')).toEqual([
        [null, 1],
        ['welcome', 1],
      ])
      expect(await keys('variant')).toEqual([
        [null, null, 1],
        ['welcome', 'B', 1],
      ])
      expect(await keys('campaign')).toEqual([
        [null, 1],
        [campaignId, 1],
      ])
      expect((await keys('customer')).map((row) => row.slice(1))).toEqual([['C-1', 2]])
      expect(await keys('day')).toEqual([[TODAY, 2]])
    })

    test.each<[string, NewMessage['status'], number]>([
      ['waiting', 'queued', 0],
      ['suppressed at once', 'suppressed', 0],
    ])('of a message that is %s count no cost', async (_what, status, cost) => {
      await storeMessage(postgres.db, { status })
      await fold()
      expect((await sumStats(postgres.db, query)).costMilli).toBe(cost)
    })
  })

  test('PostgreSQL and the gateway put a delay into the same bucket', async () => {
    const delays = [1, 2, 999, 1_000, 1_001, 60_000, 86_400_000, 259_200_000, 12_345_678_901]
    const { rows } = await sql<{ bucket: number }>`
      select delay_bucket(${NOW}, ${NOW}::timestamptz + ms * interval '1 ms') as bucket
      from unnest(${delays}::float8[]) ms`.execute(postgres.db)
    expect(rows.map(({ bucket }) => bucket)).toEqual(delays.map(delayBucketOf))
  })

  describe('random lives, in any order and side by side,', () => {
    test('come to what the messages say', async () => {
      const db = connectDatabase({ url: postgres.url, poolSize: 8 })
      try {
        const over = new AbortController()
        const folding = [1, 2].map(async () => {
          while (!over.signal.aborted) await fold(db)
        })
        await Promise.all(Array.from({ length: 6 }, () => liveMany(db, 12)))
        over.abort()
        await Promise.all(folding)
        await fold(db)
      } finally {
        await db.destroy()
      }
      const kept = await readAll(postgres.db)
      expect(kept.stat_hour.length).toBeGreaterThan(10)
      await rebuildStats(postgres.db, { timeZone: TAIPEI })
      expect(await readAll(postgres.db)).toEqual(kept)
      const [row] = (
        await sql<{ n: number }>`select count(*)::int as n from message`.execute(postgres.db)
      ).rows
      expect((await sumStats(postgres.db, query)).total).toBe(row?.n)
    })
  })

  describe('rebuilding', () => {
    test('puts right what was wrong, and counts what waits once', async () => {
      await liveMany(postgres.db, 8)
      await fold()
      const right = await readAll(postgres.db)
      await sql`update stat_hour set delivered = delivered + 1, delays = ''`.execute(postgres.db)
      await sql`update stat_day set total = 0`.execute(postgres.db)
      await sql`delete from stat_customer`.execute(postgres.db)
      await rebuildStats(postgres.db, { timeZone: TAIPEI })
      expect(await readAll(postgres.db)).toEqual(right)

      await storeMessage(postgres.db)
      await rebuildStats(postgres.db, { timeZone: TAIPEI })
      const before = (await sumStats(postgres.db, query)).total
      await fold()
      expect((await sumStats(postgres.db, query)).total).toBe(before)
    })

    test('keeps the days whose month is gone, and those that its end cuts', async () => {
      const monthStart = new Date(Date.UTC(NOW.getUTCFullYear(), NOW.getUTCMonth(), 1))
      const at = (hours: number) => new Date(monthStart.getTime() + hours * 3_600_000)
      // In Taipei the first day of a month begins eight hours before the month does in UTC.
      for (const createdAt of [at(-48), at(-4), at(2)])
        await storeMessage(postgres.db, { createdAt })
      await fold()
      const kept = await readAll(postgres.db)
      await sql`delete from message where created_at < ${monthStart}`.execute(postgres.db)
      await rebuildStats(postgres.db, { timeZone: TAIPEI })
      expect(await readAll(postgres.db)).toEqual(kept)
    })

    test('of no messages at all leaves all as it is', async () => {
      await storeMessage(postgres.db)
      await fold()
      await sql`truncate message`.execute(postgres.db)
      expect(await rebuildStats(postgres.db, { timeZone: TAIPEI })).toBeUndefined()
      expect((await sumStats(postgres.db, query)).total).toBe(1)
    })

    test('counts once what is accepted between two of its statements', async () => {
      await storeMessage(postgres.db)
      await fold()
      const db = connectDatabase({ url: postgres.url, poolSize: 4 })
      try {
        let rebuilding: Promise<unknown> | undefined
        await db.transaction().execute(async (holder) => {
          await sql`select from stat_hour for update`.execute(holder)
          rebuilding = rebuildStats(db, { timeZone: TAIPEI })
          await until(async () => {
            const { rows } = await sql`select from pg_stat_activity
              where datname = current_database() and wait_event_type = 'Lock'`.execute(postgres.db)
            return rows.length > 0
          })
          await storeMessage(postgres.db)
        })
        await rebuilding
      } finally {
        await db.destroy()
      }
      await fold()
      expect((await sumStats(postgres.db, query)).total).toBe(2)
    })

    test('beside a gateway that is at work loses nothing and doubles nothing', async () => {
      const db = connectDatabase({ url: postgres.url, poolSize: 8 })
      try {
        const lives = Promise.all(Array.from({ length: 6 }, () => liveMany(db, 12)))
        const over = new AbortController()
        const rebuilding = (async () => {
          while (!over.signal.aborted) {
            await rebuildStats(db, { timeZone: TAIPEI })
            await fold(db)
          }
        })()
        await lives
        over.abort()
        await rebuilding
        await fold(db)
      } finally {
        await db.destroy()
      }
      const kept = await readAll(postgres.db)
      await rebuildStats(postgres.db, { timeZone: TAIPEI })
      expect(await readAll(postgres.db)).toEqual(kept)
    })
  })

  test('a zone of half an hour has hours of its own', async () => {
    const createdAt = new Date('2026-03-01T18:45:00Z')
    await storeMessage(postgres.db, { createdAt, id: createMessageId(createdAt) })
    await foldStats(postgres.db, { timeZone: 'Asia/Kolkata' })
    const india = { firstDay: '2026-03-01', lastDay: '2026-03-02', timeZone: 'Asia/Kolkata' }
    const [hour] = await listStats(postgres.db, india, 'hour', { limit: 5 })
    const [day] = await listStats(postgres.db, india, 'day', { limit: 5 })
    expect([hour?.key, day?.key]).toEqual([{ hour: '2026-03-01T18:30:00Z' }, { day: '2026-03-02' }])
  })
})

function brief({ total, sent, delivered, failed, segments, costMilli }: Stats): number[] {
  return [total, sent, delivered, failed, segments, costMilli]
}

function report(reference: string, status: DeliveryReport['status'], at?: Date): DeliveryReport {
  return { reference, status, ...(at && { at }) }
}

/** Every row of every roll-up: the sketches too, byte by byte. */
async function readAll(db: Db) {
  const read = async (table: 'stat_hour' | 'stat_day' | 'stat_customer') => {
    const { rows } = await sql<{ line: string }>`
      select r::text as line from ${sql.table(table)} r order by r::text`.execute(db)
    return rows.map(({ line }) => line)
  }
  return {
    stat_hour: await read('stat_hour'),
    stat_day: await read('stat_day'),
    stat_customer: await read('stat_customer'),
  }
}

/** Messages of the last days, each with another life: given up, failed, doubted, with late, doubled, disordered receipts. */
async function liveMany(db: Db, count: number): Promise<void> {
  for (let index = 0; index < count; index++) await liveOne(db)
}

async function liveOne(db: Db): Promise<void> {
  const createdAt = new Date(NOW.getTime() - randomInt(3 * 86_400_000))
  const message = buildMessage({
    id: createMessageId(createdAt),
    createdAt,
    messageType: pick('otp', 'promotion', 'order_confirmation'),
    customerId: pick(null, 'C-1', '客戶'),
    templateCode: pick(null, 'welcome'),
    variant: pick(null, 'A', 'B'),
    segments: randomInt(1, 4),
    costMilli: randomInt(1, 4) * 500,
  })
  await insertMessages(db, vault, [{ message }])
  if (randomInt(6) === 0) {
    await cancelMessage(db, message.id, after(1))
    return
  }
  await claim(db, [message.id])
  const provider = pick('twilio', 'chunghwa')
  const attempt = await openAttempt(db, message, 1, { provider })
  const reference = createReference()
  if (randomInt(6) === 0) {
    await settle(db, attempt, REFUSED, { kind: 'fail', error: REFUSED })
    return
  }
  const facts = { at: after(randomInt(10)) }
  await settle(db, attempt, accepted(reference), { kind: 'sent' }, facts)
  if (randomInt(6) === 0) {
    await timeOutReceipts(db, { now: after(80 * 3_600), timeoutHours: 72, limit: 1 })
  }
  const moment = () => after(randomInt(100_000))
  const receipts = (['delivered', 'undelivered', 'sent', 'delivered'] as const)
    .filter(() => randomInt(2) === 0)
    .map((status) => buildReceipt(report(reference, status, moment()), { provider }))
  for (const receipt of receipts) await receive(db, receipt, ...(randomInt(2) ? [receipt] : []))
}

function pick<T>(...values: T[]): T {
  const value = values[randomInt(values.length)]
  if (value === undefined) throw new Error('there is nothing to pick from')
  return value
}
