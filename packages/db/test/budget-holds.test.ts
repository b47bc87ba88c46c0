import { randomUUID } from 'node:crypto'
import { beforeEach, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { holdBudgets } from '@sms-gateway/db/hold-budgets'
import { insertAffordable } from '@sms-gateway/db/insert-affordable'
import { insertBatch } from '@sms-gateway/db/insert-batch'
import { releaseStaleHolds } from '@sms-gateway/db/release-holds'
import { type BudgetsInForce, planBudgets, prepareBudgets } from '@sms-gateway/db/reserve-budgets'
import { verifyLedger } from '@sms-gateway/db/verify-ledger'
import { createBudgetBook } from '@sms-gateway/domain/budget-book'
import { createBatchId } from '@sms-gateway/domain/ids'
import { onEachPostgres } from './on-each-postgres.ts'
import { after, buildMessage, NOW, vault } from './support.ts'

const AMOUNT = 10
const STALE_SECONDS = 61

onEachPostgres((postgres) => {
  let clientId: string
  let inForce: BudgetsInForce
  beforeEach(async () => {
    await releaseStaleHolds(postgres.db, after(STALE_SECONDS))
    clientId = randomUUID()
    const scope = { scope: 'client', clientId, key: '', period: 'day', unit: 'messages' } as const
    const book = createBudgetBook([{ ...scope, hard: true, amount: AMOUNT }])
    inForce = { book, timeZone: 'UTC' }
  })

  const build = (count: number, batchId: string | null = null) =>
    Array.from({ length: count }, () => buildMessage({ clientId, batchId }))
  const hold = async (count: number) => {
    const batchId = createBatchId(NOW)
    const plan = planBudgets(build(count, batchId), inForce)
    if (!plan) throw new Error('no budget is about them')
    await prepareBudgets(postgres.db, plan)
    return holdBudgets(postgres.db, batchId, plan, NOW)
  }
  const store = (count: number, windowSeconds = 0, messages = build(count)) => {
    const batchId = createBatchId(NOW)
    const batch = messages.map((message) => ({ ...message, batchId }))
    return insertBatch(postgres.db, vault, {
      ...{ batchId, messages: batch, windowSeconds, inForce, now: NOW },
    })
  }
  const leftOutOf = (stored: Awaited<ReturnType<typeof store>>) => {
    if (typeof stored === 'string') throw new Error(`it was not stored: ${stored}`)
    return stored
  }
  const sendOne = async () => {
    const accepted = build(1).map((message) => ({ message }))
    const [outcome] = await insertAffordable(postgres.db, vault, accepted, { inForce })
    return outcome
  }
  const expectUsed = async (used: number) => {
    const { rows } = await sql<{ used: number }>`
      select used from budget_counter where client_id = ${clientId}`.execute(postgres.db)
    expect(rows).toEqual([{ used }])
    expect((await verifyLedger(postgres.db)).differences).toEqual([])
  }

  test('what a batch holds is counted once, and nobody else gets it', async () => {
    const held = await hold(AMOUNT - 1)
    expect(held.admitted.filter(Boolean)).toHaveLength(AMOUNT - 1)
    await expectUsed(AMOUNT - 1)
    expect([await sendOne(), await sendOne()]).toEqual(['stored', 'unaffordable'])
    await expectUsed(AMOUNT)
  })

  test('a process that died gives it back after a minute, once', async () => {
    await hold(AMOUNT)
    expect(await releaseStaleHolds(postgres.db, after(STALE_SECONDS - 2))).toBe(0)
    expect(await sendOne()).toBe('unaffordable')
    const released = await Promise.all(
      [1, 2].map(() => releaseStaleHolds(postgres.db, after(STALE_SECONDS))),
    )
    expect(released.reduce((sum, each) => sum + each)).toBe(1)
    await expectUsed(0)
    expect(await sendOne()).toBe('stored')
  })

  test('a batch that is being stored is not taken for one that died', async () => {
    await hold(3)
    await postgres.db.transaction().execute(async (trx) => {
      await sql`select from budget_hold for update`.execute(trx)
      expect(await releaseStaleHolds(postgres.db, after(STALE_SECONDS))).toBe(0)
    })
    expect(await releaseStaleHolds(postgres.db, after(STALE_SECONDS))).toBe(1)
  })

  test('batches and single messages at once get exactly what there is', async () => {
    const singles = Array.from({ length: 8 }, sendOne)
    const [outcomes, batches] = await Promise.all([
      Promise.all(singles),
      Promise.all(Array.from({ length: 4 }, () => store(3))),
    ])
    const left = batches.reduce((sum, batch) => sum + leftOutOf(batch).unaffordable.size, 0)
    const stored = outcomes.filter((outcome) => outcome === 'stored').length
    expect(stored + 12 - left).toBe(AMOUNT)
    await expectUsed(AMOUNT)
  })

  test('texts that were sent a moment ago take no room', async () => {
    const [twin, ...others] = build(5)
    if (!twin) throw new Error('there are five')
    await store(0, 60, [twin])
    const again = { ...buildMessage({ clientId }), phone: twin.phone, text: twin.text }
    const stored = await store(0, 60, [again, ...others])
    expect([...leftOutOf(stored).repeats]).toEqual([[again.id, twin.id]])
    await expectUsed(5)
  })

  test('what a hold has room for, but is not stored, goes back', async () => {
    const failing = build(2).map((message) => ({ ...message, segments: -100_000 }))
    await expect(store(0, 0, failing)).rejects.toThrow()
    await expectUsed(0)
  })

  test('what was held before the holding failed goes back at once, and that error is told', async () => {
    const scope = { scope: 'client', clientId, key: '', period: 'day', unit: 'money' } as const
    inForce.book = createBudgetBook([{ ...scope, hard: true, amount: 1_000_000 }])
    // Room is taken in parts of 500 messages; half of a thousandth of a dollar fits in no column.
    const failing = build(501).map((message, index) =>
      index === 500 ? { ...message, costMilli: 0.5 } : message,
    )
    await expect(store(0, 0, failing)).rejects.toThrow(/bigint/)
    await expectUsed(0)

    await sql`create function refuse() returns trigger language plpgsql as $$
      begin raise exception 'not released'; end $$`.execute(postgres.db)
    await sql`create trigger refuse before delete on budget_hold execute function refuse()`.execute(
      postgres.db,
    )
    await expect(store(0, 0, failing)).rejects.toThrow(/bigint/)
    await sql`drop function refuse cascade`.execute(postgres.db)
    expect(await releaseStaleHolds(postgres.db, after(STALE_SECONDS))).toBe(1)
    await expectUsed(0)
  })
})
