import { ChunghwaInboundBody, TwilioInboundBody } from './inbound.ts'
import { json, problems, reference, schemaOf } from './openapi-parts.ts'

export function inboundPaths() {
  return {
    '/sms/inbound/twilio': { post: twilioInboundOperation() },
    '/sms/inbound/chunghwa': { post: chunghwaInboundOperation() },
  }
}

/** The schemas that they name. */
export function inboundSchemas() {
  return {
    TwilioInbound: schemaOf(TwilioInboundBody, 'input'),
    ChunghwaInbound: schemaOf(ChunghwaInboundBody, 'input'),
  }
}

function twilioInboundOperation() {
  return {
    operationId: 'receiveTwilioText',
    summary: 'A text from a person, told by Twilio, by its signature',
    security: [],
    parameters: [signatureHeader('X-Twilio-Signature')],
    requestBody: {
      required: true,
      content: { 'application/x-www-form-urlencoded': { schema: reference('TwilioInbound') } },
    },
    responses: {
      200: {
        description: 'Kept; empty TwiML',
        content: { 'text/xml': { schema: { type: 'string' } } },
      },
      ...refusals(),
    },
  }
}

function chunghwaInboundOperation() {
  return {
    operationId: 'receiveChunghwaText',
    summary: 'A text from a person, pushed by a relay, by its signature',
    security: [],
    parameters: ['X-CHT-Timestamp', 'X-CHT-Signature'].map(signatureHeader),
    requestBody: { required: true, content: json('ChunghwaInbound') },
    responses: {
      200: { description: 'Kept' },
      ...problems({ 400: 'Not JSON, or not the schema' }),
      ...refusals(),
    },
  }
}

function signatureHeader(name: string) {
  return { name, in: 'header', required: true, schema: { type: 'string' } }
}

function refusals() {
  return problems({
    403: 'A bad or missing signature',
    413: 'Over 64 KiB',
    503: 'It can be kept nowhere now: send it again',
  })
}
