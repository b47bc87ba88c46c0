import { beforeAll, expect, test } from '@jest/globals'
import type { MessageResponse } from '@sms-gateway/contracts/message-response'
import { describeEachBackend } from '../../all-in-one/test-support/backends.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import { findFreePort } from '../../all-in-one/test-support/free-port.ts'
import { newPhone, newText } from '../../all-in-one/test-support/people.ts'
import { spawnService, whenReady } from '../../all-in-one/test-support/service-process.ts'
import { countTaken } from '../../all-in-one/test-support/taken.ts'
import { until } from '../../all-in-one/test-support/until.ts'
import type { Gateway } from '../../all-in-one/test-support/world.ts'
import { startGateway } from '../../all-in-one/test-support/world.ts'

const ALL_PER_MINUTE = 600
const CUSTOMER_PER_MINUTE = 120
const MINUTE = 60_000
const LEAD_MS = 100
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
  /** When their attempts were opened, by the clock of the dispatchers: a moment before their permits, or within them. */
  const whenSent = async (messages: readonly { id: string }[]): Promise<number[]> => {
    const rows = await gateway.stores.query<{ opened_at: Date }>(
      `select opened_at from attempt where message_id = any($1::uuid[]) and state = 'accepted' order by opened_at`,
      [messages.map(({ id }) => id)],
    )
    return rows.map(({ opened_at: at }) => at.getTime())
  }
  const untilDelivered = (messages: readonly { id: string }[]) =>
    Promise.all(messages.map(({ id }) => gateway.api.untilStatus(id, 'delivered', END_LIMIT_MS)))

  test('keeps all submissions to the limit, a customer to its own, and lets nobody wait for it', async () => {
    const [busy, others] = await Promise.all([send(12, { customer_id: 'busy' }), send(20, {})])
    const all = [...busy, ...others]
    const ends = await untilDelivered(all)

    const everything = await whenSent(all)
    expect(everything).toHaveLength(32)
    expect(spanMs(everything)).toBeGreaterThanOrEqual(leastMs(32, ALL_PER_MINUTE))
    const ofBusy = await whenSent(busy)
    expect(spanMs(ofBusy)).toBeGreaterThanOrEqual(leastMs(12, CUSTOMER_PER_MINUTE))
    const tenthOther = (await whenSent(others))[9] ?? 0
    expect(tenthOther).toBeLessThan(ofBusy.at(-1) ?? 0)
    const held = ends.filter(({ events }: MessageResponse) =>
      events.some(({ status, detail }) => status === 'held' && detail === 'rate-limit'),
    )
    expect(held.length).toBeGreaterThan(0)
    for (const { text } of all) expect(countTaken(gateway, text).twilio).toBe(1)
  })

  test('lets an urgent message pass those that wait for the limit', async () => {
    // On a machine that is busy enough they have all gone before the urgent one is there.
    await until(
      'it passes more than ten',
      async () => {
        const bulk = await send(30, { priority: 'bulk' })
        const [urgent] = await send(1, { message_type: 'otp' })
        if (!urgent) throw new Error('one was sent')
        await untilDelivered([...bulk, urgent])
        const [urgentAt = Infinity] = await whenSent([urgent])
        return (await whenSent(bulk)).filter((at) => at > urgentAt).length > 10
      },
      END_LIMIT_MS,
    )
  })
})

/**
 * Evenly paced, so many take at least so long; windows are counted where the limits are tested by themselves. A permit
 * is told a moment before it begins, and is good for an interval at the most.
 */
function leastMs(count: number, perMinute: number): number {
  const intervalMs = MINUTE / perMinute
  return (count - 2) * intervalMs - LEAD_MS
}

function spanMs(times: readonly number[]): number {
  return (times.at(-1) ?? 0) - (times[0] ?? 0)
}
