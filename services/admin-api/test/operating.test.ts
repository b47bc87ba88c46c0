import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { MessageResponse } from '@sms-gateway/contracts/message-response'
import type { ProviderResponse } from '@sms-gateway/contracts/providers'
import { ProvidersResponse } from '@sms-gateway/contracts/providers'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import { findFreePort } from '../../all-in-one/test-support/free-port.ts'
import { newPhone, newText } from '../../all-in-one/test-support/people.ts'
import { spawnService, whenReady } from '../../all-in-one/test-support/service-process.ts'
import { countTaken } from '../../all-in-one/test-support/taken.ts'
import { until } from '../../all-in-one/test-support/until.ts'
import type { Gateway } from '../../all-in-one/test-support/world.ts'
import { startGateway } from '../../all-in-one/test-support/world.ts'
import { SMS } from './support.ts'

/** Longer than the tests: a probe is due when one of them says so. */
const RESET_SECONDS = 600

/** Five hours round this one, in Taipei. */
function nightNow(): string {
  const hour = (new Date().getUTCHours() + 8) % 24
  const toClock = (shift: number) => `${String((hour + shift + 24) % 24).padStart(2, '0')}:00`
  return `${toClock(-2)}-${toClock(3)}`
}

// Circuits, switches and zones are in PostgreSQL, wherever the queue is: one backend is enough.
const cleanUp = cleanUpAfterAll()
let gateway: Gateway
beforeAll(async () => {
  gateway = await startGateway('postgres', cleanUp, {
    env: {
      SMS_BREAKER_FAILURES: '3',
      SMS_BREAKER_RESET_SECONDS: String(RESET_SECONDS),
      SMS_QUIET_HOURS: nightNow(),
      SMS_QUIET_HOURS_EXEMPT_TYPES: '["otp","order_confirmation"]',
      SMS_PROVIDER_TIMEOUT_MS: '120000',
    },
  })
})

const send = (change: Record<string, unknown> = {}) =>
  gateway.api.send({ phone: newPhone().local, message: newText(), ...change })
const untilTaken = (id: string) =>
  gateway.api.untilMessage(id, ({ provider_message_id: reference }) => reference !== null)
/** One after the other; the providers that took them. */
async function sendInTurn(count: number): Promise<(string | null)[]> {
  const taken: (string | null)[] = []
  for (let n = 0; n < count; n++) taken.push((await untilTaken((await send()).id)).provider)
  return taken
}
const triedAt = ({ events }: MessageResponse) =>
  events.filter(({ status }) => status === 'sending').map(({ provider }) => provider)

async function listProviders(): Promise<ProvidersResponse> {
  return ProvidersResponse.parse((await gateway.api.call(`${SMS}/providers`)).json)
}
async function findTwilio(): Promise<ProviderResponse> {
  const { data } = await listProviders()
  const found = data.find(({ name }) => name === 'twilio')
  if (!found) throw new Error('there is no twilio')
  return found
}
/** And waits until a dispatcher goes by it. */
async function act(action: 'enable' | 'disable' | 'reset'): Promise<void> {
  const answer = await gateway.api.call(`${SMS}/providers/twilio/${action}`, { method: 'POST' })
  expect(answer.status).toBe(200)
  const first = action === 'disable' ? 'chunghwa' : 'twilio'
  await until(`${action} is heard of`, async () => {
    const { id } = await send()
    const message = await gateway.api.untilMessage(id, (each) => triedAt(each).length > 0)
    return triedAt(message)[0] === first
  })
}

test('counts what a dispatcher has submitted, within a few seconds', async () => {
  const taken = await sendInTurn(3)
  expect(taken).toEqual(['twilio', 'twilio', 'twilio'])
  const { recent } = await until('the attempts are counted', async () => {
    const twilio = await findTwilio()
    return twilio.recent.attempts >= 3 && twilio
  })
  expect(recent).toMatchObject({ attempts: 3, accepted: 3, success_rate: 1 })
  expect(recent.latency_ms_mean).toBeGreaterThanOrEqual(0)
  expect(recent.latency_ms_max).toBeGreaterThanOrEqual(recent.latency_ms_mean ?? Infinity)
})

test('a provider that is switched off in mid-flight gets nothing more, and all again when it is on', async () => {
  const isHeld = holdAtTwilio()
  const texts = Array.from({ length: 30 }, newText)
  const sendSome = (some: readonly string[]) =>
    Promise.all(some.map((message) => send({ message })))
  const before = await sendSome(texts.slice(0, 5))
  await until('some are on their way', isHeld)
  await act('disable')
  const after = await sendSome(texts.slice(5))
  gateway.twilio.setScript({ holdAnswers: false })

  // Each is at one provider, those that were out when the switch was thrown too.
  const out = await Promise.all(before.map(({ id }) => untilTaken(id)))
  expect(out.map(({ provider }) => provider)).toContain('twilio')
  const others = await Promise.all(after.map(({ id }) => untilTaken(id)))
  expect(new Set(others.flatMap(triedAt))).toEqual(new Set(['chunghwa']))
  const counts = texts.map((text) => countTaken(gateway, text))
  expect(counts.filter(({ twilio, chunghwa }) => twilio + chunghwa !== 1)).toEqual([])

  expect(await findTwilio()).toMatchObject({ enabled: false, circuit: { state: 'closed' } })
  await act('enable')
  expect(await sendInTurn(2)).toEqual(['twilio', 'twilio'])
})

/** What it takes from now on it does not answer; says whether it has taken any. */
function holdAtTwilio(): () => boolean {
  const before = gateway.twilio.submissions().length
  gateway.twilio.setScript({ holdAnswers: true })
  return () => gateway.twilio.submissions().length > before
}

describe('a circuit', () => {
  beforeEach(async () => {
    gateway.twilio.setScript({ refuseConnectionsMs: 0, holdAnswers: false, errorRate: 0 })
    await act('reset')
  })

  test('that three real failures opened sends at once elsewhere, and one probe closes it', async () => {
    gateway.twilio.setScript({ refuseConnectionsMs: 3_600_000 })
    const openedAfter = Date.now()
    expect(await sendInTurn(3)).toEqual(['chunghwa', 'chunghwa', 'chunghwa'])
    const { circuit } = await until('it is open', async () => {
      const twilio = await findTwilio()
      return twilio.circuit.state === 'open' && twilio
    })
    expect(circuit).toMatchObject({
      failures: 3,
      reason: expect.stringMatching(/^unreachable: \w+/),
    })
    const openedAt = Date.parse(circuit.opened_at ?? '')
    expect(openedAt).toBeGreaterThanOrEqual(openedAfter)
    expect(Date.parse(circuit.probe_at ?? '')).toBe(openedAt + RESET_SECONDS * 1_000)

    const meanwhile = await untilTaken((await send()).id)
    expect(triedAt(meanwhile)).toEqual(['chunghwa'])

    // It answers again, and slowly: while the probe is out, nobody else goes there.
    gateway.twilio.setScript({ refuseConnectionsMs: 0 })
    const isHeld = holdAtTwilio()
    await gateway.stores.query(
      `update provider_state set opened_at = opened_at - make_interval(secs => $1) where provider = 'twilio'`,
      [RESET_SECONDS],
    )
    const probe = await untilHeld(isHeld)
    const others = await Promise.all(Array.from({ length: 8 }, () => send()))
    for (const { id } of others) expect(triedAt(await untilTaken(id))).toEqual(['chunghwa'])
    expect(await findTwilio()).toMatchObject({ circuit: { state: 'half_open' } })
    gateway.twilio.setScript({ holdAnswers: false })
    expect((await untilTaken(probe)).provider).toBe('twilio')
    await until('it is closed', async () => (await findTwilio()).circuit.state === 'closed')
    expect((await findTwilio()).circuit).toMatchObject({
      failures: 0,
      probe_at: null,
      reason: 'a probe succeeded',
    })
    await until('it is sent to again', async () => (await sendInTurn(1))[0] === 'twilio')
    expect(await sendInTurn(2)).toEqual(['twilio', 'twilio'])

    const { events } = await listProviders()
    const circuits = events.filter(({ state }) => state.startsWith('circuit '))
    expect(circuits.slice(0, 3).map(({ state, actor }) => [state, actor])).toEqual([
      ['circuit closed', null],
      ['circuit half_open', null],
      ['circuit open', null],
    ])
  })

  /** The message that is held at Twilio: those before it go elsewhere, until the dispatcher knows that a probe is due. */
  const untilHeld = (isHeld: () => boolean) =>
    until('a probe is out', async () => {
      const { id } = await send()
      const isTaken = ({ provider_message_id: reference }: MessageResponse) => reference !== null
      await gateway.api.untilMessage(id, (message) => isHeld() || isTaken(message))
      return isHeld() && id
    })

  test('is one over two dispatchers: what one has seen, the other knows', async () => {
    const port = await findFreePort()
    const second = spawnService('dispatcher', { ...gateway.variables, PORT: String(port) }, cleanUp)
    await whenReady(second, `http://127.0.0.1:${port}`)
    // The credentials are refused: a failure of the provider's own.
    gateway.twilio.setScript({ errorRate: 1, errorStatus: 401, errorCode: 20003 })
    await sendInTurn(3)
    await until('it is open', async () => (await findTwilio()).circuit.state === 'open')
    expect((await findTwilio()).circuit.reason).toBe('refused: 20003')
    await untilBothWentElsewhere()
    // From here on it would take them: only the circuit keeps them away.
    gateway.twilio.setScript({ errorRate: 0 })
    const before = gateway.twilio.submissions().length
    await untilBothWentElsewhere()
    expect(gateway.twilio.submissions()).toHaveLength(before)
  })

  /** Each of the two dispatchers has sent one that it did not try at Twilio first. */
  const untilBothWentElsewhere = async () => {
    const workers = new Set<string>()
    await until('both went elsewhere', async () => {
      const sent = await Promise.all(
        Array.from({ length: 4 }, async () => untilTaken((await send()).id)),
      )
      const rows = await gateway.stores.query<{ worker_id: string }>(
        `select worker_id from attempt where message_id = any($1::uuid[]) and number = 1 and provider = 'chunghwa'`,
        [sent.map(({ id }) => id)],
      )
      for (const row of rows) workers.add(row.worker_id)
      return workers.size === 2
    })
  }
})

test('at night a promotion is held, and one for a customer whose zone is awake goes out', async () => {
  const customer = `C-${Date.now()}`
  const zone = await gateway.api.call(`${SMS}/customers/${customer}`, {
    method: 'PUT',
    body: { time_zone: 'America/New_York' },
  })
  expect(zone.status).toBe(200)
  const text = newText()
  const [held, sleeper, awake] = await Promise.all([
    send({ message: text, message_type: 'promotion' }),
    send({ message: text, message_type: 'promotion', customer_id: `${customer}-b` }),
    send({ message_type: 'promotion', customer_id: customer }),
  ])
  for (const message of [held, sleeper]) {
    expect(message).toMatchObject({ status: 'held', hold_reason: 'quiet-hours' })
    expect(Date.parse(message.not_before ?? '')).toBeGreaterThan(Date.now() + 3_600_000)
  }
  expect(awake).toMatchObject({ status: 'queued', hold_reason: null })
  await untilTaken(awake.id)
  expect(await gateway.api.find(held.id)).toMatchObject({ status: 'held' })
  expect(countTaken(gateway, text)).toEqual({ twilio: 0, chunghwa: 0 })
})
