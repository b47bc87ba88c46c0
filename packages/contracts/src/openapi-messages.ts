import { BulkRequest, BulkResponse } from './bulk-request.ts'
import { MessageResponse } from './message-response.ts'
import {
  IDEMPOTENCY_KEY,
  json,
  messageIdParameter,
  problems,
  schemaOf,
  withoutScope,
} from './openapi-parts.ts'
import { SendRequest } from './send-request.ts'

/** What producers call. */
export function messagePaths() {
  return {
    '/sms/send': { post: sendOperation() },
    '/sms/bulk': { post: bulkOperation() },
    '/sms/messages/{id}': { get: findOperation() },
    '/sms/messages/{id}/cancel': { post: cancelOperation() },
  }
}

/** The schemas that they name. */
export function messageSchemas() {
  return {
    SendRequest: schemaOf(SendRequest, 'input'),
    BulkRequest: schemaOf(BulkRequest, 'input'),
    BulkResult: schemaOf(BulkResponse, 'output'),
    Message: schemaOf(MessageResponse, 'output'),
  }
}

function bulkOperation() {
  return {
    operationId: 'sendBulk',
    summary: 'Send the same to up to 10,000 recipients',
    description: 'A recipient that cannot be sent to is listed, and the others are accepted.',
    parameters: [IDEMPOTENCY_KEY],
    requestBody: { required: true, content: json('BulkRequest') },
    responses: {
      202: { description: 'Committed', content: json('BulkResult') },
      ...problems({
        400: 'Not JSON, or not the schema',
        ...withoutScope('send'),
        409: 'The idempotency key was used with another body, or its first request is not finished',
        413: 'Over 8 MiB',
        415: 'Not application/json',
        422: 'Well-formed but impossible for all: the metadata is too large',
        503: 'Not now: see Retry-After',
      }),
    },
  }
}

function sendOperation() {
  return {
    operationId: 'sendMessage',
    summary: 'Send one message',
    parameters: [IDEMPOTENCY_KEY],
    requestBody: { required: true, content: json('SendRequest') },
    responses: {
      202: { description: 'Committed', content: json('Message') },
      ...problems({
        400: 'Not JSON, or not the schema',
        ...withoutScope('send'),
        409: 'The idempotency key was used with another body, its first request is not finished, or the text is a repeat',
        413: 'Over 256 KiB',
        415: 'Not application/json',
        422: 'Well-formed but impossible',
        503: 'Not now: see Retry-After',
      }),
    },
  }
}

function findOperation() {
  return {
    operationId: 'getMessage',
    summary: 'A message with its timeline',
    parameters: [messageIdParameter()],
    responses: {
      200: { description: 'The message', content: json('Message') },
      ...problems({
        ...withoutScope('read'),
        404: 'No such message',
      }),
    },
  }
}

function cancelOperation() {
  return {
    operationId: 'cancelMessage',
    summary: 'Cancel a message that has not been submitted',
    parameters: [messageIdParameter()],
    responses: {
      200: { description: 'Cancelled', content: json('Message') },
      ...problems({
        ...withoutScope('send'),
        404: 'No such message',
        409: 'It has been submitted, or has ended',
      }),
    },
  }
}
