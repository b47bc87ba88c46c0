import { beforeAll, describe, expect, test } from '@jest/globals'
import { CustomerResponse } from '@sms-gateway/contracts/providers'
import { addApiKey } from '../../all-in-one/test-support/api-keys.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import { expectProblem } from '../../all-in-one/test-support/problems.ts'
import type { Admin } from './support.ts'
import { SMS, startAdmin } from './support.ts'

const cleanUp = cleanUpAfterAll()
let admin: Admin
beforeAll(async () => {
  admin = await startAdmin(cleanUp)
})

describe('a customer', () => {
  const path = (id: string) => `${SMS}/customers/${id}`
  const put = (id: string, body: unknown, key?: string) =>
    admin.api.call(path(id), { method: 'PUT', body, ...(key !== undefined && { key }) })
  const get = async (id: string, key?: string) => {
    const answer = await admin.api.call(path(id), key === undefined ? {} : { key })
    expect(answer.status).toBe(200)
    return CustomerResponse.parse(answer.json)
  }

  test('has no zone, then the one that was set last', async () => {
    expect(await get('C-1')).toEqual({ customer_id: 'C-1', time_zone: null, sender_name: null })
    for (const zone of ['America/New_York', 'Asia/Taipei']) {
      const answer = await put('C-1', { time_zone: zone })
      expect(answer).toMatchObject({
        status: 200,
        json: { customer_id: 'C-1', time_zone: zone },
      })
      expect(await get('C-1')).toMatchObject({ customer_id: 'C-1', time_zone: zone })
    }
  })

  test('may have any id that a message can bear, read from the path as it is written', async () => {
    for (const id of ['王小姐/2', "'; drop table", 'C'.repeat(100), '..%2F', '%']) {
      expect((await put(encodeURIComponent(id), { time_zone: 'UTC' })).status).toBe(200)
      expect(await get(encodeURIComponent(id))).toMatchObject({ customer_id: id, time_zone: 'UTC' })
    }
  })

  test('keeps what is left out, and forgets what is null', async () => {
    await put('C-9', { time_zone: 'Asia/Tokyo', sender_name: '加油站' })
    expect(await put('C-9', { time_zone: null })).toMatchObject({ status: 200 })
    expect(await get('C-9')).toEqual({
      customer_id: 'C-9',
      time_zone: null,
      sender_name: '加油站',
    })
  })

  test('of another API client is another customer', async () => {
    const key = await addApiKey(admin.stores, { scopes: ['operate'] })
    await put('C-2', { time_zone: 'Asia/Tokyo' })
    expect((await get('C-2', key)).time_zone).toBeNull()
    await put('C-2', { time_zone: 'Europe/Berlin' }, key)
    expect((await get('C-2')).time_zone).toBe('Asia/Tokyo')
  })

  test.each(['Asia/Nowhere', 'Mars', ' ', 'Asia/Taipei ', '25:00', '../etc/localtime'])(
    'is refused the zone %s with 422',
    async (zone) => {
      expectProblem(await put('C-3', { time_zone: zone }), 422, 'time-zone-unknown')
      expect((await get('C-3')).time_zone).toBeNull()
    },
  )

  test.each([
    ['no setting', {}],
    ['brackets in its name', { sender_name: '【幸福氣】' }],
    ['a long name', { sender_name: '氣'.repeat(21) }],
    ['an empty name', { sender_name: ' ' }],
    ['a number', { time_zone: 8 }],
    ['nothing', { time_zone: '' }],
    ['a very long one', { time_zone: 'x'.repeat(65) }],
    ['an unknown field', { time_zone: 'UTC', name: 'x' }],
  ])('is refused a body with %s with 400', async (_, body) => {
    expectProblem(await put('C-3', body), 400, 'invalid-request')
  })

  test.each([
    ['is too long', 'C'.repeat(101)],
    ['has NUL in it', 'a%00b'],
  ])('whose id %s is refused with 400', async (_, id) => {
    expectProblem(await put(id, { time_zone: 'UTC' }), 400, 'invalid-request')
    expectProblem(await admin.api.call(path(id)), 400, 'invalid-request')
  })
})
