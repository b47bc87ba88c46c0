import { createAdmin } from '@sms-gateway/admin-api/service'
import { connectDatabase } from '@sms-gateway/db/connect'
import { migrateToLatest } from '@sms-gateway/db/migrate'
import { isOutage, pingDatabase } from '@sms-gateway/db/readiness'
import type { VaultConfig } from '@sms-gateway/db/vault'
import { createVault } from '@sms-gateway/db/vault'
import { createDispatchLimits } from '@sms-gateway/dispatcher/dispatch-limits'
import { readAllowedRecipients } from '@sms-gateway/dispatcher/gates'
import { countAttempts } from '@sms-gateway/dispatcher/metrics'
import { openLeases } from '@sms-gateway/dispatcher/open-leases'
import { startDispatcher } from '@sms-gateway/dispatcher/service'
import { ensureBootstrapKey } from '@sms-gateway/ingest-api/bootstrap-key'
import { createIngest } from '@sms-gateway/ingest-api/service'
import type { ProvidersConfig } from '@sms-gateway/providers/create-providers'
import { createProviders } from '@sms-gateway/providers/create-providers'
import type { BackendConfig } from '@sms-gateway/queue/backend'
import { connectBackend } from '@sms-gateway/queue/backend'
import { openLaneQueues } from '@sms-gateway/queue/lane-queues'
import { migrateQueue } from '@sms-gateway/queue/migrate'
import { countBeats } from '@sms-gateway/scheduler/metrics'
import { startScheduler } from '@sms-gateway/scheduler/service'
import { closeServer, listen } from '@sms-gateway/service-kit/http-server'
import type { Logger } from '@sms-gateway/service-kit/logger'
import { createRegistry } from '@sms-gateway/service-kit/metrics'
import { createServiceApp } from '@sms-gateway/service-kit/service-app'
import { createWebhooks } from '@sms-gateway/webhooks/service'
import type { Closers } from './closers.ts'
import type { Config } from './config.ts'

export interface GatewayStores {
  databaseUrl: string
  vault: VaultConfig
  apiKey: string
}

/** Real ones, or simulated ones: the gateway does not know which. */
export type GatewayProviders = ProvidersConfig & {
  chunghwa: { webhookSecret?: string } | undefined
}

const SERVER_CLOSE_LIMIT_MS = 5_000

/** Every service in this process, on one port. What it opens it hands to `closers`, in the order of opening. */
export async function startGateway(
  config: Config,
  { databaseUrl, vault: vaultConfig, apiKey }: GatewayStores,
  providerConfig: GatewayProviders,
  { logger, closers }: { logger: Logger; closers: Closers },
): Promise<void> {
  const { routing, sending, shutdownLimitMs, circuitPolicy, limits } = config
  const vault = createVault(vaultConfig)
  const registry = createRegistry({ ofProcess: true })
  const db = connectDatabase({
    url: databaseUrl,
    poolSize: config.databasePoolSize,
    name: 'all-in-one',
  })
  closers.add(() => db.destroy())
  await migrateToLatest(db)
  const queueConfig = toQueueConfig(config, databaseUrl)
  if (queueConfig.kind === 'postgres') await migrateQueue(databaseUrl)
  await ensureBootstrapKey(db, apiKey)

  const backend = connectBackend(queueConfig)
  closers.add(() => backend.close())
  const queues = openLaneQueues(backend, {
    onError: (err, lane) => {
      logger.error({ err, lane }, 'queue connection')
    },
  })
  closers.add(() => queues.close())
  const providers = createProviders(providerConfig)
  closers.add(async () => {
    await Promise.all([...providers.values()].map((provider) => provider.close()))
  })
  const { policy } = routing
  if (sending.enabled) {
    const turns = openLeases(queueConfig, db)
    closers.add(() => turns.close())
    const dispatcher = await startDispatcher({
      db,
      vault,
      backend,
      providers,
      order: routing.order,
      policy,
      circuitPolicy,
      gates: {
        allowedRecipients: readAllowedRecipients(routing.allowedRecipients),
        quiet: config.quiet,
      },
      takePermits: createDispatchLimits(limits, turns.leases),
      providerTimeoutMs: config.providerTimeoutMs,
      logger,
      onAttempt: countAttempts(registry),
    })
    closers.add(() => dispatcher.close(shutdownLimitMs * 0.6))
  }
  const scheduler = startScheduler({
    db,
    vault,
    queues,
    providers,
    policy,
    receiptTimeoutHours: config.receiptTimeoutHours,
    logger,
    onBeat: countBeats(registry),
  })
  closers.add(() => scheduler.close())
  const webhooks = createWebhooks({
    db,
    vault,
    logger,
    spoolDir: config.spoolDir,
    ...providerConfig,
  })
  closers.add(() => webhooks.close())
  const primaryProvider = routing.order[0] ?? 'twilio'
  const rules = { ...sending, quiet: config.quiet, primaryProvider }
  const ingest = createIngest({ db, vault, queues, rules, sendingEnabled: sending.enabled })
  closers.add(() => ingest.close())
  const app = createServiceApp({
    ...config.http,
    logger,
    registry,
    checks: { database: () => pingDatabase(db), queue: () => backend.ping() },
    routers: [ingest.router, webhooks.router, createAdmin({ db, circuitPolicy, limits })],
    isOutage,
  })
  const server = await listen(app, config.http)
  closers.add(() => closeServer(server, SERVER_CLOSE_LIMIT_MS))
}

function toQueueConfig({ redisUrl }: Config, databaseUrl: string): BackendConfig {
  return redisUrl === undefined
    ? { kind: 'postgres', url: databaseUrl }
    : { kind: 'redis', url: redisUrl }
}
