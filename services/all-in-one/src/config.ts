import { join } from 'node:path'
import { callbackVariables, toCallbackConfig } from '@sms-gateway/config/callbacks'
import {
  fraudVariables,
  frequencyVariables,
  toFraudLimits,
  toFrequencyCaps,
} from '@sms-gateway/config/guards'
import { httpVariables, toHttpConfig } from '@sms-gateway/config/http'
import { limitVariables, toLimitConfig } from '@sms-gateway/config/limits'
import { oidcVariables, toOidcConfig } from '@sms-gateway/config/oidc'
import { preparationVariables, toPreparationRules } from '@sms-gateway/config/preparation'
import { processVariables, toProcessConfig } from '@sms-gateway/config/process'
import {
  circuitVariables,
  providerVariables,
  receiptVariables,
  toCircuitPolicy,
  toProviderConfig,
} from '@sms-gateway/config/providers'
import { routingVariables, toRoutingConfig } from '@sms-gateway/config/routing'
import { bootstrapVariables } from '@sms-gateway/config/sending'
import { spoolVariables } from '@sms-gateway/config/spool'
import { retentionVariables, storeVariables } from '@sms-gateway/config/stores'
import { toTwoWayConfig, twoWayVariables } from '@sms-gateway/config/two-way'
import { vaultVariables } from '@sms-gateway/config/vault'
import type { Environment } from '@sms-gateway/service-kit/environment'
import { readEnvironment } from '@sms-gateway/service-kit/environment'
import { optional, text } from '@sms-gateway/service-kit/environment-variables'

const VARIABLES = {
  ...processVariables,
  ...httpVariables,
  ...preparationVariables,
  ...bootstrapVariables,
  ...providerVariables,
  ...routingVariables,
  ...circuitVariables,
  ...limitVariables,
  ...frequencyVariables,
  ...fraudVariables,
  ...twoWayVariables,
  ...receiptVariables,
  ...retentionVariables,
  ...callbackVariables,
  ...oidcVariables,
  // What the containers must be given, this start makes for itself.
  DATABASE_URL: optional(storeVariables.DATABASE_URL),
  DATABASE_POOL_SIZE: storeVariables.DATABASE_POOL_SIZE,
  REDIS_URL: storeVariables.REDIS_URL,
  SMS_ENCRYPTION_KEYS: optional(vaultVariables.SMS_ENCRYPTION_KEYS),
  SMS_LOOKUP_KEY: optional(vaultVariables.SMS_LOOKUP_KEY),
  SMS_SPOOL_DIR: optional(spoolVariables.SMS_SPOOL_DIR),
  SMS_DATA_DIR: text({ default: '.data', form: 'a folder', example: '.data' }),
}

export function readConfig(env: Environment) {
  const values = readEnvironment(VARIABLES, env)
  return {
    ...toProcessConfig(values),
    http: toHttpConfig(values),
    rules: toPreparationRules(values),
    providers: toProviderConfig(values),
    routing: toRoutingConfig(values),
    circuitPolicy: toCircuitPolicy(values),
    frequencyCaps: toFrequencyCaps(values),
    fraudLimits: toFraudLimits(values),
    twoWay: toTwoWayConfig(values),
    limits: toLimitConfig(values),
    providerTimeoutMs: values.SMS_PROVIDER_TIMEOUT_MS,
    callbacks: toCallbackConfig(values),
    oidc: toOidcConfig(values),
    receiptTimeoutHours: values.SMS_RECEIPT_TIMEOUT_HOURS,
    retentionDays: values.SMS_RETENTION_DAYS,
    bootstrapApiKey: values.SMS_BOOTSTRAP_API_KEY,
    databaseUrl: values.DATABASE_URL,
    databasePoolSize: values.DATABASE_POOL_SIZE,
    redisUrl: values.REDIS_URL,
    encryptionKeys: values.SMS_ENCRYPTION_KEYS,
    lookupKey: values.SMS_LOOKUP_KEY,
    dataDir: values.SMS_DATA_DIR,
    spoolDir: values.SMS_SPOOL_DIR ?? join(values.SMS_DATA_DIR, 'spool'),
  }
}
export type Config = ReturnType<typeof readConfig>
