import { z } from 'zod'
import { ChunghwaReceiptBody, TwilioReceiptBody } from './delivery.ts'
import { MessageResponse } from './message-response.ts'
import { ProblemResponse } from './problem-response.ts'
import { SendRequest } from './send-request.ts'

/** The OpenAPI 3.1 document of the API, made from the schemas that check the requests. */
export function openApiDocument(): Record<string, unknown> {
  return {
    openapi: '3.1.0',
    info: {
      title: 'SMS gateway',
      version: '1',
      description:
        'A message answered with 202 is committed: it is never lost, and never handed over twice.',
    },
    servers: [{ url: '/api/v1' }],
    security: [{ apiKey: [] }],
    components: {
      securitySchemes: { apiKey: { type: 'http', scheme: 'bearer' } },
      schemas: {
        SendRequest: schemaOf(SendRequest, 'input'),
        Message: schemaOf(MessageResponse, 'output'),
        Problem: schemaOf(ProblemResponse, 'output'),
        TwilioReceipt: schemaOf(TwilioReceiptBody, 'input'),
        ChunghwaReceipt: schemaOf(ChunghwaReceiptBody, 'input'),
      },
    },
    paths: {
      '/sms/send': { post: sendOperation() },
      '/sms/messages/{id}': { get: findOperation() },
      '/sms/messages/{id}/cancel': { post: cancelOperation() },
      '/sms/delivery/twilio': { post: twilioOperation() },
      '/sms/delivery/chunghwa': { post: chunghwaOperation() },
    },
  }
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output') {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return rest
}

function sendOperation() {
  return {
    operationId: 'sendMessage',
    summary: 'Send one message',
    parameters: [
      {
        name: 'Idempotency-Key',
        in: 'header',
        schema: { type: 'string', maxLength: 255 },
        description: 'The same key and body within 24 hours answers the first result.',
      },
    ],
    requestBody: { required: true, content: json('SendRequest') },
    responses: {
      202: { description: 'Committed', content: json('Message') },
      ...problems({
        400: 'Not JSON, or not the schema',
        401: 'No valid API key',
        403: 'The key lacks the scope `send`',
        409: 'The idempotency key was used with another body, or its first request is not finished',
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
        401: 'No valid API key',
        403: 'The key lacks the scope `read`',
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
        401: 'No valid API key',
        403: 'The key lacks the scope `send`',
        404: 'No such message',
        409: 'It has been submitted, or has ended',
      }),
    },
  }
}

function twilioOperation() {
  return {
    operationId: 'receiveTwilioReceipt',
    summary: 'A status callback from Twilio, by its signature',
    security: [],
    parameters: [
      { name: 'X-Twilio-Signature', in: 'header', required: true, schema: { type: 'string' } },
      { name: 'attempt', in: 'query', schema: { type: 'string' } },
    ],
    requestBody: {
      required: true,
      content: { 'application/x-www-form-urlencoded': { schema: reference('TwilioReceipt') } },
    },
    responses: receiptResponses(),
  }
}

function chunghwaOperation() {
  return {
    operationId: 'receiveChunghwaReceipt',
    summary: 'A receipt pushed by a relay, by its signature',
    security: [],
    parameters: ['X-CHT-Timestamp', 'X-CHT-Signature'].map((name) => ({
      name,
      in: 'header',
      required: true,
      schema: { type: 'string' },
    })),
    requestBody: { required: true, content: json('ChunghwaReceipt') },
    responses: receiptResponses(),
  }
}

function receiptResponses() {
  return {
    200: { description: 'Kept' },
    ...problems({ 403: 'A bad or missing signature', 413: 'Over 64 KiB' }),
  }
}

function messageIdParameter() {
  return { name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } }
}

function problems(descriptions: Record<number, string>) {
  return Object.fromEntries(
    Object.entries(descriptions).map(([status, description]) => [
      status,
      { description, content: { 'application/problem+json': { schema: reference('Problem') } } },
    ]),
  )
}

function json(name: string) {
  return { 'application/json': { schema: reference(name) } }
}

function reference(name: string) {
  return { $ref: `#/components/schemas/${name}` }
}
