import { createCallbackClient } from '@sms-gateway/callbacks/callback-client'
import { createResolver } from '@sms-gateway/callbacks/resolve-host'
import { loadOrExit } from '@sms-gateway/config/load'
import { connectDatabase } from '@sms-gateway/db/connect'
import { isOutage, pingDatabase } from '@sms-gateway/db/readiness'
import { createVault } from '@sms-gateway/db/vault'
import { createProviders } from '@sms-gateway/providers/create-providers'
import { connectBackend } from '@sms-gateway/queue/backend'
import { openLaneQueues } from '@sms-gateway/queue/lane-queues'
import { closeServer, listen } from '@sms-gateway/service-kit/http-server'
import { createLogger } from '@sms-gateway/service-kit/logger'
import { createRegistry } from '@sms-gateway/service-kit/metrics'
import { createServiceApp } from '@sms-gateway/service-kit/service-app'
import { closeOnSignal } from '@sms-gateway/service-kit/shutdown'
import { countCallbacks } from './callback-metrics.ts'
import { startCallbackWorker } from './callback-worker.ts'
import { readConfig } from './config.ts'
import { countBeats, countBudgetAlerts, countWaitingMonths, showPause } from './metrics.ts'
import { startScheduler } from './service.ts'

const config = await loadOrExit(readConfig, process.env)
const logger = createLogger('scheduler', config.logLevel)
const registry = createRegistry({ ofProcess: true })
const db = connectDatabase({ ...config.database, name: 'scheduler' })
const backend = connectBackend(config.queue)
const queues = openLaneQueues(backend, {
  onError: (err, lane) => {
    logger.error({ err, lane }, 'queue connection')
  },
})
const providers = createProviders(config.providers)
const vault = createVault(config.vault)
const scheduler = startScheduler({
  db,
  vault,
  queues,
  providers,
  policy: config.routing.policy,
  routing: config.routing,
  receiptTimeoutHours: config.receiptTimeoutHours,
  retentionDays: config.retentionDays,
  timeZone: config.timeZone,
  rules: config.rules.enabled ? config.rules : undefined,
  logger,
  onBeat: countBeats(registry),
  onMonthsWaiting: countWaitingMonths(registry),
  onBudgetAlerts: countBudgetAlerts(registry),
  onGatewayState: showPause(registry),
})
const client = createCallbackClient({ ...config.callbacks, resolve: createResolver() })
const callbacks = startCallbackWorker({
  db,
  vault,
  client,
  logger,
  metrics: countCallbacks(registry),
  onBeat: countBeats(registry),
})
const app = createServiceApp({
  ...config.http,
  logger,
  registry,
  checks: { database: () => pingDatabase(db), queue: () => backend.ping() },
  routers: [],
  isOutage,
})
const server = await listen(app, config.http)
logger.info({ port: config.http.port }, 'scheduling')

closeOnSignal({
  logger,
  limitMs: config.shutdownLimitMs,
  close: async () => {
    await Promise.all([scheduler.close(), callbacks.close()])
    await client.close()
    await closeServer(server, 1_000)
    await Promise.all([...providers.values()].map((provider) => provider.close()))
    await queues.close()
    await backend.close()
    await db.destroy()
  },
})
