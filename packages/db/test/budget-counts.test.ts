import { randomUUID } from 'node:crypto'
import { beforeEach, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { forgetFamilies, listFamilies, registerFamilies } from '@sms-gateway/db/budget-families'
import { cancelMessage } from '@sms-gateway/db/cancel-message'
import { setBudget } from '@sms-gateway/db/change-budgets'
import { countBudgets } from '@sms-gateway/db/count-budgets'
import { insertAffordable } from '@sms-gateway/db/insert-affordable'
import { insertBatch } from '@sms-gateway/db/insert-batch'
import { makeNextCounters } from '@sms-gateway/db/next-counters'
import type { BudgetsInForce } from '@sms-gateway/db/reserve-budgets'
import { countAlerts, takeUntoldAlerts } from '@sms-gateway/db/tell-alerts'
import { verifyLedger } from '@sms-gateway/db/verify-ledger'
import type { Budget } from '@sms-gateway/domain/budget'
import { createBudgetBook, familyIdOf } from '@sms-gateway/domain/budget-book'
import { createBatchId } from '@sms-gateway/domain/ids'
import { onEachPostgres } from './on-each-postgres.ts'
import { after, buildMessage, NOW, storeMessage, vault } from './support.ts'

const ZONE = { timeZone: 'UTC' }
const TODAY = NOW.toISOString().slice(0, 10)
const BY_ADMIN = { isAdmin: true, defaults: [], now: NOW }

onEachPostgres((postgres) => {
  let clientId: string
  let ofEach: Budget
  beforeEach(async () => {
    await sql`truncate budget, budget_family, budget_counter, budget_alert`.execute(postgres.db)
    await sql`truncate money_entry, message`.execute(postgres.db)
    clientId = randomUUID()
    ofEach = {
      ...{ scope: 'customer', clientId: null, key: '*', period: 'day', unit: 'messages' },
      ...{ hard: true, amount: 5 },
    }
  })

  const inForce = async (budgets: readonly Budget[]): Promise<BudgetsInForce> => {
    const counting = [...(await listFamilies(postgres.db))].filter(
      ([, { state }]) => state === 'counting',
    )
    const uncounted = new Map(counting.map(([id]) => [id, TODAY] as const))
    return { book: createBudgetBook(budgets, uncounted), ...ZONE }
  }
  const store = (customerId: string) => storeMessage(postgres.db, { clientId, customerId })
  const send = async (customerId: string, budgets: readonly Budget[]) => {
    const accepted = [{ message: buildMessage({ clientId, customerId }) }]
    const known = { inForce: await inForce(budgets) }
    const [outcome] = await insertAffordable(postgres.db, vault, accepted, known)
    return outcome
  }
  const count = (seconds = 0) => countBudgets(postgres.db, { now: after(seconds), ...ZONE })
  const listCounters = async () => {
    const { rows } = await sql<{ key: string; base: number; used: number }>`
      select key, base, used from budget_counter where client_id = ${clientId} order by key`.execute(
      postgres.db,
    )
    return rows
  }
  const expectWhole = async () => {
    expect((await verifyLedger(postgres.db)).differences).toEqual([])
  }

  test('of each customer, all are counted in one go, and who comes later begins with nothing', async () => {
    for (const customer of ['A', 'A', 'B']) await store(customer)
    await setBudget(postgres.db, ofEach, BY_ADMIN)
    expect(await listCounters()).toEqual([])
    await count()
    expect(await listCounters()).toEqual([
      { key: 'A', base: 2, used: 2 },
      { key: 'B', base: 1, used: 1 },
    ])
    expect([await send('A', [ofEach]), await send('C', [ofEach])]).toEqual(['stored', 'stored'])
    expect(await listCounters()).toEqual([
      { key: 'A', base: 2, used: 3 },
      { key: 'B', base: 1, used: 1 },
      { key: 'C', base: 0, used: 1 },
    ])
    await expectWhole()
  })

  test('while a hard one is counted nothing goes through, and its neighbours do', async () => {
    await setBudget(postgres.db, ofEach, BY_ADMIN)
    const own: Budget = { ...ofEach, clientId, key: 'A' }
    expect(await send('A', [ofEach])).toBe('counting')
    const message = buildMessage({ clientId, customerId: 'A' })
    const batch = { batchId: createBatchId(NOW), messages: [message], windowSeconds: 0, now: NOW }
    const known = await inForce([ofEach])
    expect(await insertBatch(postgres.db, vault, { ...batch, inForce: known })).toBe('counting')
    expect(await send('A', [{ ...ofEach, hard: false }])).toBe('stored')
    expect(await send('A', [{ ...own, scope: 'client', key: '' }])).toBe('stored')
    await count()
    // The one that was counted on the soft one, and the one that was not.
    expect(await listCounters()).toContainEqual({ key: 'A', base: 1, used: 2 })
    expect(await send('A', [ofEach])).toBe('stored')
    await expectWhole()
  })

  test('what others accepted before they heard of it is added a little later, once', async () => {
    await setBudget(postgres.db, ofEach, BY_ADMIN)
    await count()
    await send('A', [ofEach])
    await store('A')
    await count(5)
    expect(await listCounters()).toEqual([{ key: 'A', base: 0, used: 1 }])
    await count(16)
    await count(17)
    expect(await listCounters()).toEqual([{ key: 'A', base: 1, used: 2 }])
    expect((await listFamilies(postgres.db)).get(familyIdOf(ofEach))?.state).toBe('counted')
    await expectWhole()
  })

  test('a count beside writers is exact: nothing twice, nothing left out', async () => {
    const budget: Budget = { ...ofEach, scope: 'client', key: '', unit: 'money', amount: 1_000_000 }
    const loud = { ...budget, hard: false }
    for (let round = 0; round < 5; round++) await store('A')
    await setBudget(postgres.db, loud, BY_ADMIN)
    const writers = Array.from({ length: 16 }, async (_, writer) => {
      const { id } = await store('A')
      if (writer % 4 === 0) await cancelMessage(postgres.db, id, NOW)
      return send('B', [loud])
    })
    await Promise.all([...writers, count(), count()])
    await count(16)
    // 5 before, 16 that did not know it of which 4 were cancelled, 16 that did.
    expect(await listCounters()).toEqual([{ key: '', base: 17 * 500, used: 33 * 500 }])
    await expectWhole()
  })

  test('a budget that was away for a while is counted anew', async () => {
    await registerFamilies(postgres.db, [ofEach], NOW)
    await count()
    await send('A', [ofEach])
    await forgetFamilies(postgres.db, [ofEach])
    expect((await listFamilies(postgres.db)).size).toBe(1)
    await forgetFamilies(postgres.db, [])
    await store('A')
    await registerFamilies(postgres.db, [ofEach], NOW)
    await count()
    expect(await listCounters()).toEqual([{ key: 'A', base: 1, used: 2 }])
    await expectWhole()
  })

  test('the counters of tomorrow are made within the hour before, once', async () => {
    await registerFamilies(postgres.db, [ofEach], NOW)
    await count()
    await send('A', [ofEach])
    const midnight = Date.parse(`${TODAY}T24:00:00Z`)
    const at = (minutes: number) => ({ now: new Date(midnight + minutes * 60_000), ...ZONE })
    expect(await makeNextCounters(postgres.db, at(-61))).toBe(0)
    expect(await makeNextCounters(postgres.db, at(-59))).toBe(1)
    expect(await makeNextCounters(postgres.db, at(-58))).toBe(0)
    expect(await listCounters()).toEqual([
      { key: 'A', base: 0, used: 1 },
      { key: 'A', base: 0, used: 0 },
    ])
  })

  test('a mark is noted once however many pass it, told once over all replicas, and names no customer', async () => {
    await registerFamilies(postgres.db, [ofEach], NOW)
    await count()
    const six = Array.from({ length: 6 }, () => send('A', [ofEach]))
    await Promise.all(six)
    const told = await Promise.all([1, 2].map(() => takeUntoldAlerts(postgres.db, NOW)))
    expect(told.flat().map(({ percent }) => percent)).toEqual([50, 80, 100])
    expect(told.flat()[0]).toEqual({
      ...{ alertId: expect.any(Number), scope: 'customer', clientId, hard: true, percent: 50 },
      ...{ period: 'day', periodStart: TODAY, unit: 'messages' },
    })
    expect(await takeUntoldAlerts(postgres.db, NOW)).toEqual([])
    const counts = await countAlerts(postgres.db, TODAY)
    expect(counts.map((each) => [each.percent, each.count]).toSorted()).toEqual([
      [100, 1],
      [50, 1],
      [80, 1],
    ])
    expect(await countAlerts(postgres.db, '2020-01-01')).toEqual([])
  })
})
