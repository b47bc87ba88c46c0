import type { Scenario } from './scenario.ts'
import { createScenario, dispatchers, REST } from './scenario-kit.ts'
import { killPostgres, wipeRedis } from './storms.ts'

export function wipeRedisOften(count: number, perSecond: number, everyMs: number): Scenario {
  return createScenario({
    name: 'Redis killed, its data wiped',
    processes: [REST, ...dispatchers(1)],
    count,
    perSecond,
    ownRedis: true,
    storm: wipeRedis(everyMs, 800),
    atLeastKills: 2,
    only202: true,
  })
}

export function redisAway(count: number): Scenario {
  return createScenario({
    name: 'Redis away for 20 s, sends answered 202',
    processes: [REST, ...dispatchers(2)],
    count,
    perSecond: 45,
    ownRedis: true,
    storm: wipeRedis(3_000, 20_000),
    atLeastKills: 1,
    only202: true,
  })
}

export function killPostgresOften(count: number, perSecond: number, everyMs: number): Scenario {
  return createScenario({
    name: 'PostgreSQL kill -9 and restarted',
    processes: [REST, ...dispatchers(2)],
    count,
    perSecond,
    ownPostgres: true,
    storm: killPostgres(everyMs, 2_000),
    atLeastKills: 2,
  })
}
