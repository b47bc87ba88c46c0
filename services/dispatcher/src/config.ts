import { frequencyVariables, toFrequencyCaps } from '@sms-gateway/config/guards'
import { httpVariables, toHttpConfig } from '@sms-gateway/config/http'
import { limitVariables, toLimitConfig } from '@sms-gateway/config/limits'
import { processVariables, toProcessConfig } from '@sms-gateway/config/process'
import {
  circuitVariables,
  providerVariables,
  toCircuitPolicy,
  toProviderConfig,
} from '@sms-gateway/config/providers'
import { quietVariables, toQuietPolicy } from '@sms-gateway/config/quiet-hours'
import { routingVariables, toRoutingConfig } from '@sms-gateway/config/routing'
import { sendingVariables } from '@sms-gateway/config/sending'
import { storeVariables, toStoreConfig } from '@sms-gateway/config/stores'
import { suppressionVariables, toSuppressionPolicy } from '@sms-gateway/config/suppression'
import { toVaultConfig, vaultVariables } from '@sms-gateway/config/vault'
import { type Environment, readEnvironment } from '@sms-gateway/service-kit/environment'

const VARIABLES = {
  ...processVariables,
  ...httpVariables,
  ...storeVariables,
  ...vaultVariables,
  ...providerVariables,
  ...routingVariables,
  ...circuitVariables,
  ...quietVariables,
  ...limitVariables,
  ...suppressionVariables,
  ...frequencyVariables,
  SMS_ENABLED: sendingVariables.SMS_ENABLED,
}

export function readConfig(env: Environment) {
  const values = readEnvironment(VARIABLES, env)
  return {
    ...toProcessConfig(values),
    ...toStoreConfig(values),
    http: toHttpConfig(values),
    vault: toVaultConfig(values),
    providers: toProviderConfig(values),
    routing: toRoutingConfig(values),
    circuitPolicy: toCircuitPolicy(values),
    quiet: toQuietPolicy(values),
    suppression: toSuppressionPolicy(values),
    frequencyCaps: toFrequencyCaps(values),
    limits: toLimitConfig(values),
    providerTimeoutMs: values.SMS_PROVIDER_TIMEOUT_MS,
    sendingEnabled: values.SMS_ENABLED,
  }
}
