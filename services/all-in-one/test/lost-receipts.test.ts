import { beforeAll, expect, test } from '@jest/globals'
import type { Db } from '@sms-gateway/db/connect'
import { createTestDatabase } from '@sms-gateway/db/test-support/test-database'
import { Phone } from '@sms-gateway/domain/phone'
import type { Provider } from '@sms-gateway/domain/provider'
import { createTwilio } from '@sms-gateway/providers/twilio'
import { askForLost, findLost } from '@sms-gateway/scheduler/lost-receipts'
import { pollReceipts } from '@sms-gateway/scheduler/poll-receipts'
import { createLogger } from '@sms-gateway/service-kit/logger'
import type { TwilioSimulator } from '@sms-gateway/simulators/twilio-simulator'
import { startTwilioSimulator } from '@sms-gateway/simulators/twilio-simulator'
import {
  accepted,
  after,
  readMessage,
  readReferences,
  settle,
  submitMessage,
  vault,
} from '../../../packages/db/test/support.ts'
import { cleanUpAfterAll } from '../test-support/clean-up.ts'
import { newPhone } from '../test-support/people.ts'
import { TWILIO } from '../test-support/settings.ts'
import { until } from '../test-support/until.ts'

const MINUTE = 60
/** Of what nobody keeps waiting here. */
const LIMIT_MS = 100_000
const cleanUp = cleanUpAfterAll()
let db: Db
let simulator: TwilioSimulator
let twilio: Provider
beforeAll(async () => {
  const database = await createTestDatabase()
  cleanUp(() => database.drop())
  db = database.db
  // Every receipt is lost.
  simulator = await startTwilioSimulator({
    ...TWILIO,
    script: { deliveryDelayMs: 10, receipts: { lostRate: 1 } },
  })
  cleanUp(() => simulator.close())
  const { url: baseUrl } = simulator
  twilio = createTwilio({
    ...TWILIO,
    from: '+15005550006',
    baseUrl,
    timeoutMs: LIMIT_MS,
    connections: 4,
  })
  cleanUp(() => twilio.close())
})

const signal = new AbortController().signal
const at = (seconds: number) => ({
  db,
  vault,
  providers: new Map([['twilio' as const, twilio]]),
  now: () => after(seconds),
  logger: createLogger('test', 'silent'),
})

/** Sent now, and Twilio has come to an end with it. */
async function send(): Promise<{ id: string; reference: string }> {
  const attempt = await submitMessage(db)
  const limits = { sendBy: performance.now() + LIMIT_MS, signal: AbortSignal.timeout(LIMIT_MS) }
  const to = Phone.parse(newPhone().e164)
  const [part] = await twilio.send({ attempt, to, text: 'x', expiresAt: after(3_600) }, limits)
  const reference = part?.outcome.kind === 'accepted' ? part.outcome.reference : ''
  await settle(db, attempt, accepted(reference), { kind: 'sent' })
  return { id: attempt.messageId, reference }
}

const isOver = (reference: string, status: string) =>
  until('Twilio has come to an end', () =>
    simulator.messages().some((each) => each.sid === reference && each.status === status),
  )

test('a receipt that is lost is asked for after ten minutes, and never before', async () => {
  const { id, reference } = await send()
  await isOver(reference, 'delivered')
  expect(await findLost(at(9 * MINUTE))).toBe(0)
  expect(await askForLost(at(9 * MINUTE), signal)).toBe(0)
  expect(await findLost(at(11 * MINUTE))).toBe(1)
  expect(await pollReceipts(at(11 * MINUTE), signal)).toBe(0)
  expect(await askForLost(at(11 * MINUTE), signal)).toBe(1)
  expect(await readMessage(db, id)).toMatchObject({ status: 'delivered' })
  expect(await findLost(at(12 * MINUTE))).toBe(0)
})

test('what Twilio knows nothing new of is asked for again by the plan', async () => {
  simulator.setScript({ deliveryDelayMs: 3_600_000 })
  const { id, reference } = await send()
  expect(await findLost(at(11 * MINUTE))).toBe(1)
  expect(await askForLost(at(11 * MINUTE), signal)).toBe(1)
  expect(await readMessage(db, id)).toMatchObject({ status: 'sent' })
  const [row] = await readReferences(db, id)
  expect(row).toMatchObject({ reference, polls: 1, poll_at: after(61 * MINUTE) })
  expect(await findLost(at(12 * MINUTE))).toBe(0)
})

test('one that Twilio does not know is given up', async () => {
  const { id } = await send()
  expect(await findLost(at(40 * MINUTE))).toBe(1)
  simulator.setScript({ deliveryDelayMs: 10 })
  await db
    .updateTable('provider_reference')
    .set({ reference: `SM${'0'.repeat(32)}` })
    .where('message_id', '=', id)
    .execute()
  expect(await askForLost(at(40 * MINUTE), signal)).toBe(1)
  expect(await readReferences(db, id)).toMatchObject([{ polls: 1, poll_at: null }])
  expect(await readMessage(db, id)).toMatchObject({ status: 'sent' })
})
