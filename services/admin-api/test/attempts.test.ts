import { beforeAll, expect, test } from '@jest/globals'
import { MessageAttemptsResponse } from '@sms-gateway/contracts/message-attempts'
import { insertReceipts } from '@sms-gateway/db/receipts'
import { createMessageId } from '@sms-gateway/domain/ids'
import { Phone } from '@sms-gateway/domain/phone'
import { addApiKey } from '../../all-in-one/test-support/api-keys.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import { newPhone } from '../../all-in-one/test-support/people.ts'
import { expectProblem } from '../../all-in-one/test-support/problems.ts'
import { API_KEY } from '../../all-in-one/test-support/settings.ts'
import { storeMessage } from './store-message.ts'
import { type Admin, SMS, startAdmin } from './support.ts'

const cleanUp = cleanUpAfterAll()
let admin: Admin
beforeAll(async () => {
  admin = await startAdmin(cleanUp)
})

async function read(id: string): Promise<MessageAttemptsResponse> {
  const { status, json } = await admin.api.call(`${SMS}/messages/${id}/attempts`)
  expect(status).toBe(200)
  return MessageAttemptsResponse.parse(json)
}

test('tells each attempt with what decided it, the receipts without the person, and who was told', async () => {
  const callback = await admin.api.call(`${SMS}/callbacks`, {
    method: 'POST',
    body: { url: 'http://127.0.0.1:9/hook' },
  })
  expect(callback.status).toBe(201)
  const { e164 } = newPhone()
  const phone = Phone.parse(e164)
  const id = await storeMessage(admin, { phone })
  const { stores, db, vault } = admin
  await stores.query(
    `insert into provider_state (provider) values ('twilio'), ('chunghwa') on conflict do nothing`,
  )
  await stores.query(
    `insert into provider_event (provider, at, state, reason) values
     ('twilio', now() - interval '3 min', 'circuit open', '5 failures in a row'),
     ('chunghwa', now() - interval '9 min', 'circuit open', 'long ago'),
     ('chunghwa', now() - interval '8 min', 'closed', 'a probe succeeded'),
     ('twilio', now() + interval '9 min', 'closed', 'only later')`,
  )
  await stores.query(
    `insert into routing_plan (at, preferred, plan, scores)
     values (now() - interval '1 min', 'chunghwa', '{"reason": "it delivers more"}', '[]')`,
  )
  await stores.query(
    `insert into attempt (message_id, number, provider, state, worker_id, opened_at, settled_at, error_code) values
     ($1, 1, 'twilio', 'unreachable', gen_random_uuid(), now() - interval '5 min', now() - interval '5 min', 'ECONNREFUSED'),
     ($1, 2, 'chunghwa', 'accepted', gen_random_uuid(), now(), now(), null)`,
    [id],
  )
  await stores.query(
    `insert into provider_reference (provider, reference, message_id, attempt_number, part, parts, delivery_status, created_at)
     values ('chunghwa', 'R1', $1, 2, 1, 1, 'delivered', now())`,
    [id],
  )
  await insertReceipts(db, vault, [
    {
      provider: 'chunghwa',
      report: { reference: 'R1', status: 'delivered' },
      attempt: null,
      recipient: phone,
      dedupeBy: 'R1',
      body: JSON.stringify({ messageid: 'R1', code: '0', to_addr: e164 }),
      receivedAt: new Date(),
    },
  ])

  const { attempts, receipts, callbacks } = await read(id)
  expect(attempts).toMatchObject([
    {
      number: 1,
      provider: 'twilio',
      state: 'unreachable',
      error_code: 'ECONNREFUSED',
      plan: null,
      outages: [],
    },
    {
      number: 2,
      provider: 'chunghwa',
      state: 'accepted',
      plan: { preferred: 'chunghwa', reason: 'it delivers more' },
      outages: [{ provider: 'twilio', state: 'circuit open', reason: '5 failures in a row' }],
    },
  ])
  expect(receipts).toMatchObject([
    {
      provider: 'chunghwa',
      provider_message_id: 'R1',
      attempt: 2,
      status: 'delivered',
      fields: [
        { name: 'messageid', value: 'R1' },
        { name: 'code', value: '0' },
        { name: 'to_addr', value: null },
      ],
    },
  ])
  expect(JSON.stringify(receipts)).not.toContain(e164.slice(-9))
  expect(callbacks.map(({ type, state }) => [type, state])).toEqual([
    ['message.accepted', 'pending'],
    ['message.queued', 'pending'],
  ])
})

test("another client's message is not there, nor is one that nobody sent", async () => {
  const id = await storeMessage(admin)
  const key = await addApiKey(admin.stores, { scopes: ['read'] })
  for (const [path, options] of [
    [id, { key }],
    [createMessageId(new Date()), { key: API_KEY }],
    ['nonsense', { key: API_KEY }],
  ] as const) {
    expectProblem(
      await admin.api.call(`${SMS}/messages/${path}/attempts`, options),
      404,
      'message-not-found',
    )
  }
})
