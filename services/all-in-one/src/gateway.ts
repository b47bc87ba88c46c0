import { createCallbackClient } from '@sms-gateway/callbacks/callback-client'
import { createResolver } from '@sms-gateway/callbacks/resolve-host'
import { isOutage, pingDatabase } from '@sms-gateway/db/readiness'
import { createDispatchLimits } from '@sms-gateway/dispatcher/dispatch-limits'
import { readAllowedRecipients } from '@sms-gateway/dispatcher/gates'
import { countAttempts } from '@sms-gateway/dispatcher/metrics'
import { openLeases } from '@sms-gateway/dispatcher/open-leases'
import { startDispatcher } from '@sms-gateway/dispatcher/service'
import { countCallbacks } from '@sms-gateway/scheduler/callback-metrics'
import { startCallbackWorker } from '@sms-gateway/scheduler/callback-worker'
import {
  countBeats,
  countBudgetAlerts,
  countWaitingMonths,
  showPause,
} from '@sms-gateway/scheduler/metrics'
import { startScheduler } from '@sms-gateway/scheduler/service'
import { closeServer, listen } from '@sms-gateway/service-kit/http-server'
import type { Logger } from '@sms-gateway/service-kit/logger'
import { createServiceApp } from '@sms-gateway/service-kit/service-app'
import type { Closers } from './closers.ts'
import type { Config } from './config.ts'
import { createRouters } from './create-routers.ts'
import {
  type Foundation,
  type GatewayProviders,
  type GatewayStores,
  openFoundation,
} from './foundation.ts'

const SERVER_CLOSE_LIMIT_MS = 5_000
/** Of the time to shut down, what the running jobs may take. */
const DISPATCHER_CLOSE_SHARE = 0.6

/** Every service in this process, on one port. What it opens it hands to `closers`, in the order of opening. */
export async function startGateway(
  config: Config,
  stores: GatewayStores,
  providerConfig: GatewayProviders,
  { logger, closers }: { logger: Logger; closers: Closers },
): Promise<void> {
  const foundation = await openFoundation(config, stores, providerConfig, { logger, closers })
  const { db, backend, registry } = foundation
  if (config.rules.enabled) await startDispatching(config, foundation, closers)
  startScheduling(config, foundation, closers)
  startCallbacks(config, foundation, closers)
  const app = createServiceApp({
    ...config.http,
    logger,
    registry,
    checks: { database: () => pingDatabase(db), queue: () => backend.ping() },
    routers: createRouters(config, foundation, providerConfig, closers),
    isOutage,
  })
  const server = await listen(app, config.http)
  closers.add(() => closeServer(server, SERVER_CLOSE_LIMIT_MS))
}

async function startDispatching(
  config: Config,
  foundation: Foundation,
  closers: Closers,
): Promise<void> {
  const { routing, circuitPolicy, providerTimeoutMs } = config
  const { quiet, suppression } = config.rules
  const turns = openLeases(foundation.queueConfig, foundation.db)
  closers.add(() => turns.close())
  const dispatcher = await startDispatcher({
    ...foundation,
    routing,
    policy: routing.policy,
    circuitPolicy,
    gates: {
      allowedRecipients: readAllowedRecipients(routing.allowedRecipients),
      quiet,
      suppression,
    },
    frequencyCaps: config.frequencyCaps,
    takePermits: createDispatchLimits(config.limits, turns.leases),
    providerTimeoutMs,
    onAttempt: countAttempts(foundation.registry),
  })
  closers.add(() => dispatcher.close(config.shutdownLimitMs * DISPATCHER_CLOSE_SHARE))
}

function startScheduling(config: Config, foundation: Foundation, closers: Closers): void {
  const scheduler = startScheduler({
    ...foundation,
    policy: config.routing.policy,
    routing: config.routing,
    receiptTimeoutHours: config.receiptTimeoutHours,
    retentionDays: config.retentionDays,
    timeZone: config.rules.quiet.timeZone,
    rules: config.rules.enabled ? config.rules : undefined,
    onBeat: countBeats(foundation.registry),
    onMonthsWaiting: countWaitingMonths(foundation.registry),
    onBudgetAlerts: countBudgetAlerts(foundation.registry),
    onGatewayState: showPause(foundation.registry),
  })
  closers.add(() => scheduler.close())
}

function startCallbacks(config: Config, foundation: Foundation, closers: Closers): void {
  const { db, vault, logger, registry } = foundation
  const client = createCallbackClient({ ...config.callbacks, resolve: createResolver() })
  closers.add(() => client.close())
  const metrics = countCallbacks(registry)
  const worker = startCallbackWorker({
    db,
    vault,
    client,
    logger,
    metrics,
    onBeat: countBeats(registry),
  })
  closers.add(() => worker.close())
}
