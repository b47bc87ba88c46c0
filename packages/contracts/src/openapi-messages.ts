import {
  IDEMPOTENCY_KEY,
  json,
  messageIdParameter,
  problems,
  withoutScope,
} from './openapi-parts.ts'

export function bulkOperation() {
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

export function sendOperation() {
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

export function findOperation() {
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

export function cancelOperation() {
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
