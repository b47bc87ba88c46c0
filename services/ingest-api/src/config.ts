import { fraudVariables, toFraudLimits } from '@sms-gateway/config/guards'
import { httpVariables, toHttpConfig } from '@sms-gateway/config/http'
import { limitVariables, toLimitConfig } from '@sms-gateway/config/limits'
import { preparationVariables, toPreparationRules } from '@sms-gateway/config/preparation'
import { processVariables, toProcessConfig } from '@sms-gateway/config/process'
import { routingVariables } from '@sms-gateway/config/routing'
import { bootstrapVariables } from '@sms-gateway/config/sending'
import { storeVariables, toStoreConfig } from '@sms-gateway/config/stores'
import { toVaultConfig, vaultVariables } from '@sms-gateway/config/vault'
import type { Environment } from '@sms-gateway/service-kit/environment'
import { readEnvironment } from '@sms-gateway/service-kit/environment'

const VARIABLES = {
  ...processVariables,
  ...httpVariables,
  ...storeVariables,
  ...vaultVariables,
  ...preparationVariables,
  ...bootstrapVariables,
  ...routingVariables,
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
    rules: toPreparationRules(values),
    limits: toLimitConfig(values),
    fraudLimits: toFraudLimits(values),
    bootstrapApiKey: values.SMS_BOOTSTRAP_API_KEY,
  }
}
