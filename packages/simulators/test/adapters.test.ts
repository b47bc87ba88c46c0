import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, expect, test } from '@jest/globals'
import { Phone } from '@sms-gateway/domain/phone'
import type { Provider } from '@sms-gateway/domain/provider'
import { createChunghwa } from '@sms-gateway/providers/chunghwa'
import { createTwilio } from '@sms-gateway/providers/twilio'
import { type ImspSimulator, startImspSimulator } from '../src/imsp-simulator.ts'
import type { ScriptPatch } from '../src/script.ts'
import { startTwilioSimulator, type TwilioSimulator } from '../src/twilio-simulator.ts'
import {
  ACCOUNT_SID,
  AUTH_TOKEN,
  buildLimits,
  buildSubmission,
  FROM,
  PATIENCE_MS,
  TO,
  waitUntil,
} from './support.ts'

// Our adapters against every misbehaviour of the simulators.

const closers: Array<() => Promise<void>> = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** Of an answer that never comes. */
const TIMEOUT_MS = 300

interface Pair<S> {
  simulator: S
  provider: Provider
}

async function twilio(script: ScriptPatch = {}, config = {}): Promise<Pair<TwilioSimulator>> {
  const account = { accountSid: ACCOUNT_SID, authToken: AUTH_TOKEN }
  const simulator = await startTwilioSimulator({ ...account, script, seed: 1 })
  closers.push(() => simulator.close())
  const { url: baseUrl } = simulator
  const limits = { timeoutMs: PATIENCE_MS, connections: 4 }
  const provider = createTwilio({ ...account, ...limits, from: FROM, baseUrl, ...config })
  closers.push(() => provider.close())
  return { simulator, provider }
}

async function chunghwa(
  script: ScriptPatch = {},
  { timeoutMs = PATIENCE_MS } = {},
): Promise<Pair<ImspSimulator>> {
  const account = { account: '12345', password: 'secret12' }
  const simulator = await startImspSimulator({ ...account, script, seed: 1 })
  closers.push(() => simulator.close())
  const provider = createChunghwa({ ...account, baseUrl: simulator.url, timeoutMs })
  closers.push(() => provider.close())
  return { simulator, provider }
}

const SIMULATED = [
  ['twilio', twilio],
  ['chunghwa', chunghwa],
] as const

/** What is scripted, what it comes to, and how many messages were taken. */
const MISHAPS: Array<[string, ScriptPatch, object, number]> = [
  ['nothing wrong', {}, { kind: 'accepted' }, 1],
  ['a slow answer', { latencyMs: [50, 100] }, { kind: 'accepted' }, 1],
  ['a closed port', { refuseConnectionsMs: 60_000 }, { kind: 'unreachable' }, 0],
  ['a dropped connection', { dropBeforeTakingRate: 1 }, { kind: 'in_doubt' }, 0],
  ['a lost answer', { loseAnswerRate: 1 }, { kind: 'in_doubt' }, 1],
  ['no answer ever', { hangRate: 1 }, { kind: 'in_doubt', code: 'TIMEOUT' }, 1],
  ['an answer too late', { holdAnswers: true }, { kind: 'in_doubt', code: 'TIMEOUT' }, 1],
  ['a 502', { http502Rate: 1, http502TakenRate: 0 }, { kind: 'in_doubt', code: 'HTTP_502' }, 0],
  ['a 502, taken', { http502Rate: 1, http502TakenRate: 1 }, { kind: 'in_doubt' }, 1],
  ['a server error', { errorRate: 1, errorStatus: 503 }, { kind: 'in_doubt' }, 0],
]

test.each(
  SIMULATED.flatMap(([name, start]) => MISHAPS.map((row) => [name, ...row, start] as const)),
)('%s, %s', async (...row) => {
  const [, , script, expected, taken, start] = row
  const isTimed = 'code' in expected && expected.code === 'TIMEOUT'
  const { simulator, provider } = await start({}, isTimed ? { timeoutMs: TIMEOUT_MS } : {})
  simulator.setScript(script)
  let parts = await provider.send(buildSubmission(), buildLimits())
  // Where the time was over before this busy process had written anything, nothing was proven.
  while (isTimed && parts[0]?.outcome.kind === 'unsent') {
    parts = await provider.send(buildSubmission(), buildLimits())
  }
  const [first, ...more] = parts
  expect(more).toEqual([])
  expect(first).toMatchObject({ part: 1, outcome: expected })
  await waitUntil(() => simulator.submissions().length >= taken)
  expect(simulator.submissions()).toHaveLength(taken)
})

test.each(SIMULATED)('%s sends nothing after its moment', async (_, start) => {
  const { simulator, provider } = await start()
  const limits = buildLimits({ sendBy: performance.now() - 1 })
  expect(await provider.send(buildSubmission(), limits)).toEqual([
    { part: 1, outcome: { kind: 'unsent' } },
  ])
  expect(simulator.submissions()).toEqual([])
})

test.each(SIMULATED)('%s sends nothing once it is called off', async (_, start) => {
  const { simulator, provider } = await start()
  const limits = buildLimits({ signal: AbortSignal.abort() })
  expect(await provider.send(buildSubmission(), limits)).toMatchObject([
    { outcome: { kind: 'unsent' } },
  ])
  expect(simulator.submissions()).toEqual([])
})

test.each(SIMULATED)('%s comes back when the port is opened again', async (_, start) => {
  const { simulator, provider } = await start()
  simulator.setScript({ refuseConnectionsMs: 60_000 })
  expect(await provider.send(buildSubmission(), buildLimits())).toMatchObject([
    { outcome: { kind: 'unreachable', code: 'ECONNREFUSED' } },
  ])
  simulator.setScript({ refuseConnectionsMs: 0 })
  const sendOne = async () => (await provider.send(buildSubmission(), buildLimits()))[0]?.outcome
  let outcome = await sendOne()
  while (outcome?.kind === 'unreachable') {
    await delay(10)
    outcome = await sendOne()
  }
  expect(outcome).toMatchObject({ kind: 'accepted' })
})

test.each([
  ['+15005550001', FROM, { kind: 'refused', reason: 'number', code: '21211' }],
  ['+15005550002', FROM, { kind: 'refused', reason: 'submission', code: '21612' }],
  ['+15005550003', FROM, { kind: 'refused', reason: 'submission', code: '21408' }],
  ['+15005550004', FROM, { kind: 'refused', reason: 'opted-out', code: '21610' }],
  ['+15005550009', FROM, { kind: 'refused', reason: 'number', code: '21614' }],
  [TO, '+15005550001', { kind: 'refused', reason: 'provider', code: '21212' }],
  [TO, '+15005550007', { kind: 'refused', reason: 'provider', code: '21606' }],
  [TO, '+15005550008', { kind: 'throttled', code: '21611' }],
])('the magic number %s from %s', async (to, from, expected) => {
  const { simulator, provider } = await twilio({}, { from })
  const submission = buildSubmission({ to: Phone.parse(to) })
  expect(await provider.send(submission, buildLimits())).toMatchObject([{ outcome: expected }])
  expect(simulator.submissions()).toEqual([])
})

test.each([
  ['a text of 1601 characters', { text: 'x'.repeat(1_601) }, { reason: 'text', code: '21617' }],
  ['an empty text', { text: '' }, { reason: 'text', code: '21602' }],
])('Twilio refuses %s', async (_, change, expected) => {
  const { provider } = await twilio()
  expect(await provider.send(buildSubmission(change), buildLimits())).toMatchObject([
    { outcome: { kind: 'refused', ...expected } },
  ])
})

test('a wrong token is the provider refusing us', async () => {
  const { provider } = await twilio({}, { authToken: 'wrong' })
  expect(await provider.send(buildSubmission(), buildLimits())).toMatchObject([
    { outcome: { kind: 'refused', reason: 'provider', code: '20003' } },
  ])
  const { signal } = buildLimits()
  expect(await provider.lookUp?.({ to: TO, text: 'x', since: new Date() }, signal)).toEqual({
    kind: 'unavailable',
    detail: 'the provider answered 401',
  })
  expect(await provider.fetchBalance?.(signal)).toBe(undefined)
})

test('a 429 says how long to wait', async () => {
  const { provider } = await twilio({ errorRate: 1, errorStatus: 429, retryAfter: '9' })
  expect(await provider.send(buildSubmission(), buildLimits())).toMatchObject([
    { outcome: { kind: 'throttled', code: '20429', retryAfterMs: 9_000 } },
  ])
})

test('the balance is told', async () => {
  const { provider } = await twilio()
  expect(await provider.fetchBalance?.(buildLimits().signal)).toEqual({
    amount: '12.34',
    currency: 'USD',
  })
})

test.each([2, 5, 11, 18, 22, 31, 36, 37, 41, 43, 44, 48, 56])(
  'the IMSP number of code %i',
  async (code) => {
    const { simulator, provider } = await chunghwa()
    const to = Phone.parse(`+8869000000${String(code).padStart(2, '0')}`)
    const [first] = await provider.send(buildSubmission({ to }), buildLimits())
    expect(first?.outcome).toMatchObject({ code: String(code) })
    expect(['refused', 'throttled']).toContain(first?.outcome.kind)
    expect(simulator.submissions()).toEqual([])
  },
)

test('IMSP code -1 is in doubt', async () => {
  const { provider } = await chunghwa({ errorRate: 1, errorStatus: 200, errorCode: -1 })
  expect(await provider.send(buildSubmission(), buildLimits())).toMatchObject([
    { outcome: { kind: 'in_doubt', code: '-1' } },
  ])
})

test('ten digits in a row are refused by IMSP for the text', async () => {
  const { provider } = await chunghwa()
  const submission = buildSubmission({ text: '請電 0912345678' })
  expect(await provider.send(submission, buildLimits())).toMatchObject([
    { outcome: { kind: 'refused', reason: 'text', code: '41' } },
  ])
})

test('a foreign number goes with its plus', async () => {
  const { simulator, provider } = await chunghwa()
  await provider.send(buildSubmission({ to: Phone.parse('+819012345678') }), buildLimits())
  expect(simulator.messages()).toMatchObject([{ to: '+819012345678' }])
})

test('the parts that are asked for are sent alone, and complete the text', async () => {
  const { simulator, provider } = await chunghwa()
  const text = '字'.repeat(150)
  const submission = buildSubmission({ text })
  expect(provider.countParts(text)).toBe(3)
  const second = await provider.send({ ...submission, parts: [2] }, buildLimits())
  expect(second).toMatchObject([{ part: 2, outcome: { kind: 'accepted' } }])
  expect(simulator.messages()).toEqual([])
  await provider.send({ ...submission, parts: [1, 3] }, buildLimits())
  expect(simulator.messages()).toMatchObject([{ text }])
  expect(simulator.submissions()).toHaveLength(3)
})

test('parts that cannot leave in time are unsent, the others are taken', async () => {
  const { simulator, provider } = await chunghwa()
  const submission = buildSubmission({ text: '字'.repeat(300) })
  let before = 0
  let kinds: string[] = []
  // Again with more time, where this busy process got nothing or one part out in it.
  for (let ms = 100; simulator.submissions().length - before < 2; ms *= 2) {
    before = simulator.submissions().length
    simulator.setScript({ holdAnswers: true })
    const sendBy = performance.now() + ms
    const sending = provider.send(submission, buildLimits({ sendBy }))
    await waitUntil(() => performance.now() > sendBy)
    simulator.setScript({ holdAnswers: false })
    kinds = (await sending).map(({ outcome }) => outcome.kind)
  }
  expect(kinds).toEqual(['accepted', 'accepted', 'unsent', 'unsent', 'unsent'])
  expect(simulator.submissions()).toHaveLength(before + 2)
})

test.each([
  ['GSM-7 text, 100% sure [ok] {a}~^\\|€5', 1],
  ['x'.repeat(161), 2],
  ['字'.repeat(70), 1],
  ['字'.repeat(71), 2],
  ['naïve @home 😀', 1],
])('IMSP carries a text unchanged: %s', async (text, parts) => {
  const { simulator, provider } = await chunghwa()
  expect(provider.countParts(text)).toBe(parts)
  await provider.send(buildSubmission({ text }), buildLimits())
  expect(simulator.messages()).toMatchObject([{ text }])
})

test('QuerySM follows a message to its end', async () => {
  const { simulator, provider } = await chunghwa({ deliveryDelayMs: 3_600_000 })
  const [first] = await provider.send(buildSubmission(), buildLimits())
  const reference = first?.outcome.kind === 'accepted' ? first.outcome.reference : ''
  const ask = (id: string, { signal } = buildLimits()) =>
    provider.poll?.({ reference: id, to: TO }, signal)
  expect(await ask(reference)).toEqual({ kind: 'pending' })
  Object.assign(simulator.submissions()[0] ?? {}, { handedOverAt: 0, doneAt: Date.now() })
  expect(await ask(reference)).toMatchObject({
    kind: 'report',
    report: { status: 'delivered', reference },
  })
  simulator.setScript({ scope: 'all', hangRate: 1 })
  const hasty = buildLimits({ signal: AbortSignal.timeout(TIMEOUT_MS) })
  expect(await ask(reference, hasty)).toMatchObject({ kind: 'unavailable' })
  simulator.setScript({ hangRate: 0 })
  expect(await ask('H0000000')).toMatchObject({ kind: 'lost', code: '2' })
})

test.each([
  [3, {}],
  [9, {}],
  [33, {}],
  [48, { optedOut: true }],
])('QuerySM code %i ends a message as undelivered', async (code, more) => {
  const outcomes: ScriptPatch['outcomes'] = [{ status: 'undelivered', code }]
  const { provider } = await chunghwa({ deliveryDelayMs: 0, outcomes })
  const [first] = await provider.send(buildSubmission(), buildLimits())
  const reference = first?.outcome.kind === 'accepted' ? first.outcome.reference : ''
  expect(await provider.poll?.({ reference, to: TO }, buildLimits().signal)).toMatchObject({
    kind: 'report',
    report: { status: 'undelivered', errorCode: String(code), ...more },
  })
})

test('a message whose answer was lost is found by number, text and time', async () => {
  const { simulator, provider } = await twilio()
  const { signal } = buildLimits()
  const since = new Date()
  const ask = (text: string, change = {}) =>
    provider.lookUp?.({ to: TO, text, since, ...change }, signal)
  expect(await ask('one')).toEqual({ kind: 'absent' })
  simulator.setScript({ loseAnswerRate: 1 })
  for (const text of ['one', 'two', 'one']) {
    await provider.send(buildSubmission({ text }), buildLimits())
  }
  const sids = simulator.submissions().map(({ sid }) => sid)
  expect(await ask('one')).toEqual({ kind: 'found', references: [sids[0], sids[2]] })
  expect(await ask('one ')).toEqual({ kind: 'absent' })
  expect(await ask('one', { to: Phone.parse('+886900111222') })).toEqual({ kind: 'absent' })
  // Made before the attempt, beyond what two clocks may differ by.
  const later = new Date(Date.now() + 60 * 60_000)
  expect(await ask('one', { since: later })).toEqual({ kind: 'absent' })
  simulator.setScript({ refuseConnectionsMs: 60_000 })
  expect(await ask('one')).toMatchObject({ kind: 'unavailable' })
})

test('a look-up goes over three pages, and what it has not seen is not absent', async () => {
  const { simulator, provider } = await twilio()
  const since = new Date()
  const sendOthers = async (count: number) => {
    for (let sent = 0; sent < count; sent += 10) {
      await Promise.all(
        Array.from({ length: 10 }, () =>
          provider.send(buildSubmission({ text: 'other' }), buildLimits()),
        ),
      )
    }
  }
  await provider.send(buildSubmission({ text: 'wanted' }), buildLimits())
  const [{ sid } = { sid: '' }] = simulator.submissions()
  const ask = () => provider.lookUp?.({ to: TO, text: 'wanted', since }, buildLimits().signal)
  await sendOthers(140)
  expect(await ask()).toEqual({ kind: 'found', references: [sid] })
  await sendOthers(10)
  expect(await ask()).toMatchObject({ kind: 'unavailable' })
})

test('a Messaging Service sends, and leaves the text as it is', async () => {
  const messagingServiceSid = `MG${'0'.repeat(32)}`
  const { simulator, provider } = await twilio({}, { from: undefined, messagingServiceSid })
  expect(await provider.send(buildSubmission(), buildLimits())).toMatchObject([
    { outcome: { kind: 'accepted' } },
  ])
  expect(simulator.messages()).toMatchObject([
    { messaging_service_sid: messagingServiceSid, from: null },
  ])
})

test('a hundred at once each have their own answer', async () => {
  const { simulator, provider } = await twilio({ latencyMs: [0, 5] }, { timeoutMs: 5_000 })
  const texts = Array.from({ length: 100 }, (_, index) => `text ${index}`)
  const outcomes = await Promise.all(
    texts.map((text) => provider.send(buildSubmission({ text }), buildLimits())),
  )
  const bySid = new Map(simulator.submissions().map(({ sid, body }) => [sid, body]))
  const sent = outcomes
    .flat()
    .map(({ outcome }) => (outcome.kind === 'accepted' ? bySid.get(outcome.reference) : outcome))
  expect(sent).toEqual(texts)
})
