import {
  CallbackResponse,
  CallbackSecretResponse,
  CallbacksResponse,
  CreateCallbackRequest,
} from './callbacks.ts'
import {
  IDEMPOTENCY_KEY,
  json,
  messageIdParameter,
  PAGE,
  problems,
  schemaOf,
  withoutScope,
} from './openapi-parts.ts'

export const MAY_READ = withoutScope('read')
export const MAY_CHANGE = {
  401: 'No valid API key',
  403: 'The key lacks the scope `read` or `send`',
}
export const NOT_FOUND = { 404: 'No such callback, or no such event of it' }

export function callbackSchemas() {
  return {
    CreateCallback: schemaOf(CreateCallbackRequest, 'input'),
    Callback: schemaOf(CallbackResponse, 'output'),
    CallbackWithSecret: schemaOf(CallbackSecretResponse, 'output'),
    Callbacks: schemaOf(CallbacksResponse, 'output'),
  }
}

/** The paths under `/sms/callbacks`. */
export function callbackPaths() {
  return {
    '/sms/callbacks': { get: listOperation(), post: createOperation() },
    '/sms/callbacks/{id}': { get: findOperation(), delete: deleteOperation() },
    '/sms/callbacks/{id}/rotate': {
      post: changeOperation('rotateCallbackSecret', ROTATE, 'CallbackWithSecret'),
    },
    '/sms/callbacks/{id}/enable': {
      post: changeOperation('enableCallback', 'Enable a callback that was disabled', 'Callback'),
    },
  }
}

const ROTATE = 'A new secret; the old one signs beside it for 24 hours'

function listOperation() {
  return {
    operationId: 'listCallbacks',
    summary: "The client's own webhooks",
    parameters: PAGE,
    responses: {
      200: { description: 'A page', content: json('Callbacks') },
      ...problems({ 400: 'Not a page', ...MAY_READ }),
    },
  }
}

function createOperation() {
  return {
    operationId: 'createCallback',
    summary: 'Register an address for events; the secret is in this answer alone',
    parameters: [IDEMPOTENCY_KEY],
    requestBody: { required: true, content: json('CreateCallback') },
    responses: {
      201: { description: 'The callback with its secret', content: json('CallbackWithSecret') },
      ...problems({
        400: 'Not the schema',
        ...MAY_CHANGE,
        409: 'The client has as many as it may',
        422: 'No address for a callback',
      }),
    },
  }
}

function findOperation() {
  return {
    operationId: 'getCallback',
    summary: 'A callback, and how its receiver does',
    parameters: [messageIdParameter()],
    responses: {
      200: { description: 'The callback', content: json('Callback') },
      ...problems({ ...MAY_READ, ...NOT_FOUND }),
    },
  }
}

function deleteOperation() {
  return {
    operationId: 'deleteCallback',
    summary: 'Delete a callback with its events',
    parameters: [messageIdParameter()],
    responses: { 204: { description: 'Gone' }, ...problems({ ...MAY_CHANGE, ...NOT_FOUND }) },
  }
}

function changeOperation(operationId: string, summary: string, schema: string) {
  return {
    operationId,
    summary,
    parameters: [messageIdParameter()],
    responses: {
      200: { description: 'The callback', content: json(schema) },
      ...problems({ ...MAY_CHANGE, ...NOT_FOUND }),
    },
  }
}
