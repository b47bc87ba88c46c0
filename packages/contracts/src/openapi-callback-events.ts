import {
  CallbackAttemptsResponse,
  CallbackEventsResponse,
  ReplayCallbacksRequest,
  ReplayCallbacksResponse,
} from './callbacks.ts'
import { MAY_CHANGE, MAY_READ, NOT_FOUND } from './openapi-callbacks.ts'
import { json, messageIdParameter, PAGE, problems, schemaOf } from './openapi-parts.ts'

/** The paths of what a callback was sent. */
export function callbackEventPaths() {
  return {
    '/sms/callbacks/{id}/replay': { post: replayOperation() },
    '/sms/callbacks/{id}/attempts': {
      get: historyOperation('listCallbackAttempts', 'The tries, newest first', 'CallbackAttempts', {
        name: 'event_id',
        schema: { type: 'string', format: 'uuid' },
      }),
    },
    '/sms/callbacks/{id}/events': {
      get: historyOperation('listCallbackEvents', 'The events, newest first', 'CallbackEvents', {
        name: 'state',
        schema: { type: 'string' },
      }),
    },
  }
}

/** The schemas that they name. */
export function callbackEventSchemas() {
  return {
    ReplayCallbacks: schemaOf(ReplayCallbacksRequest, 'input'),
    CallbackAttempts: schemaOf(CallbackAttemptsResponse, 'output'),
    CallbackEvents: schemaOf(CallbackEventsResponse, 'output'),
    CallbacksReplayed: schemaOf(ReplayCallbacksResponse, 'output'),
  }
}

function replayOperation() {
  return {
    operationId: 'replayCallbacks',
    summary: 'Send an event, or those of a window of time, once more under the same id',
    parameters: [messageIdParameter()],
    requestBody: { required: true, content: json('ReplayCallbacks') },
    responses: {
      202: { description: 'They are due', content: json('CallbacksReplayed') },
      ...problems({
        400: 'Not the schema',
        ...MAY_CHANGE,
        ...NOT_FOUND,
        409: 'The callback is disabled',
      }),
    },
  }
}

function historyOperation(
  operationId: string,
  summary: string,
  schema: string,
  filter: { name: string; schema: object },
) {
  return {
    operationId,
    summary,
    parameters: [messageIdParameter(), ...PAGE, { ...filter, in: 'query' }],
    responses: {
      200: { description: 'A page', content: json(schema) },
      ...problems({ 400: 'Not a page', ...MAY_READ, ...NOT_FOUND }),
    },
  }
}
