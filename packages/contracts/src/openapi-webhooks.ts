import { InboundCallback, MessageCallback, RecipientCallback } from './callback-payloads.ts'
import { json, schemaOf } from './openapi-parts.ts'

/** What we send, as OpenAPI describes it: to the address that was registered, signed by Standard Webhooks. */
export function webhooks() {
  return {
    messageStatus: receive('MessageStatus', 'A message has taken a status', 'MessageCallback'),
    messageInbound: receive('MessageInbound', 'Somebody has sent a text', 'InboundCallback'),
    recipient: receive('Recipient', 'Somebody has opted out, or in again', 'RecipientCallback'),
  }
}

/** The schemas that they name. */
export function webhookSchemas() {
  return {
    MessageCallback: schemaOf(MessageCallback, 'output'),
    InboundCallback: schemaOf(InboundCallback, 'output'),
    RecipientCallback: schemaOf(RecipientCallback, 'output'),
  }
}

function receive(name: string, summary: string, schema: string) {
  return {
    post: {
      operationId: `receive${name}`,
      summary: `${summary}; at least once, in no order`,
      requestBody: { required: true, content: json(schema) },
      responses: { 204: { description: 'Taken; any other 2xx is as good' } },
    },
  }
}
