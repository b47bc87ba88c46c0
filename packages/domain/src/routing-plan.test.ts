import { fc, test as property } from '@fast-check/jest'
import { describe, expect, test } from '@jest/globals'
import type { ProviderName } from './provider.ts'
import { planRoutes, ROUTING_POLICY, type RoutingPlan } from './routing-plan.ts'
import { type ProviderMinute, scoreProvider } from './routing-score.ts'

const ORDER: ProviderName[] = ['twilio', 'chunghwa']
const PRICES = { twilio: 500, chunghwa: 700 }
const START = Date.UTC(2026, 0, 5)
const BEAT_MS = 10_000

/** A small generator, so that each run is the same. */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

interface World {
  /** Messages a second. */
  load: number
  /** How likely a submission at this second is taken. */
  health: (provider: ProviderName, second: number) => number
  seconds: number
  seed: number
}

/** Every ten seconds a plan; each message goes where the plan's shares send it. */
function simulate({ load, health, seconds, seed }: World) {
  const random = createRandom(seed)
  const minutes = new Map<string, ProviderMinute>()
  let plan: RoutingPlan | undefined
  const changes: { at: number; to: ProviderName }[] = []
  let failed = 0
  for (let second = 0; second < seconds; second++) {
    const now = new Date(START + second * 1_000)
    if (second % (BEAT_MS / 1_000) === 0) {
      const known = [...minutes.values()]
      const facts = (provider: ProviderName) => ({ price: PRICES[provider], cheapest: 500, now })
      const scores = ORDER.map((provider) => scoreProvider(provider, known, facts(provider)))
      const next = planRoutes(plan, scores, { order: ORDER, policy: ROUTING_POLICY, now })
      if (plan && plan.preferred !== next.preferred)
        changes.push({ at: second, to: next.preferred })
      plan = next
    }
    for (let message = 0; message < load; message++) {
      const provider = random() < (plan?.shares.twilio ?? 1) ? 'twilio' : 'chunghwa'
      const isTaken = random() < health(provider, second)
      if (!isTaken) failed++
      const minute = new Date(Math.floor(now.getTime() / 60_000) * 60_000)
      const key = `${provider} ${minute.getTime()}`
      const row = minutes.get(key) ?? {
        provider,
        minute,
        taken: 0,
        failed: 0,
        delivered: 0,
        undelivered: 0,
        latencyMsSum: 0,
      }
      minutes.set(key, {
        ...row,
        taken: row.taken + (isTaken ? 1 : 0),
        failed: row.failed + (isTaken ? 0 : 1),
        latencyMsSum: row.latencyMsSum + 200,
      })
    }
  }
  return { changes, failed, plan }
}

const OUTAGE = { from: 600, until: 1_500 }
const isOut = (second: number) => second >= OUTAGE.from && second < OUTAGE.until

describe.each([1, 2, 3, 4, 5, 6, 7, 8])('a simulated outage, seed %i', (seed) => {
  test.each([
    ['that fails nine in ten', 0.1],
    ['that fails four in ten', 0.6],
  ])('%s: it moves once, soon, and comes back once', (_, healthInOutage) => {
    const health = (provider: ProviderName, second: number) =>
      provider === 'twilio' && isOut(second) ? healthInOutage : 0.99
    const { changes } = simulate({ load: 20, health, seconds: 3_000, seed })
    expect(changes.map(({ to }) => to)).toEqual(['chunghwa', 'twilio'])
    const [away = { at: 0 }, back = { at: 0 }] = changes
    expect(away.at - OUTAGE.from).toBeLessThanOrEqual(90)
    expect(back.at).toBeGreaterThan(OUTAGE.until)
    expect(back.at - OUTAGE.until).toBeLessThanOrEqual(600)
  })

  test('nothing happens: it stays where it is', () => {
    const { changes } = simulate({ load: 20, health: () => 0.97, seconds: 3_600, seed })
    expect(changes).toEqual([])
  })

  test('with little traffic it does not guess', () => {
    const { changes } = simulate({ load: 1, health: () => 0.9, seconds: 3_600, seed })
    expect(changes).toEqual([])
  })
})

property.prop([
  fc.array(
    fc.record({ taken: fc.nat(500), failed: fc.nat(500), provider: fc.constantFrom(...ORDER) }),
    { maxLength: 40 },
  ),
])('shares add up to one, leave a canary, and never jump', (beats) => {
  let plan: RoutingPlan | undefined
  beats.forEach(({ taken, failed, provider }, index) => {
    const now = new Date(START + index * 60_000)
    const row = {
      provider,
      minute: now,
      taken,
      failed,
      delivered: 0,
      undelivered: 0,
      latencyMsSum: 0,
    }
    const scores = ORDER.map((name) =>
      scoreProvider(name, [row], { price: PRICES[name], cheapest: 500, now }),
    )
    const next = planRoutes(plan, scores, { order: ORDER, policy: ROUTING_POLICY, now })
    const sum = ORDER.reduce((total, name) => total + (next.shares[name] ?? 0), 0)
    expect(sum).toBeCloseTo(1, 9)
    for (const name of ORDER) {
      const [old, share] = [plan?.shares[name], next.shares[name] ?? 0]
      expect(share).toBeGreaterThanOrEqual(ROUTING_POLICY.canaryShare - 1e-9)
      if (old !== undefined)
        expect(Math.abs(share - old)).toBeLessThanOrEqual(ROUTING_POLICY.step + 1e-9)
    }
    plan = next
  })
})

test('a provider that is switched off is left at once', () => {
  const now = new Date(START)
  const scores = ORDER.map((name) => scoreProvider(name, [], { price: 1, cheapest: 1, now }))
  const plan = planRoutes(undefined, scores, { order: ORDER, policy: ROUTING_POLICY, now })
  const next = planRoutes(plan, scores, { order: ['chunghwa'], policy: ROUTING_POLICY, now })
  expect(next).toMatchObject({ preferred: 'chunghwa', shares: { chunghwa: 1 } })
})
