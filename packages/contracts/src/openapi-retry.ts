import { json, messageIdParameter, problems, schemaOf, withoutScope } from './openapi-parts.ts'
import { ResolveRequest, RetryFailedRequest, RetryFailedResponse } from './retry.ts'

export function retryPaths() {
  return {
    '/sms/messages/{id}/retry': { post: retryOperation() },
    '/sms/messages/{id}/resolve': { post: resolveOperation() },
    '/sms/failed/retry': { post: retryFailedOperation() },
  }
}

/** The schemas that they name. */
export function retrySchemas() {
  return {
    Resolve: schemaOf(ResolveRequest, 'input'),
    RetryFailed: schemaOf(RetryFailedRequest, 'input'),
    RetryFailedResult: schemaOf(RetryFailedResponse, 'output'),
  }
}

function retryOperation() {
  return {
    operationId: 'retryMessage',
    summary: 'Send a message that failed, expired or was not delivered again',
    description:
      'As a new message, once: a second call answers the message that the first one made. It is marked `possible_duplicate` where a provider may have the first, as a whole or in part.',
    parameters: [messageIdParameter()],
    responses: {
      202: { description: 'The new message', content: json('Message') },
      ...problems({
        ...withoutScope('send'),
        404: 'No such message',
        409: 'It has not failed',
        503: 'Not now: see Retry-After',
      }),
    },
  }
}

function resolveOperation() {
  return {
    operationId: 'resolveMessage',
    summary: 'Say what became of a message in doubt, or unknown',
    description:
      '`resend` may let it arrive twice: it is marked `possible_duplicate`. One that had ended as `unknown` goes as a new message.',
    parameters: [messageIdParameter()],
    requestBody: { required: true, content: json('Resolve') },
    responses: {
      200: { description: 'The message', content: json('Message') },
      202: { description: 'The new message in its stead', content: json('Message') },
      ...problems({
        400: 'Not JSON, or not the schema',
        ...withoutScope('operate'),
        404: 'No such message',
        409: 'It is not in doubt, or something else has settled it',
        503: 'Not now: see Retry-After',
      }),
    },
  }
}

function retryFailedOperation() {
  return {
    operationId: 'retryFailed',
    summary: 'Send failed messages again, at a rate',
    description:
      'With `dry_run` it only counts. What a provider may have, as a whole or in part, is left out: send it again one by one. One call takes 1,000 messages; the next one keeps the rate with `start_at` a step after the `last_at` of the one before.',
    requestBody: { required: true, content: json('RetryFailed') },
    responses: {
      200: { description: 'What it would be', content: json('RetryFailedResult') },
      202: { description: 'Committed', content: json('RetryFailedResult') },
      ...problems({
        400: 'Not JSON, or not the schema',
        ...withoutScope('operate'),
        503: 'Not now: see Retry-After',
      }),
    },
  }
}
