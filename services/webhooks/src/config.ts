import { httpVariables, toHttpConfig } from '@sms-gateway/config/http'
import { processVariables, toProcessConfig } from '@sms-gateway/config/process'
import { providerVariables, toProviderConfig } from '@sms-gateway/config/providers'
import { spoolVariables, toSpoolConfig } from '@sms-gateway/config/spool'
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
  ...spoolVariables,
}

export function readConfig(env: Environment) {
  const values = readEnvironment(VARIABLES, env)
  return {
    ...toProcessConfig(values),
    ...toStoreConfig(values),
    ...toSpoolConfig(values),
    http: toHttpConfig(values),
    vault: toVaultConfig(values),
    providers: toProviderConfig(values),
  }
}
