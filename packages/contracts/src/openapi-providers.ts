import { ProviderName } from '@sms-gateway/domain/provider'
import { json, pathParameter, problems, withoutScope } from './openapi-parts.ts'
import { ProviderAction } from './providers.ts'

export function listProvidersOperation() {
  return {
    operationId: 'listProviders',
    summary: 'The providers: switch, circuit, recent success and latency, balance, limits',
    responses: {
      200: { description: 'All providers', content: json('Providers') },
      ...problems(withoutScope('operate')),
    },
  }
}

export function actOnProviderOperation() {
  return {
    operationId: 'actOnProvider',
    summary: 'Switch a provider on or off, or close its circuit',
    parameters: [
      pathParameter('name', ProviderName.options),
      pathParameter('action', ProviderAction.options),
    ],
    requestBody: { required: false, content: json('ProviderAction') },
    responses: {
      200: { description: 'The provider as it is after', content: json('Provider') },
      ...problems({
        400: 'Not the schema',
        ...withoutScope('operate'),
        404: 'No such provider, or no such action',
      }),
    },
  }
}

export function findCustomerOperation() {
  return {
    operationId: 'getCustomer',
    summary: "A customer's own settings",
    parameters: [pathParameter('id')],
    responses: {
      200: { description: 'The settings', content: json('Customer') },
      ...problems(withoutScope('operate')),
    },
  }
}

export function setCustomerOperation() {
  return {
    operationId: 'setCustomer',
    summary: 'Set the time zone whose quiet hours hold for a customer, and the name its texts bear',
    parameters: [pathParameter('id')],
    requestBody: { required: true, content: json('CustomerSetting') },
    responses: {
      200: { description: 'The settings', content: json('Customer') },
      ...problems({
        400: 'Not the schema',
        ...withoutScope('operate'),
        422: 'Not a time zone',
      }),
    },
  }
}
