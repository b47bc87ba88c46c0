import type { Scenario } from './scenario.ts'
import { createScenario, dispatcher, dispatchers, REST } from './scenario-kit.ts'
import type { Death, Step } from './settings.ts'

/** The steps of an attempt, in order, and how each is met. The last dies while the result is being stored. */
export const ATTEMPT_DEATHS: readonly { title: string; step: Step; afterMs?: number }[] = [
  { title: 'claimed, before the row', step: 'claimed' },
  { title: 'after the row, before a byte', step: 'opened' },
  { title: 'while the provider holds it', step: 'held', afterMs: 30 },
  { title: 'after its answer', step: 'answered' },
  { title: 'before the settle', step: 'settling' },
  { title: 'in the middle of the settle', step: 'settling', afterMs: 3 },
]

export function killAtStep(
  primary: 'twilio' | 'chunghwa',
  death: (typeof ATTEMPT_DEATHS)[number],
  count: number,
  perSecond: number,
): Scenario {
  const deaths = () => [toDeath(primary === 'twilio' ? 50 : 8)(death)]
  return createScenario({
    name: `${primary}: kill -9 ${death.title}`,
    processes: [REST, ...dispatchers(1, deaths)],
    count,
    perSecond,
    order: primary === 'twilio' ? ['twilio', 'chunghwa'] : ['chunghwa', 'twilio'],
    atLeastKills: 3,
  })
}

/** One life a step, the steps shared by two dispatchers. */
export function killAtEachStep(primary: 'twilio' | 'chunghwa', count: number): Scenario {
  const inTurn = (first: number) => (life: number) => {
    const step = first + 2 * life
    return ATTEMPT_DEATHS.slice(step, step + 1).map(toDeath(3))
  }
  return createScenario({
    name: `${primary}: kill -9 at each step of an attempt`,
    processes: [
      REST,
      ...[0, 1].map((index) => ({ ...dispatcher(index + 1), deaths: inTurn(index) })),
    ],
    count,
    perSecond: count / 10,
    order: primary === 'twilio' ? ['twilio', 'chunghwa'] : ['chunghwa', 'twilio'],
    atLeastKills: ATTEMPT_DEATHS.length,
  })
}

function toDeath(at: number) {
  return ({ step, afterMs = 0 }: { step: Step; afterMs?: number }): Death => ({ step, at, afterMs })
}
