import { beforeAll, describe, expect, test } from '@jest/globals'
import { AuditResponse } from '@sms-gateway/contracts/audit'
import { PriceResponse, PricesResponse } from '@sms-gateway/contracts/prices'
import { addApiKey } from '../../all-in-one/test-support/api-keys.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import { expectProblem } from '../../all-in-one/test-support/problems.ts'
import { type Admin, SMS, startAdmin } from './support.ts'

const PRICES = `${SMS}/prices`
const DAY_MS = 86_400_000

const cleanUp = cleanUpAfterAll()
let admin: Admin
let boss: string
beforeAll(async () => {
  admin = await startAdmin(cleanUp)
  boss = await addApiKey(admin.stores, { scopes: ['admin', 'operate'] })
})

const list = async (query = '') =>
  PricesResponse.parse((await admin.api.call(`${PRICES}${query}`)).json)
const put = (body: unknown) => admin.api.call(PRICES, { method: 'PUT', key: boss, body })
const inForce = async (provider: string, country: string) => {
  const { data } = await list('?limit=500')
  return data
    .filter((each) => each.in_force && each.provider === provider && each.country === country)
    .map(({ price }) => price.amount)
}

describe('the price book', () => {
  test('has the prices that the guide names', async () => {
    expect(await inForce('twilio', 'TW')).toEqual(['0.50'])
    expect(await inForce('chunghwa', 'TW')).toEqual(['0.70'])
    expect(await inForce('twilio', '*')).toEqual(['0.50'])
  })

  test('takes a price from now on, and one for later, and keeps the old ones', async () => {
    const now = await put({ provider: 'twilio', country: 'JP', amount: '2.1' })
    expect(PriceResponse.parse(now.json)).toMatchObject({
      price: { amount: '2.10', currency: 'TWD' },
      in_force: true,
    })
    const validFrom = new Date(Date.now() + DAY_MS).toISOString()
    const later = { provider: 'twilio', country: 'JP', amount: '3', valid_from: validFrom }
    expect(PriceResponse.parse((await put(later)).json).in_force).toBe(false)
    expect(await inForce('twilio', 'JP')).toEqual(['2.10'])
    expect((await put({ ...later, amount: '3.005' })).status).toBe(200)
    const { data } = await list('?limit=500')
    const japanese = data.filter(({ country }) => country === 'JP')
    expect(japanese.map(({ price }) => price.amount)).toEqual(['3.005', '2.10'])
  })

  test('is read page by page', async () => {
    const all = await list('?limit=500')
    const seen = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page: PricesResponse = await list(`?limit=2${cursor && `&cursor=${cursor}`}`)
      seen.push(...page.data)
      cursor = page.next_cursor
    }
    expect(seen).toEqual(all.data)
  })

  test('is what a preview counts with', async () => {
    await put({ provider: 'chunghwa', country: 'TW', amount: '0.65' })
    const template = { code: 'hello', name: 'Hello', content: '您好', variant: 'A', weight: 1 }
    await admin.api.call(`${SMS}/templates`, { body: template })
    const preview = await admin.api.call(`${SMS}/templates/hello/preview`, { body: {} })
    expect(JSON.stringify(preview.json)).toContain('"0.65"')
  })

  test('says who changed it', async () => {
    const audit = await admin.api.call(`${SMS}/audit?limit=5`, { key: boss })
    const actions = AuditResponse.parse(audit.json).data.map(({ action }) => action)
    expect(actions).toContain('price.set')
  })
})

describe('refuses', () => {
  test.each<[string, Record<string, unknown>]>([
    ['an unknown provider', { provider: 'pigeon' }],
    ['a country that is none', { country: 'Taiwan' }],
    ['an amount below zero', { amount: '-1' }],
    ['an amount that is no text', { amount: 0.5 }],
    ['parts of a thousandth', { amount: '0.0001' }],
    ['what it does not know', { currency: 'USD' }],
  ])('%s', async (_what, change) => {
    const body = { provider: 'twilio', country: 'TW', amount: '0.5', ...change }
    expectProblem(await put(body), 400, 'invalid-request')
  })

  test('a moment that has passed', async () => {
    const validFrom = new Date(Date.now() - DAY_MS).toISOString()
    const body = { provider: 'twilio', country: 'TW', amount: '0.5', valid_from: validFrom }
    expectProblem(await put(body), 422, 'price-in-past')
  })

  test('a key without the scopes', async () => {
    const body = { provider: 'twilio', amount: '0.5' }
    expectProblem(await admin.api.call(PRICES, { method: 'PUT', body }), 403, 'forbidden')
    const key = await addApiKey(admin.stores, { scopes: ['read', 'send'] })
    expectProblem(await admin.api.call(PRICES, { key }), 403, 'forbidden')
  })
})
