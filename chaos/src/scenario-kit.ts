import type { ProcessPlan, Scenario } from './scenario.ts'

export const FRONT: ProcessPlan = { name: 'front', roles: ['ingest', 'webhooks'] }
export const SCHEDULER: ProcessPlan = { name: 'scheduler', roles: ['scheduler'] }
export const REST: ProcessPlan = { name: 'rest', roles: ['ingest', 'webhooks', 'scheduler'] }

/** Receipts of every scenario come twice, late and in the wrong order: so it is in the world. */
export const RECEIPTS = {
  lateRate: 0.3,
  lateMs: [3_000, 9_000] satisfies [number, number],
  doubledRate: 0.1,
  disorderedRate: 0.1,
  retries: 5,
}
const WELL_BEHAVED = { latencyMs: [40, 90], deliveryDelayMs: 300 } satisfies Scenario['chunghwa']

/** What goes wrong at a provider; the rest goes well. */
export const MISHAPS = {
  dropBeforeTakingRate: 0.05,
  http502Rate: 0.08,
  loseAnswerRate: 0.08,
  hangRate: 0.04,
}

export function createScenario(
  given: Pick<Scenario, 'name' | 'processes' | 'count' | 'perSecond'> & Partial<Scenario>,
): Scenario {
  return {
    mix: {},
    order: ['twilio', 'chunghwa'],
    maxAttempts: 10,
    // It opens where it is the subject.
    circuit: { failuresToOpen: 1_000_000, resetMs: 1_000 },
    ownRedis: false,
    ownPostgres: false,
    atLeastKills: 0,
    ...given,
    twilio: { ...WELL_BEHAVED, receipts: RECEIPTS, ...given.twilio },
    chunghwa: { ...WELL_BEHAVED, ...given.chunghwa },
  }
}

export function dispatchers(count: number, deaths?: ProcessPlan['deaths']): ProcessPlan[] {
  return Array.from({ length: count }, (_, index) => ({
    ...dispatcher(index + 1),
    ...(deaths && { deaths }),
  }))
}

export function dispatcher(number: number): ProcessPlan {
  return { name: `dispatcher-${number}`, roles: ['dispatcher'] }
}

export function namesOf(plans: readonly ProcessPlan[]): string[] {
  return plans.map(({ name }) => name)
}
