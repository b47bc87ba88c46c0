import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type RawBuilder, sql } from 'kysely'
import { connectDatabase, type Db } from '@sms-gateway/db/connect'
import { prepared } from '@sms-gateway/db/prepared'
import { onEachPostgres } from './on-each-postgres.ts'

const POOL_SIZE = 6

interface Session {
  pid: number
  /** How often this very statement is prepared here. */
  kept: number
  plans: string
}

onEachPostgres((postgres) => {
  let db: Db
  beforeAll(() => {
    db = connectDatabase({ url: postgres.url, poolSize: POOL_SIZE, name: 'prepared' })
  })
  afterAll(() => db.destroy())

  const askSession = async (where: Db, mark: RawBuilder<unknown>) => {
    const { rows } = await sql<Session>`${mark}
      select pg_backend_pid() as pid, current_setting('plan_cache_mode') as plans,
        (select count(*) from pg_prepared_statements where name = 'ask-session') as kept`.execute(
      where,
    )
    return rows[0]
  }

  test('a marked statement is prepared once a connection, with a plan for any values', async () => {
    const first = await askSession(db, prepared('ask-session'))
    const second = await askSession(db, prepared('ask-session'))
    expect(first).toMatchObject({ kept: 1, plans: 'force_generic_plan' })
    expect(second).toEqual(first)
  })

  test('others are planned for their values, on connections of their own', async () => {
    const marked = await askSession(db, prepared('ask-session'))
    const plain = await askSession(db, sql``)
    expect(plain).toMatchObject({ kept: 0, plans: 'auto' })
    expect(plain?.pid).not.toBe(marked?.pid)
  })

  test('in a transaction a marked statement is one of that transaction', async () => {
    const inside = await db.transaction().execute(async (trx) => {
      const plain = await askSession(trx, sql``)
      return [plain, await askSession(trx, prepared('ask-session'))]
    })
    expect(inside[1]).toMatchObject({ kept: 0, plans: 'auto' })
    expect(inside[1]?.pid).toBe(inside[0]?.pid)
  })

  test('what the operator sets in the address and in PGOPTIONS holds on every connection, beside ours', async () => {
    const before = process.env['PGOPTIONS']
    process.env['PGOPTIONS'] = '-c work_mem=7MB'
    const address = new URL(postgres.url)
    address.searchParams.set('options', '-c maintenance_work_mem=9MB')
    const given = connectDatabase({ url: address.href, poolSize: POOL_SIZE })
    try {
      const ask = async (mark: RawBuilder<unknown>) => {
        const { rows } = await sql<Record<string, string>>`${mark}
          select current_setting('work_mem') as work, current_setting('maintenance_work_mem') as upkeep,
            current_setting('plan_cache_mode') as plans, current_setting('enable_seqscan') as scans`.execute(
          given,
        )
        return rows[0]
      }
      const both = { work: '7MB', upkeep: '9MB' }
      expect(await ask(sql``)).toEqual({ ...both, plans: 'auto', scans: 'on' })
      expect(await ask(prepared('ask-settings'))).toEqual({
        ...{ ...both, plans: 'force_generic_plan', scans: 'off' },
      })
    } finally {
      if (before === undefined) delete process.env['PGOPTIONS']
      else process.env['PGOPTIONS'] = before
      await given.destroy()
    }
  })

  test('a marked statement that fails is as good the next time', async () => {
    const divide = async (by: number) => {
      const { rows } = await sql<{
        n: number
      }>`${prepared('divide')} select 6 / ${by}::int as n`.execute(db)
      return rows[0]?.n
    }
    await expect(divide(0)).rejects.toMatchObject({ code: '22012' })
    expect(await divide(3)).toBe(2)
  })

  test('both kinds of connections together are no more than the pool may have', async () => {
    const wait = (mark: RawBuilder<unknown>) =>
      sql`${mark} select pg_sleep(0.05)`.execute(db).then(() => undefined)
    const openAll = async () => {
      await Promise.all(
        Array.from({ length: 20 }, (_, n) => wait(n % 2 === 0 ? sql`` : prepared('wait'))),
      )
      const { rows } = await sql<{ count: number }>`
        select count(*) from pg_stat_activity where application_name = 'prepared'`.execute(db)
      return rows[0]?.count ?? 0
    }
    const counts = [await openAll()]
    // Idle ones are closed after a while, and a busy machine may take that long to count them.
    while ((counts.at(-1) ?? 0) < POOL_SIZE) counts.push(await openAll())
    expect(counts.at(-1)).toBe(POOL_SIZE)
  })
})
