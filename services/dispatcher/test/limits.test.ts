import { beforeAll, expect, test } from '@jest/globals'
import type { MessageResponse } from '@sms-gateway/contracts/message-response'
import { describeEachBackend } from '../../all-in-one/test-support/backends.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import { findFreePort } from '../../all-in-one/test-support/free-port.ts'
import { newPhone, newText } from '../../all-in-one/test-support/people.ts'
import { spawnService, whenReady } from '../../all-in-one/test-support/service-process.ts'
import type { Gateway } from '../../all-in-one/test-support/world.ts'
import { startGateway } from '../../all-in-one/test-support/world.ts'

const ALL_PER_MINUTE = 600
const CUSTOMER_PER_MINUTE = 120
const MINUTE = 60_000
const JITTER_MS = 500
const END_LIMIT_MS = 60_000

describeEachBackend((backend) => {
  const cleanUp = cleanUpAfterAll()
  let gateway: Gateway
  /** The gateway with its dispatcher, and one more dispatcher beside it. */
  beforeAll(async () => {
    gateway = await startGateway(backend, cleanUp, {
      env: {
        SMS_RATE_LIMIT_PER_MINUTE: String(ALL_PER_MINUTE),
        SMS_CUSTOMER_RATE_PER_MINUTE: String(CUSTOMER_PER_MINUTE),
      },
    })
    const port = await findFreePort()
    const env = { ...gateway.variables, PORT: String(port) }
    await whenReady(spawnService('dispatcher', env, cleanUp), `http://127.0.0.1:${port}`)
  })

  const send = async (count: number, change: Record<string, unknown>) =>
    Promise.all(
      Array.from({ length: count }, async () => {
        const text = newText()
        const { id } = await gateway.api.send({
          phone: newPhone().local,
          message: text,
          ...change,
        })
        return { id, text }
      }),
    )
  const whenTaken = (texts: readonly string[]): number[] =>
    gateway.twilio
      .submissions()
      .filter(({ body }) => texts.some((text) => body.includes(text)))
      .map(({ at }) => at.getTime())
      .sort((a, b) => a - b)

  test('keeps all submissions to the limit, a customer to its own, and lets nobody wait for it', async () => {
    const busy = await send(12, { customer_id: 'busy' })
    const others = await send(20, {})
    const all = [...busy, ...others]
    const ends = await Promise.all(
      all.map(({ id }) => gateway.api.untilStatus(id, 'delivered', END_LIMIT_MS)),
    )

    const everything = whenTaken(all.map(({ text }) => text))
    expect(everything).toHaveLength(32)
    expect(spanMs(everything)).toBeGreaterThanOrEqual(leastMs(32, ALL_PER_MINUTE))
    const ofBusy = whenTaken(busy.map(({ text }) => text))
    expect(spanMs(ofBusy)).toBeGreaterThanOrEqual(leastMs(12, CUSTOMER_PER_MINUTE))
    const lastOther = whenTaken(others.map(({ text }) => text)).at(-1) ?? 0
    expect(lastOther).toBeLessThan(ofBusy.at(-1) ?? 0)
    const held = ends.filter(({ events }: MessageResponse) =>
      events.some(({ status, detail }) => status === 'held' && detail === 'rate-limit'),
    )
    expect(held.length).toBeGreaterThan(0)
  })

  test('lets an urgent message pass those that wait for the limit', async () => {
    const bulk = await send(30, { priority: 'bulk' })
    const [urgent] = await send(1, { message_type: 'otp' })
    await Promise.all(
      [...bulk, ...(urgent ? [urgent] : [])].map(({ id }) =>
        gateway.api.untilStatus(id, 'delivered', END_LIMIT_MS),
      ),
    )
    const [urgentAt = Infinity] = whenTaken([urgent?.text ?? ''])
    const afterIt = whenTaken(bulk.map(({ text }) => text)).filter((at) => at > urgentAt)
    expect(afterIt.length).toBeGreaterThan(10)
  })
})

/**
 * Evenly paced, so many take at least so long; windows are counted where the limits are tested by themselves. The
 * simulator's times are those at which this busy process got round to it: half a second of them is its own.
 */
function leastMs(count: number, perMinute: number): number {
  return ((count - 1) * MINUTE) / perMinute - JITTER_MS
}

function spanMs(times: readonly number[]): number {
  return (times.at(-1) ?? 0) - (times[0] ?? 0)
}
