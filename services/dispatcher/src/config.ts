import { httpVariables, toHttpConfig } from '@sms-gateway/config/http'
import { processVariables, toProcessConfig } from '@sms-gateway/config/process'
import {
  providerVariables,
  routingVariables,
  toProviderConfig,
  toRoutingConfig,
} from '@sms-gateway/config/providers'
import { sendingVariables } from '@sms-gateway/config/sending'
import { storeVariables, toStoreConfig } from '@sms-gateway/config/stores'
import { toVaultConfig, vaultVariables } from '@sms-gateway/config/vault'
import type { Environment } from '@sms-gateway/service-kit/environment'
import { readEnvironment } from '@sms-gateway/service-kit/environment'

const VARIABLES = {
  ...processVariables,
  ...httpVariables,
  ...storeVariables,
  ...vaultVariables,
  ...providerVariables,
  ...routingVariables,
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
    providerTimeoutMs: values.SMS_PROVIDER_TIMEOUT_MS,
    sendingEnabled: values.SMS_ENABLED,
  }
}
