import { ANSWER_LIMIT_MS, connectDatabase, type Db } from '@sms-gateway/db/connect'
import { migrateToLatest } from '@sms-gateway/db/migrate'
import { createVault, type Vault, type VaultConfig } from '@sms-gateway/db/vault'
import type { Provider, ProviderName } from '@sms-gateway/domain/provider'
import { ensureBootstrapKey } from '@sms-gateway/ingest-api/bootstrap-key'
import { createProviders, type ProvidersConfig } from '@sms-gateway/providers/create-providers'
import { type Backend, type BackendConfig, connectBackend } from '@sms-gateway/queue/backend'
import { type LaneQueues, openLaneQueues } from '@sms-gateway/queue/lane-queues'
import { migrateQueue } from '@sms-gateway/queue/migrate'
import type { Logger } from '@sms-gateway/service-kit/logger'
import { createRegistry, type Registry } from '@sms-gateway/service-kit/metrics'
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

/** What every service of this process stands on. */
export interface Foundation {
  db: Db
  /** The same, for what somebody waits for. */
  answeringDb: Db
  vault: Vault
  registry: Registry
  queueConfig: BackendConfig
  backend: Backend
  queues: LaneQueues
  providers: ReadonlyMap<ProviderName, Provider>
  logger: Logger
}

export async function openFoundation(
  config: Config,
  stores: GatewayStores,
  providerConfig: GatewayProviders,
  { logger, closers }: { logger: Logger; closers: Closers },
): Promise<Foundation> {
  const { databaseUrl } = stores
  const db = connectDatabase({
    url: databaseUrl,
    poolSize: config.databasePoolSize,
    name: 'all-in-one',
  })
  closers.add(() => db.destroy())
  const answeringDb = connectDatabase({
    url: databaseUrl,
    poolSize: config.databasePoolSize,
    name: 'all-in-one, answering',
    statementLimitMs: ANSWER_LIMIT_MS,
  })
  closers.add(() => answeringDb.destroy())
  await migrateToLatest(db)
  const queueConfig = toQueueConfig(config, databaseUrl)
  if (queueConfig.kind === 'postgres') await migrateQueue(databaseUrl)
  await ensureBootstrapKey(db, stores.apiKey)

  const backend = connectBackend(queueConfig)
  closers.add(() => backend.close())
  const queues = openLaneQueues(backend, {
    onError: (err, lane) => logger.error({ err, lane }, 'queue connection'),
  })
  closers.add(() => queues.close())
  const providers = createProviders(providerConfig)
  closers.add(async () => {
    await Promise.all([...providers.values()].map((provider) => provider.close()))
  })
  const registry = createRegistry({ ofProcess: true })
  const vault = createVault(stores.vault)
  return { db, answeringDb, vault, registry, queueConfig, backend, queues, providers, logger }
}

function toQueueConfig({ redisUrl }: Config, databaseUrl: string): BackendConfig {
  return redisUrl === undefined
    ? { kind: 'postgres', url: databaseUrl }
    : { kind: 'redis', url: redisUrl }
}
