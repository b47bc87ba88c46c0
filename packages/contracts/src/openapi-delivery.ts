import { ChunghwaReceiptBody, TwilioReceiptBody } from './delivery.ts'
import { json, problems, reference, schemaOf } from './openapi-parts.ts'

/** Where providers, and relays in their stead, bring their receipts. */
export function deliveryPaths() {
  return {
    '/sms/delivery/twilio': { post: twilioOperation() },
    '/sms/delivery/chunghwa': { post: chunghwaOperation() },
  }
}

/** The schemas that they name. */
export function deliverySchemas() {
  return {
    TwilioReceipt: schemaOf(TwilioReceiptBody, 'input'),
    ChunghwaReceipt: schemaOf(ChunghwaReceiptBody, 'input'),
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
