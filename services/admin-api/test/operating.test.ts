import { setTimeout as delay } from 'node:timers/promises'
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

const RESET_SECONDS = 4
/** A dispatcher knows by then what another one, or an operator, has changed. */
const HEARD_MS = 1_000
const LIMIT_MS = 60_000

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
    },
  })
}, LIMIT_MS)

const send = (change: Record<string, unknown> = {}) =>
  gateway.api.send({ phone: newPhone().local, message: newText(), ...change })
const untilTaken = (id: string) =>
  gateway.api.untilMessage(id, ({ provider_message_id: reference }) => reference !== null, 20_000)
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
async function act(action: 'enable' | 'disable' | 'reset'): Promise<void> {
  const answer = await gateway.api.call(`${SMS}/providers/twilio/${action}`, { method: 'POST' })
  expect(answer.status).toBe(200)
  await delay(HEARD_MS)
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

test(
  'a provider that is switched off in mid-flight gets nothing more, and all again when it is on',
  async () => {
    gateway.twilio.setScript({ latencyMs: 300 })
    const texts = Array.from({ length: 30 }, newText)
    const ids: string[] = []
    const sending = (async () => {
      for (const message of texts) {
        ids.push((await send({ message })).id)
        await delay(50)
      }
    })()
    await until('some are on their way', () => ids.length >= 5)
    await act('disable')
    await sending
    gateway.twilio.setScript({ latencyMs: 0 })

    const messages = await Promise.all(ids.map(untilTaken))
    const byTwilio = messages.filter(({ provider }) => provider === 'twilio')
    expect(byTwilio.length).toBeGreaterThanOrEqual(1)
    expect(byTwilio.length).toBeLessThan(30)
    // Each is at one provider, those that were out when the switch was thrown too.
    const counts = texts.map((text) => countTaken(gateway, text))
    expect(counts.filter(({ twilio, chunghwa }) => twilio + chunghwa !== 1)).toEqual([])

    const other = await untilTaken((await send()).id)
    expect(triedAt(other)).toEqual(['chunghwa'])
    expect(await findTwilio()).toMatchObject({ enabled: false, circuit: { state: 'closed' } })
    await act('enable')
    expect(await sendInTurn(2)).toEqual(['twilio', 'twilio'])
  },
  LIMIT_MS,
)

describe('a circuit', () => {
  beforeEach(async () => {
    gateway.twilio.setScript({ refuseConnectionsMs: 0, latencyMs: 0, errorRate: 0 })
    await act('reset')
  })

  test(
    'that three real failures opened sends at once elsewhere, and one probe closes it',
    async () => {
      gateway.twilio.setScript({ refuseConnectionsMs: 600_000 })
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

      // It answers slowly: while the probe is out, nobody else goes there.
      gateway.twilio.setScript({ refuseConnectionsMs: 0, latencyMs: 3_000 })
      await until('a probe is due', () => Date.now() > openedAt + RESET_SECONDS * 1_000 + 300)
      const ids = (await Promise.all(Array.from({ length: 8 }, () => send()))).map(({ id }) => id)
      const probed = await Promise.all(ids.map(untilTaken))
      expect(probed.map(({ provider }) => provider).toSorted()).toEqual([
        ...Array<string>(7).fill('chunghwa'),
        'twilio',
      ])
      gateway.twilio.setScript({ latencyMs: 0 })
      await until('it is closed', async () => (await findTwilio()).circuit.state === 'closed')
      expect((await findTwilio()).circuit).toMatchObject({
        failures: 0,
        probe_at: null,
        reason: 'a probe succeeded',
      })
      expect(await sendInTurn(2)).toEqual(['twilio', 'twilio'])

      const { events } = await listProviders()
      const circuits = events.filter(({ state }) => state.startsWith('circuit '))
      expect(circuits.slice(0, 3).map(({ state, actor }) => [state, actor])).toEqual([
        ['circuit closed', null],
        ['circuit half_open', null],
        ['circuit open', null],
      ])
    },
    LIMIT_MS,
  )

  test(
    'is one over two dispatchers: what one has seen, the other knows',
    async () => {
      const port = await findFreePort()
      const second = spawnService(
        'dispatcher',
        { ...gateway.variables, PORT: String(port) },
        cleanUp,
      )
      await whenReady(second, `http://127.0.0.1:${port}`)
      // The credentials are refused: a failure of the provider's own.
      gateway.twilio.setScript({ errorRate: 1, errorStatus: 401, errorCode: 20003 })
      await sendInTurn(3)
      await until('it is open', async () => (await findTwilio()).circuit.state === 'open')
      expect((await findTwilio()).circuit.reason).toBe('refused: 20003')
      // From here on it would take them: only the circuit keeps them away.
      gateway.twilio.setScript({ errorRate: 0 })
      await gateway.stores.query(
        `update provider_state set opened_at = now() where provider = 'twilio'`,
      )
      await delay(HEARD_MS)
      const before = gateway.twilio.submissions().length
      const workers = new Set<string>()
      const deadline = Date.now() + (RESET_SECONDS - 1.5) * 1_000
      while (workers.size < 2 && Date.now() < deadline) {
        await Promise.all(Array.from({ length: 4 }, async () => untilTaken((await send()).id)))
        const rows = await gateway.stores.query<{ worker_id: string }>(
          `select distinct worker_id from attempt where opened_at > now() - interval '3 seconds'`,
        )
        for (const row of rows) workers.add(row.worker_id)
      }
      expect(gateway.twilio.submissions()).toHaveLength(before)
      expect(workers.size).toBe(2)
    },
    LIMIT_MS,
  )
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
