import { fraudVariables, toFraudLimits } from '@sms-gateway/config/guards'
import { httpVariables, toHttpConfig } from '@sms-gateway/config/http'
import { limitVariables, toLimitConfig } from '@sms-gateway/config/limits'
import { processVariables, toProcessConfig } from '@sms-gateway/config/process'
import { quietVariables, toQuietPolicy } from '@sms-gateway/config/quiet-hours'
import { routingVariables, toRoutingConfig } from '@sms-gateway/config/routing'
import { bootstrapVariables, sendingVariables, toSendingConfig } from '@sms-gateway/config/sending'
import { storeVariables, toStoreConfig } from '@sms-gateway/config/stores'
import { suppressionVariables, toSuppressionPolicy } from '@sms-gateway/config/suppression'
import { toVaultConfig, vaultVariables } from '@sms-gateway/config/vault'
import type { Environment } from '@sms-gateway/service-kit/environment'
import { readEnvironment } from '@sms-gateway/service-kit/environment'

const VARIABLES = {
  ...processVariables,
  ...httpVariables,
  ...storeVariables,
  ...vaultVariables,
  ...sendingVariables,
  ...bootstrapVariables,
  ...routingVariables,
  ...quietVariables,
  ...suppressionVariables,
  ...fraudVariables,
  ...limitVariables,
}

export function readConfig(env: Environment) {
  const values = readEnvironment(VARIABLES, env)
  return {
    ...toProcessConfig(values),
    ...toStoreConfig(values),
    http: toHttpConfig(values),
    vault: toVaultConfig(values),
    sending: toSendingConfig(values),
    quiet: toQuietPolicy(values),
    limits: toLimitConfig(values),
    suppression: toSuppressionPolicy(values),
    fraudLimits: toFraudLimits(values),
    primaryProvider: toRoutingConfig(values).order[0] ?? values.SMS_PRIMARY_PROVIDER,
    bootstrapApiKey: values.SMS_BOOTSTRAP_API_KEY,
  }
}
