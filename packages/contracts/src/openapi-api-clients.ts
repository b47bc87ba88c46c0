import { ApiClientResponse, ApiClientSetting, ApiClientsResponse } from './api-clients.ts'
import { json, PAGE, pathParameter, problems, schemaOf, withoutScope } from './openapi-parts.ts'

const MAY_ADMIN = withoutScope('admin')

/** The paths under `/sms/api-clients`. */
export function apiClientPaths() {
  return {
    '/sms/api-clients': { get: listOperation() },
    '/sms/api-clients/{id}': { put: changeOperation() },
  }
}

/** The schemas that they name. */
export function apiClientSchemas() {
  return {
    ApiClient: schemaOf(ApiClientResponse, 'output'),
    ApiClients: schemaOf(ApiClientsResponse, 'output'),
    ApiClientSetting: schemaOf(ApiClientSetting, 'input'),
  }
}

function listOperation() {
  return {
    operationId: 'listApiClients',
    summary: 'Whose the API keys are',
    parameters: PAGE,
    responses: {
      200: { description: 'A page', content: json('ApiClients') },
      ...problems({ 400: 'Not a page', ...MAY_ADMIN }),
    },
  }
}

function changeOperation() {
  return {
    operationId: 'setApiClient',
    summary: "Set the name that a client's texts bear instead of the company's",
    parameters: [pathParameter('id')],
    requestBody: { required: true, content: json('ApiClientSetting') },
    responses: {
      200: { description: 'The client', content: json('ApiClient') },
      ...problems({ 400: 'Not the schema', ...MAY_ADMIN, 404: 'No such client' }),
    },
  }
}
