import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { sendCampaign } from './campaign-load.ts'
import type { CleanUp } from './clean-up.ts'
import type { Finding } from './findings.ts'
import { findOut } from './findings.ts'
import { sendAll } from './load.ts'
import { makeMessage } from './messages.ts'
import type { Scenario } from './scenario.ts'
import type { AcceptedMessage, MessageRow, Verdict } from './verdict.ts'
import { hasEnded, isTooBusyToTell, judge } from './verdict.ts'
import { countUnkept, readRows, readTaken } from './witness.ts'
import type { SharedStores, World } from './world.ts'
import { startWorld } from './world.ts'

export interface ScenarioResult extends Omit<Verdict, 'suspects'> {
  scenario: string
  processes: number
  messages: number
  /** By cause: a step of an attempt, or a kill from outside. */
  kills: Record<string, number>
  answers: Record<string, number>
  slowestMs: number
  crashes: readonly string[]
  /** Other promises that were not kept. */
  broken: readonly string[]
  /** See `isTooBusyToTell`. */
  isInconclusive: boolean
  findings: readonly Finding[]
  seconds: number
}

const END_LIMIT_MS = 150_000
const POLL_MS = 500
/** Whoever still has something to send has sent it by then. */
const STILLNESS_MS = 2_500
const CALM = {
  dropBeforeTakingRate: 0,
  errorRate: 0,
  http502Rate: 0,
  loseAnswerRate: 0,
  hangRate: 0,
  latencyMs: 20,
} as const

export async function runScenario(
  scenario: Scenario,
  shared: SharedStores,
  cleanUp: CleanUp,
): Promise<ScenarioResult> {
  const startedAt = performance.now()
  const world = await startWorld(scenario, shared, cleanUp)
  const { fleet } = world
  const standstills = monitorEventLoopDelay()
  standstills.enable()
  const load = await underStorm(scenario, world)
  const { accepted, answers, slowestMs, broken } = load
  const receiptsMayBeLost = scenario.receiptsMayBeLost ?? false
  const rows = await untilEnded(world, accepted, receiptsMayBeLost)
  await delay(STILLNESS_MS)
  const facts = { accepted, rows, taken: readTaken(world), receiptsMayBeLost }
  const { suspects, ...verdict } = judge(facts)
  const kills = Object.fromEntries(fleet.kills)
  if (sum(kills) < scenario.atLeastKills) broken.push(`only ${sum(kills)} kills`)
  const unkept = await countUnkept(world)
  if (unkept > 0) broken.push(`${unkept} receipts were answered 200 and not kept`)
  if (scenario.only202 && Object.keys(answers).some((status) => status !== '202')) {
    broken.push('a send was not answered 202')
  }
  const stoodStillMs = Math.round(standstills.max / 1e6)
  const faults = fleet.crashes.length + broken.length
  const isInconclusive = isTooBusyToTell(verdict, { stoodStillMs, faults })
  if (isInconclusive) {
    broken.push(
      `the simulators stood still for ${stoodStillMs} ms: this machine is too busy to tell`,
    )
  }
  return {
    scenario: scenario.name,
    processes: scenario.processes.length,
    messages: accepted.length,
    ...verdict,
    kills,
    answers,
    slowestMs,
    crashes: fleet.crashes,
    broken,
    isInconclusive,
    findings: await findOut(world, suspects, accepted),
    seconds: Math.round((performance.now() - startedAt) / 1000),
  }
}

async function underStorm(scenario: Scenario, world: World) {
  const { fleet, twilio, chunghwa, urls, apiKey } = world
  const { mix, count, perSecond } = scenario
  const calm = new AbortController()
  const storm = scenario.storm?.(world, calm.signal)
  // It is awaited below; until then its failure is nobody's.
  storm?.catch(() => undefined)
  const wantsMore = () => sum(Object.fromEntries(fleet.kills)) < scenario.atLeastKills
  const messageAt = (index: number) => makeMessage(index, mix)
  const load = scenario.asCampaign
    ? await sendCampaign(world, { recipients: count, wantsMore })
    : await sendAll({ urls, apiKey, messageAt, wantsMore, count, perSecond })
  calm.abort()
  await storm
  fleet.relent()
  twilio.setScript(CALM)
  chunghwa.setScript(CALM)
  return load
}

async function untilEnded(
  world: World,
  accepted: readonly AcceptedMessage[],
  mayBeLost: boolean,
): Promise<MessageRow[]> {
  const until = performance.now() + END_LIMIT_MS
  for (;;) {
    const rows = await readRows(world).catch(() => undefined)
    const isOver = performance.now() > until
    const areEnded =
      rows !== undefined &&
      rows.length >= accepted.length &&
      rows.every((row) => hasEnded(row, mayBeLost))
    if (rows && (areEnded || isOver)) return rows
    if (isOver) throw new Error('the database did not come back')
    await delay(POLL_MS)
  }
}

export function sum(counts: Record<string, number>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0)
}
