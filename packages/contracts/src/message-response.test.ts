import { expect, test } from '@jest/globals'
import { createMessageId } from '@sms-gateway/domain/ids'
import type { Message } from '@sms-gateway/domain/message'
import { Phone } from '@sms-gateway/domain/phone'
import { MessageResponse, toMessageResponse } from './message-response.ts'

const AT = new Date('2025-11-22T08:00:00.123Z')
const message: Message = {
  id: createMessageId(AT),
  clientId: '0196a1b2-c3d4-7e5f-8a6b-0123456789ab',
  status: 'queued',
  lane: 'urgent',
  channel: 'sms',
  messageType: 'otp',
  customerId: null,
  phone: Phone.parse('+886912345678'),
  text: '【幸福氣】42',
  metadata: null,
  mediaUrls: [],
  country: 'TW',
  encoding: 'UCS-2',
  segments: 1,
  costMilli: 700,
  campaignId: null,
  batchId: null,
  retryOf: null,
  experiment: null,
  scheduleAt: null,
  notBefore: null,
  holdReason: null,
  expiresAt: AT,
  warnings: [],
  templateCode: null,
  templateVersion: null,
  variant: null,
  provider: null,
  providerMessageId: null,
  attempts: 0,
  inDoubt: false,
  possibleDuplicate: false,
  pinnedProvider: null,
  error: null,
  createdAt: AT,
  updatedAt: AT,
  events: [],
}
/** contract.md, 3: "The message it answers". */
const FIELDS =
  'id status phone channel message_type customer_id template_code variant message encoding segments cost provider provider_message_id attempts priority not_before hold_reason schedule_at expires_at in_doubt possible_duplicate campaign_id batch_id metadata media_urls warnings error created_at updated_at events'

test('a new message has every field of the contract, and no other', () => {
  const response = toMessageResponse(message)
  expect(Object.keys(response)).toEqual(FIELDS.split(' '))
  expect(MessageResponse.parse(response)).toEqual(response)
  expect(response).toMatchObject({
    phone: '+886912345678',
    message: '【幸福氣】42',
    cost: { amount: '0.70', currency: 'TWD' },
    priority: 'urgent',
    created_at: '2025-11-22T08:00:00.123Z',
    events: [],
  })
})

test('a message with a history says it in full', () => {
  const full: Message = {
    ...message,
    status: 'undelivered',
    customerId: 'C-1',
    metadata: { order: 42 },
    mediaUrls: ['https://luckygas.tw/a.jpg'],
    scheduleAt: AT,
    notBefore: AT,
    holdReason: 'quiet-hours',
    campaignId: '0196a1b2-c3d4-7e5f-8a6b-0123456789ab',
    batchId: '0196a1b2-c3d4-7e5f-8a6b-0123456789ab',
    provider: 'twilio',
    providerMessageId: 'SM1',
    attempts: 2,
    possibleDuplicate: true,
    warnings: [{ code: 'url-not-registered', detail: 'register it' }],
    error: { code: '30006', detail: 'landline' },
    events: [
      {
        status: 'accepted',
        at: AT,
        provider: null,
        providerMessageId: null,
        errorCode: null,
        detail: null,
      },
      {
        status: 'undelivered',
        at: AT,
        provider: 'twilio',
        providerMessageId: 'SM1',
        errorCode: '30006',
        detail: 'landline',
      },
    ],
  }
  const response = toMessageResponse(full)
  // What goes over the wire is what the schema knows.
  expect(MessageResponse.parse(JSON.parse(JSON.stringify(response)))).toEqual(response)
  expect(response.events).toEqual([
    { status: 'accepted', at: AT.toISOString() },
    {
      status: 'undelivered',
      at: AT.toISOString(),
      provider: 'twilio',
      provider_message_id: 'SM1',
      error_code: '30006',
      detail: 'landline',
    },
  ])
  expect(JSON.stringify(response)).not.toContain('clientId')
})
