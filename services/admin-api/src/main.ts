import { openAccess } from '@sms-gateway/access/open-access'
import { loadOrExit } from '@sms-gateway/config/load'
import { ANSWER_LIMIT_MS, connectDatabase } from '@sms-gateway/db/connect'
import { isOutage, pingDatabase } from '@sms-gateway/db/readiness'
import { createVault } from '@sms-gateway/db/vault'
import { connectBackend } from '@sms-gateway/queue/backend'
import { closeServer, listen } from '@sms-gateway/service-kit/http-server'
import { createLogger } from '@sms-gateway/service-kit/logger'
import { createRegistry } from '@sms-gateway/service-kit/metrics'
import { createServiceApp } from '@sms-gateway/service-kit/service-app'
import { closeOnSignal } from '@sms-gateway/service-kit/shutdown'
import { readConfig } from './config.ts'
import { createConsole, findConsole } from './console.ts'
import { createQueueBoard } from './queue-board.ts'
import { createAdmin } from './service.ts'

const config = await loadOrExit(readConfig, process.env)
const logger = createLogger('admin-api', config.logLevel)
const db = connectDatabase({
  ...config.database,
  name: 'admin-api',
  statementLimitMs: ANSWER_LIMIT_MS,
})
const { circuitPolicy, routing, limits, previewRules, timeZone, budgets, callbacks } = config
const vault = createVault(config.vault)
const access = openAccess({ db, vault, queue: config.queue })
const backend = connectBackend(config.queue)
const board = createQueueBoard({ ...access, backend, logger })
const app = createServiceApp({
  ...config.http,
  logger,
  registry: createRegistry({ ofProcess: true }),
  checks: { database: () => pingDatabase(db) },
  routers: [
    createAdmin({
      access,
      db,
      vault,
      circuitPolicy,
      routing,
      limits,
      previewRules,
      timeZone,
      oidc: config.oidc,
      logger,
      budgets,
      ...callbacks,
    }),
    board.router,
    createConsole(findConsole()),
  ],
  isOutage,
})
const server = await listen(app, config.http)
logger.info({ port: config.http.port }, 'listening')

closeOnSignal({
  logger,
  limitMs: config.shutdownLimitMs,
  close: async () => {
    await closeServer(server, config.shutdownLimitMs / 2)
    await board.close()
    await backend.close()
    await access.close()
    await db.destroy()
  },
})
