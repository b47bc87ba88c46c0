import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, expect, test } from '@jest/globals'
import { readFormParams } from '@sms-gateway/providers/form-params'
import { readTwilioReceipt, verifyTwilioSignature } from '@sms-gateway/providers/twilio-receipt'
import type { ScriptPatch } from '../src/script.ts'
import { createContext } from '../src/simulator.ts'
import { planMessage } from '../src/twilio-messages.ts'
import { startTwilioSimulator, type TwilioSimulator } from '../src/twilio-simulator.ts'
import {
  ACCOUNT_SID,
  AUTH_TOKEN,
  type CaptureServer,
  createMemoryJournal,
  FROM,
  startCaptureServer,
  TO,
  waitUntil,
} from './support.ts'

const closers: Array<() => Promise<void>> = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const BASE = `/2010-04-01/Accounts/${ACCOUNT_SID}`
const authorization = `Basic ${btoa(`${ACCOUNT_SID}:${AUTH_TOKEN}`)}`

async function start(script: ScriptPatch = {}, options = {}): Promise<TwilioSimulator> {
  const simulator = await startTwilioSimulator({
    accountSid: ACCOUNT_SID,
    authToken: AUTH_TOKEN,
    seed: 7,
    script: { deliveryDelayMs: 40, ...script },
    ...options,
  })
  closers.push(() => simulator.close())
  return simulator
}

async function capture(answer: (index: number) => number = () => 204): Promise<CaptureServer> {
  const server = await startCaptureServer((index) => ({ status: answer(index) }))
  closers.push(() => server.close())
  return server
}

async function call(simulator: TwilioSimulator, path: string, form?: Record<string, string>) {
  const body = form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }
  const response = await fetch(`${simulator.url}${path}`, { headers: { authorization }, ...body })
  // Whatever Twilio would answer: the tests say what they expect of it.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  const json: any = await response.json()
  return { status: response.status, json }
}

async function create(simulator: TwilioSimulator, form: Record<string, string> = {}) {
  const fields = { To: TO, From: FROM, Body: 'hello', ...form }
  return call(simulator, `${BASE}/Messages.json`, fields)
}

function statuses(server: CaptureServer): Array<string | null> {
  return server.requests.map(({ body }) => new URLSearchParams(body).get('MessageStatus'))
}

function findReceipt(server: CaptureServer, status: string): URLSearchParams {
  const receipts = server.requests.map(({ body }) => new URLSearchParams(body))
  return receipts.find((each) => each.get('MessageStatus') === status) ?? new URLSearchParams()
}

function tokens(server: CaptureServer): unknown[] {
  return server.requests.map(({ headers }) => headers['i-twilio-idempotency-token'])
}

test('tells each status by a signed callback, over the whole URL with its query', async () => {
  const server = await capture()
  const simulator = await start()
  const path = '/sms/delivery/twilio?attempt=01913c5e-7b00-7000-8000-00000000002a.1'
  const { json } = await create(simulator, { StatusCallback: `${server.url}${path}` })
  await waitUntil(() => server.requests.length === 2)
  // In what order two connections are read is not the simulator's.
  expect(statuses(server).toSorted()).toEqual(['delivered', 'sent'])
  for (const { url, body, headers } of server.requests) {
    expect(url).toBe(path)
    const params = readFormParams(body)
    const signature = String(headers['x-twilio-signature'])
    const signed = { authToken: AUTH_TOKEN, signature, url: `${server.url}${url}`, params }
    expect(verifyTwilioSignature(signed)).toBe(true)
    expect(readTwilioReceipt(params)?.reference).toBe(json.sid)
  }
  const final = findReceipt(server, 'delivered')
  expect(final.get('RawDlrDoneDate')).toMatch(/^\d{10}$/)
  expect(final.get('To')).toBe(TO)
  expect(new Set(tokens(server)).size).toBe(2)
  expect((await call(simulator, `${BASE}/Messages/${json.sid}.json`)).json).toMatchObject({
    status: 'delivered',
    error_code: null,
  })
})

test('an undelivered message has its code', async () => {
  const server = await capture()
  const simulator = await start({ outcomes: [{ status: 'undelivered', code: 30005 }] })
  await create(simulator, { StatusCallback: server.url })
  await waitUntil(() => server.requests.length === 2)
  const told = findReceipt(server, 'undelivered').toString()
  expect(readTwilioReceipt(readFormParams(told))).toMatchObject({
    status: 'undelivered',
    errorCode: '30005',
  })
  expect(simulator.messages()).toMatchObject([{ status: 'undelivered', error_code: 30005 }])
})

test.each<[string, ScriptPatch['receipts'], Array<string | null>]>([
  ['lost', { lostRate: 1 }, []],
  ['final only', { sent: false }, ['delivered']],
  ['doubled', { doubledRate: 1 }, ['sent', 'sent', 'delivered', 'delivered']],
  ['out of order', { disorderedRate: 1 }, ['sent', 'delivered']],
  ['late', { lateRate: 1, lateMs: 100 }, ['sent', 'delivered']],
])('receipts are %s', async (_, receipts = {}, expected) => {
  const server = await capture()
  const simulator = await start({ receipts })
  await create(simulator, { StatusCallback: server.url })
  await waitUntil(() => server.requests.length >= expected.length)
  await delay(300)
  expect(statuses(server).toSorted()).toEqual(expected.toSorted())
})

test.each<[string, ScriptPatch['receipts'], number[]]>([
  ['in order', {}, [500, 1_000]],
  ['out of order', { disorderedRate: 1 }, [1_500, 1_000]],
  ['late', { lateRate: 1, lateMs: 100 }, [600, 1_100]],
])('receipts that are %s are due then', (_, receipts = {}, expected) => {
  const { events, createdAt } = planMessage(
    { to: TO, from: FROM, messagingServiceSid: null, body: 'hello', statusCallback: null },
    1,
    createContext({ seed: 7, script: { deliveryDelayMs: 1_000, receipts } }),
  )
  expect(events.map(({ receiptAt }) => receiptAt - createdAt)).toEqual(expected)
})

test('what is held is told once it is let go', async () => {
  const server = await capture()
  const simulator = await start({ receipts: { held: true } })
  await create(simulator, { StatusCallback: server.url })
  await delay(100)
  expect(server.requests).toEqual([])
  simulator.setScript({ receipts: { held: false } })
  await waitUntil(() => server.requests.length === 2)
  simulator.setScript({ holdAnswers: true })
  const answering = create(simulator)
  await waitUntil(() => simulator.submissions().length === 2)
  simulator.setScript({ holdAnswers: false })
  expect((await answering).status).toBe(201)
})

test('a callback that failed is repeated once, with the same token', async () => {
  const server = await capture((index) => (index === 0 ? 500 : 204))
  const simulator = await start({ receipts: { sent: false, retryDelayMs: 10 } })
  await create(simulator, { StatusCallback: server.url })
  await waitUntil(() => server.requests.length === 2)
  expect(new Set(tokens(server)).size).toBe(1)
})

test('repeats end, and the fragment of the URL says how many', async () => {
  const server = await capture(() => 503)
  const simulator = await start({ receipts: { sent: false, retryDelayMs: 5 } })
  await create(simulator, { StatusCallback: `${server.url}/a#rc=3&rp=all` })
  await waitUntil(() => server.requests.length === 4)
  await delay(60)
  expect(server.requests.map(({ url }) => url)).toEqual(['/a', '/a', '/a', '/a'])
})

test.each<[string, Record<string, string>, number, number]>([
  ['a number that is none', { To: '0912345678' }, 400, 21211],
  ['no number', { To: '' }, 400, 21604],
  ['no text', { Body: '' }, 400, 21602],
  ['a text of 1601 characters', { Body: 'x'.repeat(1_601) }, 400, 21617],
  ['a callback that is no URL', { StatusCallback: 'nowhere' }, 400, 21609],
  ['a validity of a day', { ValidityPeriod: '86400' }, 400, 20001],
  ['a sender that is not ours', { From: '+886900000000' }, 400, 21606],
  ['a sender whose queue is full', { From: '+15005550008' }, 429, 21611],
])('refuses %s', async (_, form, status, code) => {
  const simulator = await start({}, { ownNumbers: [FROM] })
  const answer = await create(simulator, form)
  expect(answer).toMatchObject({ status, json: { status, code } })
  expect(answer.json.more_info).toBe(`https://www.twilio.com/docs/errors/${code}`)
  expect(simulator.submissions()).toEqual([])
})

test('lists messages to a number, newest first, by pages that do not shift', async () => {
  const simulator = await start()
  for (let index = 0; index < 5; index++) await create(simulator, { Body: `text ${index}` })
  await create(simulator, { To: '+886900111222' })
  const bodies = (page: { messages: Array<{ body: string }> }) =>
    page.messages.map(({ body }) => body)
  const query = new URLSearchParams({ To: TO, PageSize: '2' })
  const first = await call(simulator, `${BASE}/Messages.json?${query.toString()}`)
  expect(bodies(first.json)).toEqual(['text 4', 'text 3'])
  await create(simulator, { Body: 'text 5' })
  const second = await call(simulator, first.json.next_page_uri)
  expect(bodies(second.json)).toEqual(['text 2', 'text 1'])
  const third = await call(simulator, second.json.next_page_uri)
  expect(bodies(third.json)).toEqual(['text 0'])
  expect(third.json.next_page_uri).toBe(null)
  const all = await call(simulator, `${BASE}/Messages.json`)
  expect(all.json.messages).toHaveLength(7)
})

test('cancels what has not left, and tells it', async () => {
  const server = await capture()
  // For this one time stands still, and what it has planned is not told before it is canceled.
  const now = new Date()
  const simulator = await start({ receipts: { held: true } }, { now: () => now })
  const { json } = await create(simulator, { StatusCallback: server.url })
  const path = `${BASE}/Messages/${json.sid}.json`
  expect((await call(simulator, path, { Status: 'canceled' })).json).toMatchObject({
    status: 'canceled',
  })
  simulator.setScript({ receipts: { held: false } })
  await waitUntil(() => server.requests.length > 0)
  await delay(100)
  expect(statuses(server)).toEqual(['canceled'])
  expect((await call(simulator, path, { Status: 'canceled' })).status).toBe(400)
})

test('asks for the account', async () => {
  const simulator = await start()
  const response = await fetch(`${simulator.url}${BASE}/Messages.json`, { method: 'POST' })
  expect(response.status).toBe(401)
  expect(await response.json()).toMatchObject({ code: 20003, status: 401 })
  const unknown = await call(simulator, `${BASE}/Messages/SM${'0'.repeat(32)}.json`)
  expect(unknown).toMatchObject({ status: 404, json: { code: 20404 } })
})

test('a restart keeps what was taken, and sends the receipts that were still due', async () => {
  const journal = createMemoryJournal()
  const server = await capture()
  const first = await start({ deliveryDelayMs: 300 }, { journal })
  const { json } = await create(first, { StatusCallback: server.url, Body: 'kept' })
  await create(first, { Body: 'without a callback' })
  await waitUntil(() => statuses(server).includes('sent'))
  await waitUntil(() => journal.kept.length >= 3)
  await first.close()

  const second = await start({}, { journal })
  expect(second.messages()).toMatchObject([{ sid: json.sid, body: 'kept' }, {}])
  await waitUntil(() => statuses(server).includes('delivered'))
  expect(new Set(tokens(server)).size).toBe(2)
  await create(second)
  // The seed begins anew, the ids do not.
  expect(new Set(second.submissions().map(({ sid }) => sid)).size).toBe(3)
  await waitUntil(() => journal.kept.length >= 5)
  await second.close()

  const told = server.requests.length
  const third = await start({}, { journal })
  expect(third.messages()).toHaveLength(3)
  await delay(50)
  expect(server.requests).toHaveLength(told)
})

test('after a restart a receipt waits for a gateway that is still starting', async () => {
  const journal = createMemoryJournal()
  const server = await capture((index) => (index < 4 ? 503 : 204))
  const receipts = { sent: false, retryDelayMs: 10 }
  const first = await start({ receipts: { ...receipts, held: true } }, { journal })
  await create(first, { StatusCallback: server.url })
  await first.close()
  await start({ receipts }, { journal })
  await waitUntil(() => server.requests.length === 5)
  expect(new Set(tokens(server)).size).toBe(1)
})

test('the journal has a message before its answer goes out', async () => {
  const journal = createMemoryJournal()
  const simulator = await start({ hangRate: 1 }, { journal })
  const controller = new AbortController()
  const asked = fetch(`${simulator.url}${BASE}/Messages.json`, {
    method: 'POST',
    headers: { authorization },
    body: new URLSearchParams({ To: TO, From: FROM, Body: 'hello' }),
    signal: controller.signal,
  })
  await waitUntil(() => journal.kept.length === 1)
  controller.abort()
  await expect(asked).rejects.toThrow()
})

test('is scripted over HTTP', async () => {
  const simulator = await start()
  const put = async (patch: object) => {
    const body = JSON.stringify(patch)
    const response = await fetch(`${simulator.url}/_script`, { method: 'PUT', body })
    return response.status
  }
  expect(await put({ errorRate: 1, errorStatus: 429, receipts: { lostRate: 1 } })).toBe(200)
  expect((await create(simulator)).status).toBe(429)
  expect(await put({ errorRate: 2 })).toBe(400)
  expect(await put({ nonsense: 1 })).toBe(400)
  const script = await (await fetch(`${simulator.url}/_script`)).json()
  expect(script).toMatchObject({ errorRate: 1, receipts: { lostRate: 1, sent: true } })
  expect(await put({ errorRate: 0 })).toBe(200)
  await create(simulator)
  expect(await (await fetch(`${simulator.url}/_messages`)).json()).toHaveLength(1)
  await fetch(`${simulator.url}/_reset`, { method: 'POST' })
  expect(simulator.messages()).toEqual([])
})

test('the same seed behaves the same', async () => {
  const play = async () => {
    const simulator = await start({ errorRate: 0.5 }, { seed: 42 })
    const answers: number[] = []
    for (let index = 0; index < 20; index++) answers.push((await create(simulator)).status)
    return { answers, sids: simulator.messages().map(({ sid }) => sid) }
  }
  const one = await play()
  expect(await play()).toEqual(one)
  expect(new Set(one.answers)).toEqual(new Set([201, 500]))
})

test('a number is scripted by itself', async () => {
  const simulator = await start({ numbers: { [TO]: { code: 21610 } } })
  expect(await create(simulator)).toMatchObject({ status: 400, json: { code: 21610 } })
  expect((await create(simulator, { To: '+886900111222' })).status).toBe(201)
})
