import { loadOrExit } from '@sms-gateway/config/load'
import { startEmbeddedPostgres } from '@sms-gateway/db/embedded-postgres'
import { createVault, type VaultConfig } from '@sms-gateway/db/vault'
import { closeOnSignal } from '@sms-gateway/service-kit/shutdown'
import { createClosers } from './closers.ts'
import { readConfig } from './config.ts'
import type { GatewayProviders } from './foundation.ts'
import { findFreePort } from './free-port.ts'
import { startGateway } from './gateway.ts'
import { type GeneratedKeys, loadGeneratedKeys, toVaultConfig } from './generated-keys.ts'
import { openLog } from './log.ts'
import { sendSampleMessage } from './sample-message.ts'
import { startSimulatedProviders } from './simulated-providers.ts'

const config = await loadOrExit(readConfig, process.env)
const logger = openLog(config)
const closers = createClosers()
closeOnSignal({ logger, limitMs: config.shutdownLimitMs, close: () => closers.closeAll() })

try {
  await start()
} catch (err) {
  tell(`the gateway could not start: ${err instanceof Error ? err.message : String(err)}`)
  logger.debug({ err }, 'not started')
  await closers.closeAll()
  process.exit(1)
}

async function start(): Promise<void> {
  const { dataDir, http } = config
  const keys = await loadGeneratedKeys(dataDir)
  const vault = toVaultConfig(keys, config)
  const apiKey = config.bootstrapApiKey ?? keys.apiKey
  const port = http.port === 0 ? await findFreePort(http.host) : http.port
  const address = `http://${http.host === '0.0.0.0' ? '127.0.0.1' : http.host}:${port}`
  const api = { url: `${address}/api/v1`, key: apiKey }

  const databaseUrl = config.databaseUrl ?? (await startDatabase(dataDir))
  const stores = { databaseUrl, vault, apiKey }
  const simulated = !hasCredentials(config.providers)
  const providers = simulated ? await simulateProviders(keys, vault, api.url) : config.providers
  if (providers.twilio && !providers.twilio.webhookUrl) {
    logger.warn('TWILIO_WEBHOOK_URL is not set: Twilio cannot send its receipts')
  }
  const bound = { ...config, http: { ...http, port } }
  await startGateway(bound, stores, providers, { logger, closers })
  if (simulated && config.rules.enabled) {
    tell('a sample message on its way:')
    await sendSampleMessage(api, tell)
  }
  tell(`console  ${address}/   (sign in with the API key)`)
  tell(`API      ${api.url}   (its description: ${api.url}/openapi.json)`)
  tell(`API key  ${apiKey}`)
  tell(`ready ${address}`)
}

async function simulateProviders(
  keys: GeneratedKeys,
  vault: VaultConfig,
  webhookUrl: string,
): Promise<GatewayProviders> {
  const simulated = await startSimulatedProviders({
    keys,
    vault: createVault(vault),
    dataDir: config.dataDir,
    webhookUrl,
    timeoutMs: config.providerTimeoutMs,
  })
  closers.add(() => simulated.close())
  const { twilio, chunghwa } = simulated.urls
  tell(`no provider has credentials: simulated Twilio at ${twilio}, Chunghwa at ${chunghwa}`)
  return simulated.config
}

async function startDatabase(dataDir: string): Promise<string> {
  const postgres = await startEmbeddedPostgres({ dataDir, report: tell })
  closers.add(() => postgres.stop())
  return postgres.url
}

function hasCredentials({ twilio, chunghwa }: typeof config.providers): boolean {
  return twilio !== undefined || chunghwa !== undefined
}

/** For the person at the terminal; the log is for machines. */
function tell(line: string): void {
  process.stdout.write(`${line}\n`)
}
