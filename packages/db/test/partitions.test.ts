import { expect, test } from '@jest/globals'
import { sql } from 'kysely'
import type { Db } from '@sms-gateway/db/connect'
import { findMessage } from '@sms-gateway/db/find-message'
import { insertMessages } from '@sms-gateway/db/insert-messages'
import { ensurePartitions } from '@sms-gateway/db/partitions'
import { firstIdAt } from '@sms-gateway/domain/ids'
import { monthsRound } from '@sms-gateway/domain/months'
import { onEachPostgres } from './on-each-postgres.ts'
import { buildMessage, claim, openAttempt, vault } from './support.ts'

onEachPostgres((postgres) => {
  const NEW_YEAR = new Date('2031-01-01T00:00:00.000Z')
  const LAST_MOMENT = new Date(NEW_YEAR.getTime() - 1)

  test('a message, its events and its attempts lie in the month of their id, to the millisecond', async () => {
    const { db } = postgres
    await ensurePartitions(db, LAST_MOMENT)
    const last = buildMessage({ createdAt: LAST_MOMENT })
    const first = buildMessage({ createdAt: NEW_YEAR })
    await insertMessages(db, vault, [{ message: last }, { message: first }])
    await claim(db, [last.id, first.id])
    await openAttempt(db, last, 1)
    await openAttempt(db, first, 1)

    expect(await findPartitions(db, last.id)).toEqual(partitionsOf('2030_12'))
    expect(await findPartitions(db, first.id)).toEqual(partitionsOf('2031_01'))
    expect(await countDefaults(db)).toBe(0)
  })

  test('the smallest id of a month is in it', async () => {
    const { db } = postgres
    await ensurePartitions(db, NEW_YEAR)
    const message = { ...buildMessage({ createdAt: NEW_YEAR }), id: firstIdAt(NEW_YEAR) as never }
    await insertMessages(db, vault, [{ message }])
    expect((await findPartitions(db, message.id)).message).toEqual(['message_2031_01'])
  })

  test('a month that nobody foresaw goes to the default partition, and is found', async () => {
    const { db } = postgres
    const message = buildMessage({ createdAt: new Date('2040-05-05T00:00:00Z') })
    expect(await insertMessages(db, vault, [{ message }])).toEqual([true])
    expect((await findPartitions(db, message.id)).message).toEqual(['message_default'])
    await sql`delete from message where id = ${message.id}`.execute(db)
    await sql`delete from message_event where message_id = ${message.id}`.execute(db)
  })

  test('are made once, however often and by however many at once they are asked for', async () => {
    const { db } = postgres
    const now = new Date('2033-11-15T00:00:00Z')
    await Promise.all(Array.from({ length: 4 }, () => ensurePartitions(db, now)))
    const once = await listPartitions(db)
    await ensurePartitions(db, now)
    expect(await listPartitions(db)).toEqual(once)
    for (const { suffix } of monthsRound(now)) expect(once).toContain(`attempt_${suffix}`)

    await ensurePartitions(db, new Date('2033-12-15T00:00:00Z'))
    const added = (await listPartitions(db)).filter((name) => !once.includes(name))
    expect(added).toEqual([
      'attempt_2034_03',
      'message_2034_03',
      'message_event_2034_03',
      'money_entry_2034_03',
    ])
  })

  test('after months without a scheduler what came meanwhile moves to its months, and works on', async () => {
    const { db } = postgres
    const gone = ['2035-04-30T23:59:59.999Z', '2035-05-01T00:00:00Z', '2035-06-15T00:00:00Z']
    const messages = gone.map((at) => buildMessage({ createdAt: new Date(at) }))
    await insertMessages(
      db,
      vault,
      messages.map((message) => ({ message })),
    )
    const [april, may, june] = messages
    if (!april || !may || !june) throw new Error('there are three')
    await claim(db, [june.id])
    await openAttempt(db, june, 1)
    expect(await countDefaults(db)).toBe(11)
    const before = await countStats(db)

    const back = new Date('2035-06-20T00:00:00Z')
    await Promise.all([ensurePartitions(db, back), ensurePartitions(db, back)])
    expect(await countDefaults(db)).toBe(0)
    expect((await findPartitions(db, april.id)).message).toEqual(['message_2035_04'])
    expect((await findPartitions(db, may.id)).message).toEqual(['message_2035_05'])
    expect(await findPartitions(db, june.id)).toEqual(partitionsOf('2035_06'))
    expect(await findMessage(db, vault, april.id)).toMatchObject({ text: april.text })
    expect(await countStats(db)).toBe(before)
    expect(await claim(db, [april.id, may.id])).toHaveLength(2)
    // What comes next finds its month, and the same indexes.
    const next = buildMessage({ createdAt: back })
    await insertMessages(db, vault, [{ message: next }])
    expect((await findPartitions(db, next.id)).message).toEqual(['message_2035_06'])
    expect(await countIndexes(db, 'message_2035_06')).toBe(
      await countIndexes(db, 'message_default'),
    )
  })

  test('waits for nobody who holds a table, and says so', async () => {
    const { db } = postgres
    const message = buildMessage({ createdAt: new Date('2036-05-05T00:00:00Z') })
    await insertMessages(db, vault, [{ message }])
    await db.transaction().execute(async (trx) => {
      await sql`select from message where id = ${message.id} for update`.execute(trx)
      await expect(ensurePartitions(db, message.createdAt)).rejects.toThrow('in use')
    })
    await ensurePartitions(db, message.createdAt)
    expect((await findPartitions(db, message.id)).message).toEqual(['message_2036_05'])
  }, 20_000)
})

function partitionsOf(month: string) {
  return {
    message: [`message_${month}`],
    message_event: [`message_event_${month}`],
    attempt: [`attempt_${month}`],
  }
}

async function findPartitions(db: Db, id: string) {
  const find = async (table: string, column: string) => {
    const { rows } = await sql<{ name: string }>`
      select distinct tableoid::regclass::text as name from ${sql.table(table)} where ${sql.ref(column)} = ${id}`.execute(
      db,
    )
    return rows.map(({ name }) => name)
  }
  return {
    message: await find('message', 'id'),
    message_event: await find('message_event', 'message_id'),
    attempt: await find('attempt', 'message_id'),
  }
}

async function countDefaults(db: Db): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select (select count(*) from message_default) + (select count(*) from message_event_default)
      + (select count(*) from attempt_default) as count`.execute(db)
  return Number(rows[0]?.count)
}

async function countStats(db: Db): Promise<number> {
  const { rows } = await sql<{ total: number }>`
    select coalesce(sum(total), 0)::int as total from stat_delta`.execute(db)
  return Number(rows[0]?.total)
}

async function countIndexes(db: Db, table: string): Promise<number> {
  const { rows } = await sql`select from pg_index where indrelid = ${table}::regclass`.execute(db)
  return rows.length
}

async function listPartitions(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select inhrelid::regclass::text as name from pg_inherits
    where inhparent in ('message'::regclass, 'message_event'::regclass, 'attempt'::regclass, 'money_entry'::regclass) order by 1`.execute(
    db,
  )
  return rows.map(({ name }) => name)
}
