import { randomBytes } from 'node:crypto'
import { openAccess } from '@sms-gateway/access/open-access'
import type { OidcConfig } from '@sms-gateway/admin-api/oidc/oidc-client'
import { createAdmin } from '@sms-gateway/admin-api/service'
import { ensureApiKey } from '@sms-gateway/db/api-keys'
import type { Db } from '@sms-gateway/db/connect'
import { connectDatabase } from '@sms-gateway/db/connect'
import { isOutage, pingDatabase } from '@sms-gateway/db/readiness'
import { tellStatements } from '@sms-gateway/db/test-support/tell-statements'
import type { Vault } from '@sms-gateway/db/vault'
import { createVault } from '@sms-gateway/db/vault'
import type { Budget } from '@sms-gateway/domain/budget'
import type { PreviewRules } from '@sms-gateway/domain/preview-text'
import { closeServer, listen } from '@sms-gateway/service-kit/http-server'
import { createLogger } from '@sms-gateway/service-kit/logger'
import { createRegistry } from '@sms-gateway/service-kit/metrics'
import { createServiceApp } from '@sms-gateway/service-kit/service-app'
import type { Api } from '../../all-in-one/test-support/api.ts'
import { createApi } from '../../all-in-one/test-support/api.ts'
import type { CleanUp } from '../../all-in-one/test-support/clean-up.ts'
import { findFreePort } from '../../all-in-one/test-support/free-port.ts'
import { API_KEY } from '../../all-in-one/test-support/settings.ts'
import type { Stores } from '../../all-in-one/test-support/stores.ts'
import { openStores } from '../../all-in-one/test-support/stores.ts'

export const SMS = '/api/v1/sms'
export const RESET_MS = 300_000
/** Longer than a test: nothing that is open is waited for so long. */
const CLOSE_LIMIT_MS = 60_000
export const REGISTERED_URL = 'https://luckygas.tw'

const VAULT = {
  encryptionKeys: [{ id: 'k1', key: randomBytes(32) }],
  lookupKey: randomBytes(32),
}

const PREVIEW_RULES: PreviewRules = {
  companyName: '幸福氣',
  registeredUrls: [REGISTERED_URL],
  smartEncoding: false,
}

export interface Admin {
  api: Api
  url: string
  db: Db
  vault: Vault
  stores: Stores
  /** Of the key that calls are made with unless they say otherwise. */
  keyId: string
  /** What it has logged, a line each. */
  log: string[]
  /** What it has asked its database, as text, newest last. */
  statements: string[]
  /** What it knows of keys and sessions is older by so much. */
  pass: (ms: number) => void
  /** As on a signal. */
  close: () => Promise<void>
}

export interface AdminOptions {
  previewRules?: Partial<PreviewRules>
  /** Those of another one, which it is to be a second process of. */
  stores?: Stores
  budgets?: readonly Budget[]
  oidc?: OidcConfig
  timeZone?: string
}

/** What a process knows of a key or a session may be so old. */
export const KNOWN_MS = 5_000

/** admin-api over HTTP in this process: it has PostgreSQL and nothing else. */
export async function startAdmin(cleanUp: CleanUp, options: AdminOptions = {}): Promise<Admin> {
  const { previewRules = {}, budgets = [], oidc, timeZone = 'Asia/Taipei' } = options
  const stores = options.stores ?? (await openStores('postgres', cleanUp))
  const { db, statements } = tellStatements(
    connectDatabase({ url: stores.databaseUrl, poolSize: 6 }),
  )
  cleanUp(() => db.destroy())
  const vault = createVault(VAULT)
  const scopes = ['send', 'read', 'templates', 'operate']
  await ensureApiKey(db, { key: API_KEY, clientName: 'tests', scopes })
  const [row] = await stores.query<{ id: string }>('select id from api_key')
  let passedMs = 0
  const now = () => Date.now() + passedMs
  const queue = { kind: 'postgres', url: stores.databaseUrl } as const
  const access = openAccess({ db, vault, queue, now })
  const log: string[] = []
  const logger = createLogger('admin-api', 'info', { write: (line) => log.push(line) })
  const app = createServiceApp({
    logger,
    registry: createRegistry(),
    checks: { database: () => pingDatabase(db) },
    routers: [
      createAdmin({
        access,
        db,
        vault,
        routing: { mode: 'priority', order: ['twilio', 'chunghwa'] },
        timeZone,
        budgets,
        circuitPolicy: { failuresToOpen: 3, resetMs: RESET_MS, probeMs: 15_000 },
        limits: { allPerMinute: 60, perSecond: { twilio: 5, chunghwa: 0 } },
        allowedHosts: ['127.0.0.1'],
        oidc,
        resultsKeptMs: 0,
        livePace: { roundMs: 100, recheckMs: 400 },
        logger,
        previewRules: { ...PREVIEW_RULES, ...previewRules },
      }),
    ],
    isOutage,
  })
  const port = await findFreePort()
  const server = await listen(app, { host: '127.0.0.1', port })
  cleanUp(() => closeServer(server, 100))
  const url = `http://127.0.0.1:${port}`
  return {
    api: createApi(url),
    url,
    db,
    vault,
    stores,
    keyId: row?.id ?? '',
    log,
    statements,
    pass: (ms) => (passedMs += ms),
    close: () => closeServer(server, CLOSE_LIMIT_MS),
  }
}
