import { createBudgetSource } from '@sms-gateway/acceptance/budget-source'
import type { PreparationRules } from '@sms-gateway/acceptance/prepare-message'
import { applyReceipts } from '@sms-gateway/db/apply-receipts'
import type { Db } from '@sms-gateway/db/connect'
import { foldStats } from '@sms-gateway/db/fold-stats'
import { findGatewayState } from '@sms-gateway/db/gateway-state'
import { findWaitingReceipts } from '@sms-gateway/db/receipts'
import type { AlertCount } from '@sms-gateway/db/tell-alerts'
import type { Vault } from '@sms-gateway/db/vault'
import type { DispatchPolicy } from '@sms-gateway/domain/decide-next'
import type { Provider, ProviderName } from '@sms-gateway/domain/provider'
import type { RoutingMode } from '@sms-gateway/domain/route-order'
import type { LaneQueues } from '@sms-gateway/queue/lane-queues'
import type { Logger } from '@sms-gateway/service-kit/logger'
import type { Beat } from '@sms-gateway/service-kit/repeat'
import { startRepeating } from '@sms-gateway/service-kit/repeat'
import { erasePeople } from './erase-people.ts'
import { fetchBalances } from './fetch-balances.ts'
import { forgetOld } from './forget-old.ts'
import { judgeExperiments } from './judge-experiments.ts'
import { keepBudgets } from './keep-budgets.ts'
import { keepHouse } from './keep-house.ts'
import { askForLost, findLost } from './lost-receipts.ts'
import { planRouting } from './plan-routing.ts'
import { pollReceipts } from './poll-receipts.ts'
import { resolveDoubts } from './resolve-doubts.ts'
import { ringDue } from './ring-due.ts'
import { judgeCampaigns, purgeUploads, runCampaigns } from './run-campaigns.ts'
import { sweep } from './sweep.ts'

export interface SchedulerDeps {
  db: Db
  vault: Vault
  queues: LaneQueues
  providers: ReadonlyMap<ProviderName, Provider>
  policy: DispatchPolicy
  routing: { mode: RoutingMode; order: readonly ProviderName[] }
  receiptTimeoutHours: number
  /** `SMS_RETENTION_DAYS`. */
  retentionDays: number
  /** `SMS_TIMEZONE`: whose days and hours the figures are by. */
  timeZone: string
  /** How the messages of campaigns are made; `undefined` where sending is switched off. */
  rules: PreparationRules | undefined
  logger: Logger
  onBeat: (beat: Beat) => void
  onMonthsWaiting: (months: number) => void
  onBudgetAlerts: (counts: readonly AlertCount[]) => void
  onGatewayState?: (isPaused: boolean) => void
}

export interface Scheduler {
  close(): Promise<void>
}

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const SWEEP_MS = 5 * SECOND
/** A message parked for a limit must be back while its turn is near: later it finds the turn gone. */
const RING_MS = 250
/** As the ring: a step begins when the backlog of the one before is nearly gone. */
const CAMPAIGN_MS = 250
const RECEIPT_MS = SECOND
/** Figures are at most two seconds behind. */
const FIGURES_MS = 500
const BALANCE_MS = 5 * MINUTE
const EXPERIMENT_MS = MINUTE
const ROUTING_MS = 10 * SECOND
const BATCH_SIZE = 500
/** Receipts are applied by who took them in; what is older than this was left by a process that died. */
const RECEIPT_GRACE_MS = 3 * SECOND

/** What happens by the clock, each with its own beat. Replicas share the work: rows are claimed, or a lock is held. */
export function startScheduler(deps: SchedulerDeps): Scheduler {
  const { db, vault, logger, onBeat } = deps
  const now = () => new Date()
  const withClock = { ...deps, now }
  const jobs: Job[] = [
    { name: 'sweep', everyMs: SWEEP_MS, run: () => sweep(withClock) },
    { name: 'ring', everyMs: RING_MS, run: () => ringDue(withClock) },
    { name: 'doubts', everyMs: RECEIPT_MS, run: () => resolveDoubts(withClock) },
    { name: 'lost receipts', everyMs: MINUTE, run: () => findLost(withClock) },
    { name: 'asking for lost', everyMs: SWEEP_MS, run: (signal) => askForLost(withClock, signal) },
    { name: 'polls', everyMs: RECEIPT_MS, run: (signal) => pollReceipts(withClock, signal) },
    {
      name: 'waiting receipts',
      everyMs: RECEIPT_MS,
      async run() {
        const before = new Date(now().getTime() - RECEIPT_GRACE_MS)
        const keys = await findWaitingReceipts(db, before, BATCH_SIZE)
        await applyReceipts(db, vault, keys, now())
      },
    },
    {
      name: 'figures',
      everyMs: FIGURES_MS,
      run: (signal) => foldStats(db, { timeZone: deps.timeZone, signal }),
    },
    { name: 'erasures', everyMs: SECOND, run: (signal) => erasePeople(withClock, signal) },
    ...listBudgetJobs(withClock),
    { name: 'balances', everyMs: BALANCE_MS, run: () => fetchBalances(withClock) },
    { name: 'gateway state', everyMs: SECOND, run: () => tellGatewayState(withClock) },
    { name: 'experiments', everyMs: EXPERIMENT_MS, run: () => judgeExperiments(withClock) },
    ...(deps.routing.mode === 'smart' ? [planning(withClock)] : []),
    { name: 'housekeeping', everyMs: HOUR, run: () => keepHouse(withClock) },
    { name: 'retention', everyMs: HOUR, run: (signal) => forgetOld(withClock, signal) },
    ...listCampaignJobs(withClock),
  ]
  const repeating = jobs.map((job) => startRepeating({ ...job, logger, onBeat }))
  return {
    async close() {
      await Promise.all(repeating.map((each) => each.stop()))
    },
  }
}

interface Job {
  name: string
  everyMs: number
  run: (signal: AbortSignal) => Promise<unknown>
}

/** With sending switched off campaigns stand still: messages made now would only grow old. */
function listCampaignJobs({ rules, ...deps }: Clocked): Job[] {
  if (!rules) return []
  const withRules = { ...deps, rules, budgetsInForce: createBudgetSource(deps.db, rules) }
  return [
    { name: 'campaigns', everyMs: CAMPAIGN_MS, run: (signal) => runCampaigns(withRules, signal) },
    { name: 'campaign results', everyMs: CAMPAIGN_MS, run: () => judgeCampaigns(withRules) },
    { name: 'uploads', everyMs: MINUTE, run: (signal) => purgeUploads(withRules, signal) },
  ]
}

/** With sending switched off nothing is accepted either, and nobody knows the budgets of the environment. */
function listBudgetJobs({ rules, ...deps }: Clocked): Job[] {
  if (!rules) return []
  const { budgets } = rules
  return [{ name: 'budgets', everyMs: SECOND, run: () => keepBudgets({ ...deps, budgets }) }]
}

/** Where routing is smart: the plan that all dispatchers follow. */
function planning(deps: Clocked) {
  return {
    name: 'routing',
    everyMs: ROUTING_MS,
    run: () => planRouting({ ...deps, order: deps.routing.order }),
  }
}

interface Clocked extends SchedulerDeps {
  now: () => Date
}

async function tellGatewayState({ db, onGatewayState }: Clocked): Promise<void> {
  onGatewayState?.((await findGatewayState(db)).state === 'paused')
}
