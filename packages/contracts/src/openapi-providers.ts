import { ProviderName } from '@sms-gateway/domain/provider'
import { json, pathParameter, problems, schemaOf, withoutScope } from './openapi-parts.ts'
import {
  CustomerResponse,
  CustomerSetting,
  ProviderAction,
  ProviderActionRequest,
  ProviderResponse,
  ProvidersResponse,
} from './providers.ts'

export function providerPaths() {
  return {
    '/sms/providers': { get: listProvidersOperation() },
    '/sms/providers/{name}/{action}': { post: actOnProviderOperation() },
    '/sms/customers/{id}': { get: findCustomerOperation(), put: setCustomerOperation() },
  }
}

/** The schemas that they name. */
export function providerSchemas() {
  return {
    Provider: schemaOf(ProviderResponse, 'output'),
    Providers: schemaOf(ProvidersResponse, 'output'),
    ProviderAction: schemaOf(ProviderActionRequest, 'input'),
    CustomerSetting: schemaOf(CustomerSetting, 'input'),
    Customer: schemaOf(CustomerResponse, 'output'),
  }
}

function listProvidersOperation() {
  return {
    operationId: 'listProviders',
    summary: 'The providers: switch, circuit, recent success and latency, balance, limits',
    responses: {
      200: { description: 'All providers', content: json('Providers') },
      ...problems(withoutScope('operate')),
    },
  }
}

function actOnProviderOperation() {
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

function findCustomerOperation() {
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

function setCustomerOperation() {
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
