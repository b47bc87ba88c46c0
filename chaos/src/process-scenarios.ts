import type { Scenario } from './scenario.ts'
import { createScenario, dispatchers, FRONT, MISHAPS, namesOf, SCHEDULER } from './scenario-kit.ts'
import type { Death } from './settings.ts'
import { freezeProcesses, killProcesses, together } from './storms.ts'

export function killRandomly(count: number, messages: number): Scenario {
  const killed = dispatchers(count)
  return createScenario({
    name: `${count} dispatchers, kill -9 at random`,
    processes: [FRONT, SCHEDULER, ...killed],
    count: messages,
    perSecond: messages / 40,
    storm: killProcesses(namesOf(killed), 2_500 / count),
    atLeastKills: 4,
  })
}

export function killBetweenCommitAndEnqueue(count: number, perSecond: number): Scenario {
  const deaths = (life: number): Death[] =>
    life % 2 === 0 ? [{ step: 'committed', at: 20 }] : [{ step: 'rung', at: 20 }]
  return createScenario({
    name: 'ingest-api killed between commit, enqueue and answer; two dispatchers killed',
    processes: [
      { name: 'ingest', roles: ['ingest'], deaths },
      { name: 'rest', roles: ['webhooks', 'scheduler'] },
      ...dispatchers(2),
    ],
    count,
    perSecond,
    storm: killProcesses(['dispatcher-1', 'dispatcher-2'], 3_000),
    atLeastKills: 3,
  })
}

export function killIngest(count: number): Scenario {
  return createScenario({
    name: 'ingest-api and webhooks killed at random',
    processes: [
      { name: 'ingest-1', roles: ['ingest'] },
      { name: 'ingest-2', roles: ['ingest'] },
      { name: 'webhooks', roles: ['webhooks'] },
      SCHEDULER,
      ...dispatchers(1),
    ],
    count,
    perSecond: 60,
    storm: killProcesses(['ingest-1', 'ingest-2', 'webhooks'], 1_500),
    atLeastKills: 6,
  })
}

export function freezeDispatcher(count: number, perSecond: number): Scenario {
  return createScenario({
    name: 'a dispatcher stopped for 12 s and continued; two schedulers, one killed',
    processes: [FRONT, SCHEDULER, { name: 'scheduler-2', roles: ['scheduler'] }, ...dispatchers(2)],
    count,
    perSecond,
    twilio: { latencyMs: [100, 400] },
    storm: together(
      freezeProcesses(['dispatcher-1', 'dispatcher-2'], 12_000, 1_500),
      killProcesses(['scheduler-2'], 5_000),
    ),
    atLeastKills: 2,
  })
}

export function killSchedulers(count: number, perSecond: number): Scenario {
  return createScenario({
    name: 'two schedulers and a dispatcher killed at random',
    processes: [FRONT, SCHEDULER, { name: 'scheduler-2', roles: ['scheduler'] }, ...dispatchers(2)],
    count,
    perSecond,
    twilio: MISHAPS,
    storm: killProcesses(['scheduler', 'dispatcher-1', 'scheduler-2'], 2_000),
    atLeastKills: 5,
  })
}

/** Everybody of a campaign is sent to once, whoever dies while it is handed over. */
export function killUnderCampaign(recipients: number, kills: number, everyMs: number): Scenario {
  const killed = [
    SCHEDULER,
    { name: 'scheduler-2', roles: ['scheduler' as const] },
    ...dispatchers(2),
  ]
  return createScenario({
    name: `a campaign of ${recipients.toLocaleString('en')}, ${kills} kill -9`,
    processes: [
      { name: 'ingest', roles: ['ingest'] },
      { name: 'webhooks', roles: ['webhooks'] },
      ...killed,
    ],
    count: recipients,
    asCampaign: true,
    perSecond: 1,
    storm: killProcesses(['ingest', ...namesOf(killed)], everyMs),
    atLeastKills: kills,
  })
}
