import { loadOrExit } from '@sms-gateway/config/load'
import { connectDatabase } from '@sms-gateway/db/connect'
import { isOutage } from '@sms-gateway/db/readiness'
import { createVault } from '@sms-gateway/db/vault'
import { closeServer, listen } from '@sms-gateway/service-kit/http-server'
import { createLogger } from '@sms-gateway/service-kit/logger'
import { createRegistry } from '@sms-gateway/service-kit/metrics'
import { createServiceApp } from '@sms-gateway/service-kit/service-app'
import { closeOnSignal } from '@sms-gateway/service-kit/shutdown'
import { readConfig } from './config.ts'
import { createWebhooks } from './service.ts'

const config = await loadOrExit(readConfig, process.env)
const logger = createLogger('webhooks', config.logLevel)
const db = connectDatabase({ ...config.database, name: 'webhooks' })
const webhooks = createWebhooks({
  db,
  vault: createVault(config.vault),
  logger,
  spoolDir: config.spoolDir,
  ...config.providers,
  answers: config.answers,
})
const app = createServiceApp({
  ...config.http,
  logger,
  registry: createRegistry({ ofProcess: true }),
  // Not the database alone: while it is away the receipts must still be sent here.
  checks: { receipts: () => webhooks.check() },
  routers: [webhooks.router],
  isOutage,
})
const server = await listen(app, config.http)
logger.info({ port: config.http.port }, 'listening')

closeOnSignal({
  logger,
  limitMs: config.shutdownLimitMs,
  close: async () => {
    await closeServer(server, config.shutdownLimitMs / 2)
    await webhooks.close()
    await db.destroy()
  },
})
