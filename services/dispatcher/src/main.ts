import { loadOrExit } from '@sms-gateway/config/load'
import { connectDatabase } from '@sms-gateway/db/connect'
import { isOutage, pingDatabase, waitForDatabase } from '@sms-gateway/db/readiness'
import { createVault } from '@sms-gateway/db/vault'
import { createProviders } from '@sms-gateway/providers/create-providers'
import { connectBackend } from '@sms-gateway/queue/backend'
import { closeServer, listen } from '@sms-gateway/service-kit/http-server'
import { createLogger } from '@sms-gateway/service-kit/logger'
import { createRegistry } from '@sms-gateway/service-kit/metrics'
import { createServiceApp } from '@sms-gateway/service-kit/service-app'
import { closeOnSignal } from '@sms-gateway/service-kit/shutdown'
import { readConfig } from './config.ts'
import { createDispatchLimits } from './dispatch-limits.ts'
import { readAllowedRecipients } from './gates.ts'
import { countAttempts } from './metrics.ts'
import { openLeases } from './open-leases.ts'
import { startDispatcher } from './service.ts'

const config = await loadOrExit(readConfig, process.env)
const logger = createLogger('dispatcher', config.logLevel)
const registry = createRegistry({ ofProcess: true })
const db = connectDatabase({ ...config.database, name: 'dispatcher' })
await waitForDatabase(db, (err) => logger.warn({ err }, 'waiting for the database'))
const backend = connectBackend(config.queue)
const providers = createProviders(config.providers)
const turns = openLeases(config.queue, db)
const dispatcher = config.sendingEnabled
  ? await startDispatcher({
      db,
      vault: createVault(config.vault),
      backend,
      providers,
      routing: config.routing,
      policy: config.routing.policy,
      circuitPolicy: config.circuitPolicy,
      gates: {
        allowedRecipients: readAllowedRecipients(config.routing.allowedRecipients),
        quiet: config.quiet,
        suppression: config.suppression,
      },
      frequencyCaps: config.frequencyCaps,
      takePermits: createDispatchLimits(config.limits, turns.leases),
      providerTimeoutMs: config.providerTimeoutMs,
      logger,
      onAttempt: countAttempts(registry),
    })
  : undefined
if (!dispatcher) logger.warn('SMS_ENABLED is false: nothing is dispatched')

const app = createServiceApp({
  ...config.http,
  logger,
  registry,
  checks: { database: () => pingDatabase(db), queue: () => backend.ping() },
  routers: [],
  isOutage,
})
const server = await listen(app, config.http)
logger.info({ port: config.http.port, providers: [...providers.keys()] }, 'dispatching')

closeOnSignal({
  logger,
  limitMs: config.shutdownLimitMs,
  close: async () => {
    await dispatcher?.close(config.shutdownLimitMs * 0.8)
    await closeServer(server, 1_000)
    await Promise.all([...providers.values()].map((provider) => provider.close()))
    await turns.close()
    await backend.close()
    await db.destroy()
  },
})
