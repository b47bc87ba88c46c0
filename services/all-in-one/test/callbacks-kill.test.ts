import { expect, test } from '@jest/globals'
import {
  createCallback,
  startCallbackReceiver,
  verifyCallback,
} from '../test-support/callback-receiver.ts'
import { cleanUpAfterAll } from '../test-support/clean-up.ts'
import { killLongAgo } from '../test-support/kill-long-ago.ts'
import { newPhone, newText } from '../test-support/people.ts'
import { until } from '../test-support/until.ts'
import { openWorld, runGateway } from '../test-support/world.ts'

const cleanUp = cleanUpAfterAll()
const TOLD_LIMIT_MS = 120_000
const LIMIT_MS = 400_000
const MESSAGES = 40

async function surviveKill(): Promise<void> {
  const receiver = await startCallbackReceiver(cleanUp)
  const world = await openWorld('postgres', cleanUp, {
    script: { receipts: { retries: 5, retryDelayMs: 3_000 } },
    env: { SMS_CALLBACK_ALLOWED_HOSTS: '["127.0.0.1"]' },
  })
  const gateway = await runGateway(world, cleanUp)
  // Slow enough that some are on their way whenever the process dies.
  receiver.answerWith('/slow', (res) => {
    setTimeout(() => res.writeHead(204).end(), 150)
  })
  const { id, secret } = await createCallback(world.api, { url: `${receiver.url}/slow` })
  const sent = await Promise.all(
    Array.from({ length: MESSAGES }, () =>
      world.api.send({ phone: newPhone().local, message: newText() }),
    ),
  )
  await until('some are told', () => receiver.received.length >= MESSAGES)
  world.twilio.setScript({ receipts: { held: true } })
  await killLongAgo(gateway, world.stores)
  await runGateway(world, cleanUp)
  world.twilio.setScript({ receipts: { held: false } })

  const tell = () => {
    const told = new Set<string>()
    for (const each of receiver.received) {
      const { type, data } = verifyCallback(secret, each)
      told.add(`${data.message.id} ${type} ${data.event.position}`)
    }
    return told
  }
  for (const message of sent) await world.api.untilStatus(message.id, 'delivered', TOLD_LIMIT_MS)
  const expected = new Set<string>()
  for (const message of sent) {
    const { events } = await world.api.find(message.id)
    for (const [index, { status }] of events.entries()) {
      expected.add(`${message.id} message.${status} ${index + 1}`)
    }
  }
  await until('each event is told', () => isToldOf(expected, tell()), TOLD_LIMIT_MS)
  const pending = () =>
    world.stores.query(
      `select from callback_event where callback_id = $1 and state <> 'delivered'`,
      [id],
    )
  await until('all are settled', async () => (await pending()).length === 0, TOLD_LIMIT_MS)
  // Some came twice, under the same id: those that the worker had in hand when it died, ten at most, and what failed.
  const ids = receiver.received.map(({ headers }) => headers['webhook-id'])
  expect(new Set(ids).size).toBe(expected.size)
  const [tries] = await world.stores.query<{ unknown: number; failed: number }>(
    `select count(*) filter (where a.event_id is null)::int as unknown,
       count(*) filter (where a.error is not null)::int as failed
     from callback_event e cross join lateral generate_series(1, e.attempts) n(number)
     left join callback_attempt a on a.event_id = e.id and a.number = n.number
     where e.callback_id = $1`,
    [id],
  )
  const { unknown = 0, failed = 0 } = tries ?? {}
  expect(unknown).toBeLessThanOrEqual(10)
  expect(ids.length - new Set(ids).size).toBeLessThanOrEqual(unknown + failed)
}

// The outbox is in PostgreSQL, wherever the queue is: one backend is enough.
test(
  'kill -9 of the worker with callbacks on their way: each event is told, under one id',
  surviveKill,
  LIMIT_MS,
)

function isToldOf(expected: ReadonlySet<string>, told: ReadonlySet<string>): boolean {
  return [...expected].every((each) => told.has(each))
}
