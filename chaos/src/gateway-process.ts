// A process of the gateway with one or more of its services, which may be told to kill itself at an exact step.
import { connectDatabase } from '@sms-gateway/db/connect'
import { isOutage } from '@sms-gateway/db/readiness'
import { createVault } from '@sms-gateway/db/vault'
import { DEFAULT_DOUBT_POLICIES } from '@sms-gateway/domain/in-doubt-policy'
import { createProviders } from '@sms-gateway/providers/create-providers'
import { connectBackend } from '@sms-gateway/queue/backend'
import { openLaneQueues } from '@sms-gateway/queue/lane-queues'
import { listen } from '@sms-gateway/service-kit/http-server'
import { createLogger } from '@sms-gateway/service-kit/logger'
import { createRegistry } from '@sms-gateway/service-kit/metrics'
import { createServiceApp } from '@sms-gateway/service-kit/service-app'
import { createFate, permitAll, withFate, withFateAtRing } from './fate.ts'
import { Settings } from './settings.ts'

const POOL_SIZE = 6
const RECEIPT_TIMEOUT_HOURS = 72
const RETENTION_DAYS = 365

const settings = Settings.parse(JSON.parse(process.argv[2] ?? '{}'))
const { name, roles, order, redis, twilio, chunghwa } = settings
const fate = createFate(settings)
process.on('message', () => fate.relent())
process.once('disconnect', () => process.exit(0))

const logger = createLogger(name, 'info')
for (const event of ['uncaughtException', 'unhandledRejection']) {
  process.on(event, (err: unknown) => {
    logger.fatal({ err }, event)
    process.exit(1)
  })
}
const db = connectDatabase({ url: settings.databaseUrl, poolSize: POOL_SIZE, name })
logger.info('starting')
const vault = createVault({
  encryptionKeys: [{ id: 'chaos', key: Buffer.from(settings.encryptionKey, 'base64') }],
  lookupKey: Buffer.from(settings.lookupKey, 'base64'),
})
const backend = connectBackend({ kind: 'redis', ...redis })
const queues = openLaneQueues(backend, {
  onError: (err, lane) => logger.warn({ err, lane }, 'queue connection'),
})
const providers = createProviders({ twilio, chunghwa })
const routing = { mode: 'priority', order } as const
const policy = { retry: settings.retry, doubt: DEFAULT_DOUBT_POLICIES }
const quiet = { window: null, timeZone: 'Asia/Taipei', exemptTypes: [] }
const suppression = { marketingTypes: [], requireConsent: false }
const rules = {
  companyName: '幸福氣',
  allowedCountries: ['TW'],
  registeredUrls: [],
  smartEncoding: false,
  duplicateWindowSeconds: 0,
  budgets: [],
  quiet,
  suppression,
  primaryProvider: order[0] ?? 'twilio',
}
// Each role is loaded where it is played, as a container has its own service alone: a third of a start.
const has = (role: Settings['roles'][number]) => roles.includes(role)

if (has('dispatcher')) {
  const { startDispatcher } = await import('@sms-gateway/dispatcher/service')
  await startDispatcher({
    ...{ db, vault, backend, routing, policy, logger },
    providers: withFate(providers, fate),
    circuitPolicy: settings.circuit,
    gates: { allowedRecipients: undefined, quiet, suppression },
    takePermits: permitAll(fate),
    providerTimeoutMs: twilio.timeoutMs,
    onAttempt: () => fate.meet('settling'),
  })
}
if (has('scheduler')) {
  const { startScheduler } = await import('@sms-gateway/scheduler/service')
  startScheduler({
    ...{ db, vault, queues, providers, routing, policy, rules, logger },
    timeZone: 'Asia/Taipei',
    receiptTimeoutHours: RECEIPT_TIMEOUT_HOURS,
    retentionDays: RETENTION_DAYS,
    onBeat: () => undefined,
    onMonthsWaiting: () => undefined,
    onBudgetAlerts: () => undefined,
  })
}
const routers = []
if (has('ingest')) {
  const { openAccess } = await import('@sms-gateway/access/open-access')
  const { createIngest } = await import('@sms-gateway/ingest-api/service')
  const rung = withFateAtRing(queues, fate)
  const access = openAccess({ db, vault, queue: { kind: 'redis', url: redis.url } })
  const limits = { allPerMinute: 0, perSecond: { twilio: 0, chunghwa: 0 }, customerPerMinute: 0 }
  const shared = { access, db, vault, rules, limits }
  const ingest = createIngest({ ...shared, queues: rung, sendingEnabled: true })
  routers.push(ingest.router)
}
if (has('webhooks')) {
  const { createWebhooks } = await import('@sms-gateway/webhooks/service')
  const { spoolDir } = settings
  const keywords = { sendingEnabled: true, twilioAnswersKeywords: true, answersPerHour: 3 }
  const answers = { ...rules, ...keywords }
  routers.push(createWebhooks({ db, vault, logger, spoolDir, twilio, chunghwa, answers }).router)
}
if (routers.length > 0) {
  const app = createServiceApp({
    ...{ logger, routers, isOutage },
    registry: createRegistry({ ofProcess: false }),
    checks: {},
  })
  await listen(app, { host: '127.0.0.1', port: settings.port })
}
logger.info('ready')
process.send?.('ready')
