import { callbackVariables, toCallbackConfig } from '@sms-gateway/config/callbacks'
import { httpVariables, toHttpConfig } from '@sms-gateway/config/http'
import { preparationVariables, toPreparationRules } from '@sms-gateway/config/preparation'
import { processVariables, toProcessConfig } from '@sms-gateway/config/process'
import {
  providerVariables,
  receiptVariables,
  toProviderConfig,
} from '@sms-gateway/config/providers'
import { routingVariables, toRoutingConfig } from '@sms-gateway/config/routing'
import { retentionVariables, storeVariables, toStoreConfig } from '@sms-gateway/config/stores'
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
  ...retentionVariables,
  ...callbackVariables,
  ...preparationVariables,
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
    callbacks: toCallbackConfig(values),
    timeZone: values.SMS_TIMEZONE,
    rules: toPreparationRules(values),
    receiptTimeoutHours: values.SMS_RECEIPT_TIMEOUT_HOURS,
    retentionDays: values.SMS_RETENTION_DAYS,
  }
}
