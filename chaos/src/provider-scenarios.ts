import type { Scenario } from './scenario.ts'
import { createScenario, dispatchers, MISHAPS, RECEIPTS, REST } from './scenario-kit.ts'
import { closePort, killProcesses, together } from './storms.ts'

export function misbehavingProviders(count: number, perSecond: number): Scenario {
  return createScenario({
    name: 'providers lose answers, hang, drop, 502; receipts double, late, disordered',
    processes: [REST, ...dispatchers(1)],
    count,
    perSecond,
    twilio: MISHAPS,
    chunghwa: MISHAPS,
  })
}

export function misbehavingChunghwa(count: number): Scenario {
  return createScenario({
    name: 'the same with Chunghwa first, and a dispatcher killed',
    processes: [REST, ...dispatchers(2)],
    count,
    perSecond: 15,
    order: ['chunghwa', 'twilio'],
    twilio: MISHAPS,
    chunghwa: MISHAPS,
    storm: killProcesses(['dispatcher-1', 'dispatcher-2'], 4_000),
    atLeastKills: 3,
  })
}

export function lostReceipts(count: number): Scenario {
  return createScenario({
    name: 'answers lost and most receipts too: only looking up can tell',
    processes: [REST, ...dispatchers(2)],
    count,
    perSecond: 45,
    twilio: { ...MISHAPS, receipts: { ...RECEIPTS, lostRate: 0.7 } },
    storm: killProcesses(['dispatcher-1', 'dispatcher-2'], 4_000),
    atLeastKills: 3,
    receiptsMayBeLost: true,
  })
}

export function flappingCircuit(count: number): Scenario {
  return createScenario({
    name: 'a circuit that opens and closes, dispatchers killed',
    processes: [REST, ...dispatchers(2)],
    count,
    perSecond: 40,
    circuit: { failuresToOpen: 3, resetMs: 2_000 },
    twilio: { loseAnswerRate: 0.2 },
    storm: together(
      closePort(5_000, 2_500),
      killProcesses(['dispatcher-1', 'dispatcher-2'], 4_000),
    ),
    atLeastKills: 3,
  })
}

export function twins(count: number): Scenario {
  return createScenario({
    name: 'the same text to the same number, three times, answers lost',
    processes: [REST, ...dispatchers(2)],
    count,
    mix: { twins: 3, types: ['notice'] },
    perSecond: 30,
    twilio: { ...MISHAPS, receipts: { ...RECEIPTS, lateRate: 0.8, lateMs: [4_000, 24_000] } },
    storm: killProcesses(['dispatcher-1', 'dispatcher-2'], 4_000),
    atLeastKills: 3,
  })
}

export function longTexts(count: number): Scenario {
  return createScenario({
    name: 'texts of several parts at Chunghwa, some refused, dispatchers killed',
    processes: [REST, ...dispatchers(2)],
    count,
    mix: { long: true },
    perSecond: 8,
    order: ['chunghwa', 'twilio'],
    chunghwa: { ...MISHAPS, errorRate: 0.1, errorStatus: 200, errorCode: 2 },
    storm: killProcesses(['dispatcher-1', 'dispatcher-2'], 5_000),
    atLeastKills: 3,
  })
}
