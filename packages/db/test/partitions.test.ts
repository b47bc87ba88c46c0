import { expect, test } from '@jest/globals'
import { sql } from 'kysely'
import type { Db } from '@sms-gateway/db/connect'
import { insertMessages } from '@sms-gateway/db/insert-messages'
import { ensurePartitions, monthsRound } from '@sms-gateway/db/partitions'
import { firstIdAt } from '@sms-gateway/domain/ids'
import { onEachPostgres } from './on-each-postgres.ts'
import { buildMessage, claim, openAttempt, vault } from './support.ts'

test.each([
  ['2026-01-31T23:59:59.999Z', ['2025_12', '2026_01', '2026_02', '2026_03', '2026_04']],
  ['2026-11-01T00:00:00.000Z', ['2026_10', '2026_11', '2026_12', '2027_01', '2027_02']],
  ['2026-12-31T23:59:59.999Z', ['2026_11', '2026_12', '2027_01', '2027_02', '2027_03']],
  ['2028-02-29T12:00:00.000Z', ['2028_01', '2028_02', '2028_03', '2028_04', '2028_05']],
])('round %s lie the months %j, without a gap', (now, expected) => {
  const months = monthsRound(new Date(now))
  expect(months.map(({ suffix }) => suffix)).toEqual(expected)
  for (const [index, { from }] of months.entries()) {
    if (index > 0) expect(from).toEqual(months[index - 1]?.to)
  }
})

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
    expect(added).toEqual(['attempt_2034_03', 'message_2034_03', 'message_event_2034_03'])
  })
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

async function listPartitions(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select inhrelid::regclass::text as name from pg_inherits
    where inhparent in ('message'::regclass, 'message_event'::regclass, 'attempt'::regclass) order by 1`.execute(
    db,
  )
  return rows.map(({ name }) => name)
}
