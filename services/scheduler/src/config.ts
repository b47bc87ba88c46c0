import { callbackVariables, toCallbackConfig } from '@sms-gateway/config/callbacks'
import { httpVariables, toHttpConfig } from '@sms-gateway/config/http'
import { processVariables, toProcessConfig } from '@sms-gateway/config/process'
import {
  providerVariables,
  receiptVariables,
  routingVariables,
  toProviderConfig,
  toRoutingConfig,
} from '@sms-gateway/config/providers'
import { quietVariables } from '@sms-gateway/config/quiet-hours'
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
  ...receiptVariables,
  ...callbackVariables,
  SMS_TIMEZONE: quietVariables.SMS_TIMEZONE,
}

export function readConfig(env: Environment) {
  const values = readEnvironment(VARIABLES, env)
  return {
    ...toProcessConfig(values),
    ...toStoreConfig(values),
    http: toHttpConfig(values),
    vault: toVaultConfig(values),
    providers: toProviderConfig(values),
    policy: toRoutingConfig(values).policy,
    callbacks: toCallbackConfig(values),
    timeZone: values.SMS_TIMEZONE,
    receiptTimeoutHours: values.SMS_RECEIPT_TIMEOUT_HOURS,
  }
}
