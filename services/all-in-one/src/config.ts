import { httpVariables, toHttpConfig } from '@sms-gateway/config/http'
import { processVariables, toProcessConfig } from '@sms-gateway/config/process'
import {
  providerVariables,
  receiptVariables,
  routingVariables,
  toProviderConfig,
  toRoutingConfig,
} from '@sms-gateway/config/providers'
import { bootstrapVariables, sendingVariables, toSendingConfig } from '@sms-gateway/config/sending'
import { storeVariables } from '@sms-gateway/config/stores'
import { vaultVariables } from '@sms-gateway/config/vault'
import type { Environment } from '@sms-gateway/service-kit/environment'
import { readEnvironment } from '@sms-gateway/service-kit/environment'
import { optional, text } from '@sms-gateway/service-kit/environment-variables'

const VARIABLES = {
  ...processVariables,
  ...httpVariables,
  ...sendingVariables,
  ...bootstrapVariables,
  ...providerVariables,
  ...routingVariables,
  ...receiptVariables,
  // What the containers must be given, this start makes for itself.
  DATABASE_URL: optional(storeVariables.DATABASE_URL),
  DATABASE_POOL_SIZE: storeVariables.DATABASE_POOL_SIZE,
  REDIS_URL: storeVariables.REDIS_URL,
  SMS_ENCRYPTION_KEYS: optional(vaultVariables.SMS_ENCRYPTION_KEYS),
  SMS_LOOKUP_KEY: optional(vaultVariables.SMS_LOOKUP_KEY),
  SMS_DATA_DIR: text({ default: '.data', form: 'a folder', example: '.data' }),
}

export function readConfig(env: Environment) {
  const values = readEnvironment(VARIABLES, env)
  return {
    ...toProcessConfig(values),
    http: toHttpConfig(values),
    sending: toSendingConfig(values),
    providers: toProviderConfig(values),
    routing: toRoutingConfig(values),
    providerTimeoutMs: values.SMS_PROVIDER_TIMEOUT_MS,
    receiptTimeoutHours: values.SMS_RECEIPT_TIMEOUT_HOURS,
    bootstrapApiKey: values.SMS_BOOTSTRAP_API_KEY,
    databaseUrl: values.DATABASE_URL,
    databasePoolSize: values.DATABASE_POOL_SIZE,
    redisUrl: values.REDIS_URL,
    encryptionKeys: values.SMS_ENCRYPTION_KEYS,
    lookupKey: values.SMS_LOOKUP_KEY,
    dataDir: values.SMS_DATA_DIR,
  }
}
export type Config = ReturnType<typeof readConfig>
