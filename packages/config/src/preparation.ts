import type { Values } from '@sms-gateway/service-kit/environment-variables'
import { quietVariables, toQuietPolicy } from './quiet-hours.ts'
import { routingVariables } from './routing.ts'
import { sendingVariables, toSendingConfig } from './sending.ts'
import { suppressionVariables, toSuppressionPolicy } from './suppression.ts'

/** By what a message is made of a request, or of a person of a campaign: the services that do so must be told the same. */
export const preparationVariables = {
  ...sendingVariables,
  ...quietVariables,
  ...suppressionVariables,
  SMS_PRIMARY_PROVIDER: routingVariables.SMS_PRIMARY_PROVIDER,
}

export function toPreparationRules(values: Values<typeof preparationVariables>) {
  return {
    ...toSendingConfig(values),
    quiet: toQuietPolicy(values),
    suppression: toSuppressionPolicy(values),
    primaryProvider: values.SMS_PRIMARY_PROVIDER,
  }
}
