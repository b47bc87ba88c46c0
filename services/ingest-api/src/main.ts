import { openAccess } from '@sms-gateway/access/open-access'
import { loadOrExit } from '@sms-gateway/config/load'
import { ANSWER_LIMIT_MS, connectDatabase } from '@sms-gateway/db/connect'
import { isOutage, pingDatabase, waitForDatabase } from '@sms-gateway/db/readiness'
import { createVault } from '@sms-gateway/db/vault'
import { connectBackend } from '@sms-gateway/queue/backend'
import { openLaneQueues } from '@sms-gateway/queue/lane-queues'
import { closeServer, listen } from '@sms-gateway/service-kit/http-server'
import { createLogger } from '@sms-gateway/service-kit/logger'
import { createRegistry } from '@sms-gateway/service-kit/metrics'
import { createServiceApp } from '@sms-gateway/service-kit/service-app'
import { closeOnSignal } from '@sms-gateway/service-kit/shutdown'
import { ensureBootstrapKey } from './bootstrap-key.ts'
import { readConfig } from './config.ts'
import { createFraudAlarm } from './fraud-alarm.ts'
import { createIngest } from './service.ts'

const config = await loadOrExit(readConfig, process.env)
const logger = createLogger('ingest-api', config.logLevel)
const db = connectDatabase({
  ...config.database,
  name: 'ingest-api',
  statementLimitMs: ANSWER_LIMIT_MS,
})
await waitForDatabase(db, (err) => logger.warn({ err }, 'waiting for the database'))
const backend = connectBackend(config.queue)
const queues = openLaneQueues(backend, {
  onError: (err, lane) => {
    logger.error({ err, lane }, 'queue connection')
  },
})
const generated = await ensureBootstrapKey(db, config.bootstrapApiKey)
if (generated) process.stdout.write(`the first API key, shown once: ${generated}\n`)

const vault = createVault(config.vault)
const access = openAccess({ db, vault, queue: config.queue })
const registry = createRegistry({ ofProcess: true })
const ingest = createIngest({
  access,
  db,
  vault,
  queues,
  rules: config.rules,
  limits: config.limits,
  sendingEnabled: config.rules.enabled,
  fraud: { limits: config.fraudLimits, onSign: createFraudAlarm(registry, logger) },
})
const app = createServiceApp({
  ...config.http,
  logger,
  registry,
  checks: { database: () => pingDatabase(db) },
  routers: [ingest.router],
  isOutage,
})
const server = await listen(app, config.http)
logger.info({ port: config.http.port }, 'listening')

closeOnSignal({
  logger,
  limitMs: config.shutdownLimitMs,
  close: async () => {
    await closeServer(server, config.shutdownLimitMs / 2)
    await ingest.close()
    await access.close()
    await queues.close()
    await backend.close()
    await db.destroy()
  },
})
