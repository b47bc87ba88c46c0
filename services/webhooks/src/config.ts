import { httpVariables, toHttpConfig } from '@sms-gateway/config/http'
import { processVariables, toProcessConfig } from '@sms-gateway/config/process'
import { providerVariables, toProviderConfig } from '@sms-gateway/config/providers'
import { quietVariables, toQuietPolicy } from '@sms-gateway/config/quiet-hours'
import { routingVariables } from '@sms-gateway/config/routing'
import { sendingVariables, toSendingConfig } from '@sms-gateway/config/sending'
import { spoolVariables, toSpoolConfig } from '@sms-gateway/config/spool'
import { storeVariables, toStoreConfig } from '@sms-gateway/config/stores'
import { toTwoWayConfig, twoWayVariables } from '@sms-gateway/config/two-way'
import { toVaultConfig, vaultVariables } from '@sms-gateway/config/vault'
import type { Environment } from '@sms-gateway/service-kit/environment'
import { readEnvironment } from '@sms-gateway/service-kit/environment'

const VARIABLES = {
  ...processVariables,
  ...httpVariables,
  ...storeVariables,
  ...vaultVariables,
  ...providerVariables,
  ...spoolVariables,
  ...sendingVariables,
  ...quietVariables,
  ...twoWayVariables,
  SMS_PRIMARY_PROVIDER: routingVariables.SMS_PRIMARY_PROVIDER,
}

export function readConfig(env: Environment) {
  const values = readEnvironment(VARIABLES, env)
  const { enabled: sendingEnabled, ...sending } = toSendingConfig(values)
  return {
    ...toProcessConfig(values),
    ...toStoreConfig(values),
    ...toSpoolConfig(values),
    http: toHttpConfig(values),
    vault: toVaultConfig(values),
    providers: toProviderConfig(values),
    answers: {
      ...{ ...sending, sendingEnabled, primaryProvider: values.SMS_PRIMARY_PROVIDER },
      quiet: toQuietPolicy(values),
      ...toTwoWayConfig(values),
    },
  }
}
