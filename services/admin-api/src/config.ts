import { callbackVariables, toCallbackConfig } from '@sms-gateway/config/callbacks'
import { httpVariables, toHttpConfig } from '@sms-gateway/config/http'
import { limitVariables, toLimitConfig } from '@sms-gateway/config/limits'
import { oidcVariables, toOidcConfig } from '@sms-gateway/config/oidc'
import { processVariables, toProcessConfig } from '@sms-gateway/config/process'
import { circuitVariables, providerVariables, toCircuitPolicy } from '@sms-gateway/config/providers'
import { quietVariables } from '@sms-gateway/config/quiet-hours'
import { routingVariables, toRoutingOrder } from '@sms-gateway/config/routing'
import { budgetVariables, sendingVariables, toBudgets } from '@sms-gateway/config/sending'
import { storeVariables, toStoreConfig } from '@sms-gateway/config/stores'
import { toVaultConfig, vaultVariables } from '@sms-gateway/config/vault'
import { type Environment, readEnvironment } from '@sms-gateway/service-kit/environment'

const VARIABLES = {
  ...processVariables,
  ...httpVariables,
  ...storeVariables,
  ...vaultVariables,
  ...circuitVariables,
  ...limitVariables,
  ...callbackVariables,
  ...budgetVariables,
  ...oidcVariables,
  SMS_COMPANY_NAME: sendingVariables.SMS_COMPANY_NAME,
  SMS_SENDER_REGISTERED_URLS: sendingVariables.SMS_SENDER_REGISTERED_URLS,
  SMS_SMART_ENCODING: sendingVariables.SMS_SMART_ENCODING,
  SMS_ROUTING: routingVariables.SMS_ROUTING,
  SMS_PRIMARY_PROVIDER: routingVariables.SMS_PRIMARY_PROVIDER,
  SMS_FALLBACK_PROVIDERS: routingVariables.SMS_FALLBACK_PROVIDERS,
  SMS_TIMEZONE: quietVariables.SMS_TIMEZONE,
  SMS_PROVIDER_TIMEOUT_MS: providerVariables.SMS_PROVIDER_TIMEOUT_MS,
}

export function readConfig(env: Environment) {
  const values = readEnvironment(VARIABLES, env)
  return {
    ...toProcessConfig(values),
    ...toStoreConfig(values),
    vault: toVaultConfig(values),
    http: toHttpConfig(values),
    timeZone: values.SMS_TIMEZONE,
    budgets: toBudgets(values),
    circuitPolicy: toCircuitPolicy(values),
    routing: toRoutingOrder(values),
    limits: toLimitConfig(values),
    callbacks: toCallbackConfig(values),
    oidc: toOidcConfig(values),
    previewRules: {
      companyName: values.SMS_COMPANY_NAME,
      registeredUrls: values.SMS_SENDER_REGISTERED_URLS,
      smartEncoding: values.SMS_SMART_ENCODING,
    },
  }
}
