import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import type { Db } from '@sms-gateway/db/connect'
import { connectDatabase } from '@sms-gateway/db/connect'
import { findSenderSettings, setCustomerSettings } from '@sms-gateway/db/customer-settings'
import { listProviderEvents } from '@sms-gateway/db/provider-events'
import type { AttemptTally } from '@sms-gateway/db/provider-minutes'
import { addTallies, pruneTallies, readProviderHealth } from '@sms-gateway/db/provider-minutes'
import {
  changeCircuit,
  listProviderStates,
  storeBalance,
  switchProvider,
} from '@sms-gateway/db/provider-states'
import { pruneTurns, reserveTurn } from '@sms-gateway/db/rate-turns'
import type { CircuitSignal } from '@sms-gateway/domain/circuit'
import { CLOSED_CIRCUIT, recordSignal, startProbe } from '@sms-gateway/domain/circuit'
import { onEachPostgres } from './on-each-postgres.ts'
import { after, NOW } from './support.ts'

const POLICY = { failuresToOpen: 3, resetMs: 300_000, probeMs: 15_000 }
const FAILURE: CircuitSignal = { kind: 'failure', reason: 'unreachable: ECONNREFUSED' }
const PROCESSES = 4
const HOUR_MS = 3_600_000

onEachPostgres((postgres) => {
  /** Each with connections of its own, as processes have them. */
  let processes: Db[] = []
  beforeAll(() => {
    processes = Array.from({ length: PROCESSES }, () =>
      connectDatabase({ url: postgres.url, poolSize: 3 }),
    )
  })
  afterAll(() => Promise.all(processes.map((db) => db.destroy())))
  beforeEach(() =>
    sql`truncate provider_state, provider_event, provider_minute, rate_turn`.execute(postgres.db),
  )

  /** `count` times, side by side, by all processes in turn. */
  const inAllProcesses = <T>(count: number, act: (db: Db, index: number) => Promise<T>) =>
    Promise.all(
      Array.from({ length: count }, (_, index) => {
        const db = processes[index % PROCESSES]
        if (!db) throw new Error('no process')
        return act(db, index)
      }),
    )
  const change = { provider: 'twilio', now: NOW, actor: null } as const
  const fail = (db: Db, now = NOW) =>
    changeCircuit(db, { ...change, now }, (circuit) => recordSignal(circuit, FAILURE, POLICY, now))
  const readState = async () => (await listProviderStates(postgres.db))[0]
  const readEvents = async () =>
    (await listProviderEvents(postgres.db, 100)).map(({ state, reason, actor }) => [
      state,
      reason,
      actor,
    ])

  describe('the circuit of a provider', () => {
    test('is opened once by three failures in three processes', async () => {
      await inAllProcesses(3, (db) => fail(db))
      expect(await readState()).toEqual({
        provider: 'twilio',
        enabled: true,
        circuit: {
          state: 'open',
          failures: 3,
          openedAt: NOW,
          probeUntil: null,
          reason: FAILURE.reason,
        },
        balance: null,
      })
      expect(await readEvents()).toEqual([['circuit open', FAILURE.reason, null]])
    })

    test('is opened once by any number of failures, and stays as the third left it', async () => {
      const results = await inAllProcesses(24, (db) => fail(db))
      expect(results.filter(({ changed }) => changed)).toHaveLength(3)
      expect((await readState())?.circuit).toMatchObject({ state: 'open', failures: 3 })
      expect(await readEvents()).toHaveLength(1)
    })

    test('that is due lets one of ten have the probe, and the next when that is lost', async () => {
      await inAllProcesses(3, (db) => fail(db))
      const probe = async (now: Date) => {
        const results = await inAllProcesses(10, (db) =>
          changeCircuit(db, { ...change, now }, (circuit) => startProbe(circuit, POLICY, now)),
        )
        return results.filter(({ changed }) => changed).length
      }
      expect(await probe(after(299))).toBe(0)
      expect(await probe(after(300))).toBe(1)
      expect((await readState())?.circuit).toMatchObject({
        state: 'half_open',
        probeUntil: after(315),
      })
      expect(await probe(after(314))).toBe(0)
      expect(await probe(after(315))).toBe(1)
      expect((await readEvents()).map(([state]) => state)).toEqual([
        'circuit half_open',
        'circuit open',
      ])
    })

    test('of one is no other’s, and tells whoever changed it', async () => {
      const actor = randomUUID()
      await Promise.all([
        fail(postgres.db),
        changeCircuit(postgres.db, { provider: 'chunghwa', now: NOW, actor }, () => ({
          ...CLOSED_CIRCUIT,
          state: 'open',
          openedAt: NOW,
          reason: 'by hand',
        })),
      ])
      const states = await listProviderStates(postgres.db)
      expect(states.map(({ provider, circuit }) => [provider, circuit.state])).toEqual([
        ['chunghwa', 'open'],
        ['twilio', 'closed'],
      ])
      expect(await readEvents()).toEqual([['circuit open', 'by hand', actor]])
    })
  })

  test('a switch that is thrown by all at once is thrown once', async () => {
    const results = inAllProcesses(8, (db) => switchProvider(db, change, false, 'maintenance'))
    await results
    expect(await readState()).toMatchObject({ enabled: false, circuit: CLOSED_CIRCUIT })
    expect(await readEvents()).toEqual([['disabled', 'maintenance', null]])
    await switchProvider(postgres.db, change, true, 'done')
    expect((await readEvents()).map(([state]) => state)).toEqual(['enabled', 'disabled'])
  })

  test('a balance and a circuit leave each other alone', async () => {
    const balance = { amount: '123.45', currency: 'USD' }
    await Promise.all([fail(postgres.db), storeBalance(postgres.db, 'twilio', balance, NOW)])
    await storeBalance(postgres.db, 'twilio', { ...balance, amount: '0.05' }, after(1))
    expect(await readState()).toMatchObject({
      circuit: { failures: 1 },
      balance: { amount: '0.05', currency: 'USD', at: after(1) },
    })
  })

  describe('the tallies of attempts', () => {
    const minute = new Date(Math.floor(NOW.getTime() / 60_000) * 60_000)
    const tally = (changes: Partial<AttemptTally> = {}): AttemptTally => ({
      provider: 'twilio',
      minute,
      outcome: 'accepted',
      attempts: 1,
      latencyMs: 10,
      latencyMsMax: 10,
      ...changes,
    })

    test('of all processes add up, in whatever order each has them', async () => {
      await inAllProcesses(40, (db, n) => {
        const tallies = [
          tally({ latencyMs: n, latencyMsMax: n }),
          tally({ outcome: 'refused' }),
          tally({ provider: 'chunghwa', attempts: 2, latencyMs: 30, latencyMsMax: 20 }),
        ]
        return addTallies(db, n % 2 === 0 ? tallies : tallies.toReversed())
      })
      const health = await readProviderHealth(postgres.db, minute)
      expect(health.toSorted((a, b) => (a.provider < b.provider ? -1 : 1))).toEqual([
        { provider: 'chunghwa', attempts: 80, accepted: 80, latencyMsMean: 15, latencyMsMax: 20 },
        { provider: 'twilio', attempts: 80, accepted: 40, latencyMsMean: 15, latencyMsMax: 39 },
      ])
    })

    test('are those of the minutes that are asked for, and are forgotten when they are old', async () => {
      const old = new Date(minute.getTime() - 60_000)
      await addTallies(postgres.db, [tally(), tally({ minute: old, outcome: 'in_doubt' })])
      await addTallies(postgres.db, [])
      expect(await readProviderHealth(postgres.db, minute)).toMatchObject([{ attempts: 1 }])
      expect(await readProviderHealth(postgres.db, old)).toMatchObject([
        { attempts: 2, accepted: 1 },
      ])
      await pruneTallies(postgres.db, minute)
      expect(await readProviderHealth(postgres.db, old)).toMatchObject([{ attempts: 1 }])
    })
  })

  describe('the turns of a limit', () => {
    test('are apart by its interval, over all processes and connections', async () => {
      // So far apart that none passes unused, however slow the machine.
      const [everyMs, turns] = [60_000, 50]
      const start = Date.now()
      await reserveTurn(postgres.db, 'all', everyMs)
      const first = await readNextAt()
      const perProcess = await inAllProcesses(PROCESSES, async (db) => {
        const due: number[] = []
        for (let n = 0; n < turns; n++) {
          const waitMs = await reserveTurn(db, 'all', everyMs)
          // Not before the turn itself: the database has answered before.
          due.push(Date.now() + waitMs)
        }
        return due
      })
      const due = perProcess.flat().toSorted((a, b) => a - b)
      expect(due).toHaveLength(PROCESSES * turns)
      const early = due.filter((at, index) => at < start + (index + 1) * everyMs - 2)
      expect(early).toEqual([])
      expect((await readNextAt()) - first).toBe(PROCESSES * turns * everyMs)
    })

    const readNextAt = async () => {
      const { rows } = await sql<{ next_at: Date }>`select next_at from rate_turn`.execute(
        postgres.db,
      )
      return rows[0]?.next_at.getTime() ?? 0
    }

    test('that nobody asked for are not saved up', async () => {
      const take = () => reserveTurn(postgres.db, 'one', HOUR_MS)
      expect(await take()).toBe(0)
      expect(await take()).toBeGreaterThan(HOUR_MS / 2)
      await sql`update rate_turn set next_at = now() - interval '10 hours'`.execute(postgres.db)
      expect(await take()).toBe(0)
      expect(await take()).toBeGreaterThan(HOUR_MS / 2)
    })

    test('of one limit are no other’s, and those long unused are forgotten', async () => {
      await reserveTurn(postgres.db, 'one', 60_000)
      expect(await reserveTurn(postgres.db, 'other', 60_000)).toBe(0)
      await sql`update rate_turn set next_at = now() - interval '2 hours' where id = 'one'`.execute(
        postgres.db,
      )
      await pruneTurns(postgres.db)
      const { rows } = await sql`select id from rate_turn`.execute(postgres.db)
      expect(rows).toEqual([{ id: 'other' }])
    })
  })

  test('a customer has the zone that was set last, of each API client its own', async () => {
    const { db } = postgres
    const [clientId, other] = [randomUUID(), randomUUID()]
    await sql`insert into api_client (id, name) values (${clientId}, ${clientId}), (${other}, ${other})`.execute(
      db,
    )
    const customer = { clientId, customerId: 'C-1' }
    const find = () => findSenderSettings(db, customer)
    expect(await find()).toEqual({ timeZone: null, senderName: null })
    await setCustomerSettings(db, customer, { timeZone: 'Asia/Taipei' })
    await sql`update customer_setting set updated_at = 'epoch'`.execute(db)
    await setCustomerSettings(db, customer, { timeZone: 'Europe/Berlin' })
    expect(await find()).toEqual({ timeZone: 'Europe/Berlin', senderName: null })
    const ofOther = await findSenderSettings(db, { ...customer, clientId: other })
    expect(ofOther).toEqual({ timeZone: null, senderName: null })
    await sql`update api_client set sender_name = '瓦斯行' where id = ${clientId}`.execute(db)
    expect(await find()).toEqual({ timeZone: 'Europe/Berlin', senderName: '瓦斯行' })
    await setCustomerSettings(db, customer, { senderName: '加油站' })
    expect(await find()).toEqual({ timeZone: 'Europe/Berlin', senderName: '加油站' })
    expect((await findSenderSettings(db, { clientId, customerId: null })).senderName).toBe('瓦斯行')
    await setCustomerSettings(db, customer, { senderName: null })
    expect((await find()).senderName).toBe('瓦斯行')
    const rows = await db.selectFrom('customer_setting').select('updated_at').execute()
    expect(rows[0]?.updated_at.getTime()).toBeGreaterThan(NOW.getTime() - 60_000)
  })
})
