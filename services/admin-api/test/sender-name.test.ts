import { beforeAll, expect, test } from '@jest/globals'
import { ApiClientResponse, ApiClientsResponse } from '@sms-gateway/contracts/api-clients'
import { PreviewResponse } from '@sms-gateway/contracts/template-preview'
import { addApiKey } from '../../all-in-one/test-support/api-keys.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import { expectProblem } from '../../all-in-one/test-support/problems.ts'
import { type Admin, SMS, startAdmin } from './support.ts'

const cleanUp = cleanUpAfterAll()
let admin: Admin
let boss: string
let clientId: string
beforeAll(async () => {
  admin = await startAdmin(cleanUp)
  boss = await addApiKey(admin.stores, { scopes: ['admin'] })
  const clients = ApiClientsResponse.parse(
    (await admin.api.call(`${SMS}/api-clients`, { key: boss })).json,
  )
  clientId = clients.data.find(({ name }) => name === 'tests')?.id ?? ''
})

const put = (id: string, body: unknown, key = boss) =>
  admin.api.call(`${SMS}/api-clients/${id}`, { method: 'PUT', body, key })
const preview = async (change = {}) => {
  const body = { template_data: { order_id: 'A1', delivery_time: '14:30' }, ...change }
  const path = `${SMS}/templates/order_confirmation/preview`
  return PreviewResponse.parse((await admin.api.call(path, { body })).json)
}

test("the preview bears the customer's name, else the client's, else the company's, and counts it", async () => {
  const plain = await preview()
  expect(plain.message).toMatch(/^【幸福氣】/)

  const name = '一家名字長到多占一段的瓦斯行有限公司'
  const answer = await put(clientId, { sender_name: name })
  expect(ApiClientResponse.parse(answer.json)).toMatchObject({ name: 'tests', sender_name: name })
  const ofClient = await preview()
  expect(ofClient.message.split(`【${name}】`)).toHaveLength(2)
  expect(ofClient.message.length - plain.message.length).toBeGreaterThanOrEqual(name.length - 3)

  const customer = { method: 'PUT', body: { sender_name: '加油站' } }
  expect((await admin.api.call(`${SMS}/customers/C-5`, customer)).status).toBe(200)
  expect((await preview({ customer_id: 'C-5' })).message).toContain('【加油站】')
  expect((await preview({ customer_id: 'C-6' })).message).toContain(`【${name}】`)

  await put(clientId, { sender_name: null })
  expect(await preview()).toEqual(plain)
})

test('is for admin alone, and for clients that there are', async () => {
  const others = await addApiKey(admin.stores, { scopes: ['operate', 'read'] })
  expectProblem(await put(clientId, { sender_name: 'x' }, others), 403, 'forbidden')
  for (const id of ['no-id', '01a20000-0000-7000-8000-000000000000']) {
    expectProblem(await put(id, { sender_name: 'x' }), 404, 'api-client-not-found')
  }
  for (const body of [{}, { sender_name: '' }, { sender_name: '【x】' }, { name: 'x' }]) {
    expectProblem(await put(clientId, body), 400, 'invalid-request')
  }
})
