import {
  freezeDispatcher,
  killBetweenCommitAndEnqueue,
  killIngest,
  killRandomly,
  killSchedulers,
  killUnderCampaign,
} from './process-scenarios.ts'
import {
  flappingCircuit,
  longTexts,
  lostReceipts,
  misbehavingChunghwa,
  misbehavingProviders,
  twins,
} from './provider-scenarios.ts'
import type { ProcessPlan, Scenario } from './scenario.ts'
import { createScenario, dispatchers, MISHAPS, namesOf } from './scenario-kit.ts'
import { ATTEMPT_DEATHS, killAtEachStep, killAtStep } from './step-scenarios.ts'
import { killPostgresOften, redisAway, wipeRedisOften } from './store-scenarios.ts'
import {
  closePort,
  freezeProcesses,
  killPostgres,
  killProcesses,
  together,
  wipeRedis,
} from './storms.ts'

/** The whole in about five minutes on two cores. */
export function listLongScenarios(): Scenario[] {
  return [
    everything(2_500),
    ...ATTEMPT_DEATHS.map((death) => killAtStep('twilio', death, 600, 40)),
    ...ATTEMPT_DEATHS.map((death) => killAtStep('chunghwa', death, 160, 10)),
    killRandomly(2, 1_800),
    killRandomly(4, 2_000),
    killBetweenCommitAndEnqueue(1_500, 60),
    killIngest(1_500),
    wipeRedisOften(1_500, 50, 7_000),
    redisAway(1_200),
    killPostgresOften(1_800, 50, 11_000),
    misbehavingProviders(1_200, 40),
    misbehavingChunghwa(300),
    lostReceipts(900),
    freezeDispatcher(1_500, 50),
    killSchedulers(1_200, 50),
    killUnderCampaign(4_000, 10, 2_000),
    flappingCircuit(1_000),
    twins(600),
    longTexts(200),
  ]
}

/** A few hundred messages through the same, several causes to a scenario, so that it all fits in a minute. */
export function listQuickScenarios(): Scenario[] {
  return [
    killAtEachStep('twilio', 60),
    killAtEachStep('chunghwa', 60),
    killBetweenCommitAndEnqueue(80, 10),
    wipeRedisOften(80, 8, 3_000),
    killPostgresOften(80, 8, 3_000),
    misbehavingProviders(60, 12),
    freezeDispatcher(80, 8),
  ]
}

function everything(count: number): Scenario {
  const processes: ProcessPlan[] = [
    { name: 'ingest-1', roles: ['ingest'] },
    { name: 'ingest-2', roles: ['ingest'] },
    { name: 'webhooks', roles: ['webhooks'] },
    { name: 'scheduler-1', roles: ['scheduler'] },
    { name: 'scheduler-2', roles: ['scheduler'] },
    ...dispatchers(4, () => ATTEMPT_DEATHS.map(({ step }) => ({ step, rate: 0.001 }))),
  ]
  return createScenario({
    name: 'everything at once',
    processes,
    count,
    perSecond: 60,
    circuit: { failuresToOpen: 3, resetMs: 2_000 },
    ownRedis: true,
    ownPostgres: true,
    twilio: MISHAPS,
    chunghwa: MISHAPS,
    storm: together(
      killProcesses(namesOf(processes), 1_500),
      wipeRedis(9_000, 1_500),
      killPostgres(17_000, 2_000),
      freezeProcesses(['dispatcher-3'], 12_000, 8_000),
      closePort(13_000, 2_000),
    ),
    atLeastKills: 20,
  })
}
