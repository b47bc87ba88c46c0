import { expect } from '@jest/globals'
import type { MessageResponse } from '@sms-gateway/contracts/message-response'
import type { BackendKind } from '../../all-in-one/test-support/backends.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import type { DuringMishap } from '../../all-in-one/test-support/mishaps.ts'
import { createMishaps } from '../../all-in-one/test-support/mishaps.ts'
import { newPhone, newText } from '../../all-in-one/test-support/people.ts'
import { testSideBySide } from '../../all-in-one/test-support/side-by-side.ts'
import { countTaken } from '../../all-in-one/test-support/taken.ts'
import { until } from '../../all-in-one/test-support/until.ts'
import type { Gateway, ScriptPatch } from '../../all-in-one/test-support/world.ts'
import { startGateway } from '../../all-in-one/test-support/world.ts'

const cleanUp = cleanUpAfterAll()
/** The second look-up is 20 s after the doubt began. */
const LIMIT_MS = 100_000
const NO_RECEIPTS = { receipts: { lostRate: 1 } } satisfies ScriptPatch

type MessageEvent = MessageResponse['events'][number]

interface Shared extends Gateway {
  during: DuringMishap
}

async function setUp(backend: BackendKind): Promise<Shared> {
  const gateway = await startGateway(backend, cleanUp, { env: { SMS_PROVIDER_TIMEOUT_MS: '1500' } })
  return { ...gateway, during: createMishaps(gateway.twilio) }
}

/** Sends while Twilio misbehaves, until the message is in doubt. */
async function sendIntoDoubt(
  { api, during }: Shared,
  script: ScriptPatch,
  phone = newPhone().local,
) {
  const text = newText()
  return during(script, async () => {
    const { id } = await api.send({ phone, message: text })
    const { attempts, error } = await api.untilMessage(id, ({ in_doubt: inDoubt }) => inDoubt)
    expect({ attempts, error }).toMatchObject({ attempts: 1, error: { code: expect.any(String) } })
    return { id, text }
  })
}

async function expectFoundAtTwilio(shared: Shared, { id, text }: { id: string; text: string }) {
  const message = await shared.api.untilStatus(id, 'sent', LIMIT_MS)
  const [submission] = shared.twilio.submissions().filter(({ body }) => body.includes(text))
  expect(message).toMatchObject({
    provider: 'twilio',
    provider_message_id: submission?.sid,
    in_doubt: false,
    possible_duplicate: false,
    attempts: 1,
    error: null,
  })
  expect(countTaken(shared, text)).toEqual({ twilio: 1, chunghwa: 0 })
  return message
}

/** From the doubt to the next step, by the gateway's own clock. */
function waitedMs({ events }: MessageResponse, next: (event: MessageEvent) => boolean): number {
  const doubt = events.findIndex(({ error_code: code }) => code !== undefined)
  const after = events.slice(doubt + 1).find(next)
  return Date.parse(after?.at ?? '') - Date.parse(events[doubt]?.at ?? '')
}

testSideBySide(setUp, LIMIT_MS, {
  async 'sends once more what Twilio never took: absent after 5 s and after 20 s'(shared) {
    const { id, text } = await sendIntoDoubt(shared, { dropBeforeTakingRate: 1 })
    expect(countTaken(shared, text)).toEqual({ twilio: 0, chunghwa: 0 })
    const message = await shared.during({}, async () =>
      shared.api.untilStatus(id, 'delivered', LIMIT_MS),
    )
    expect(waitedMs(message, ({ status }) => status === 'sending')).toBeGreaterThanOrEqual(20_000)
    expect(message).toMatchObject({ provider: 'twilio', attempts: 2, possible_duplicate: false })
    expect(countTaken(shared, text)).toEqual({ twilio: 1, chunghwa: 0 })
  },

  async 'finds what Twilio took although its answer was lost'(shared) {
    const doubt = await sendIntoDoubt(shared, { loseAnswerRate: 1, ...NO_RECEIPTS })
    const message = await expectFoundAtTwilio(shared, doubt)
    expect(waitedMs(message, ({ status }) => status === 'sent')).toBeGreaterThanOrEqual(5_000)
    // By the first look-up: none came back without it.
    const checks = await shared.stores.query('select checks from attempt where message_id = $1', [
      doubt.id,
    ])
    expect(checks).toEqual([{ checks: 0 }])
  },

  async 'finds what Twilio took and a front end answered 502 to'(shared) {
    const script = { http502Rate: 1, http502TakenRate: 1, ...NO_RECEIPTS }
    await expectFoundAtTwilio(shared, await sendIntoDoubt(shared, script))
  },

  async 'finds what Twilio took and never answered to'(shared) {
    const doubt = await sendIntoDoubt(shared, { hangRate: 1, ...NO_RECEIPTS })
    await expectFoundAtTwilio(shared, doubt)
  },

  async 'settles a doubt by the receipt, which names its attempt'(shared) {
    const text = newText()
    // No look-up is answered either.
    const mishap: ScriptPatch = { loseAnswerRate: 1, scope: 'all', receipts: { held: true } }
    const message = await shared.during(mishap, async () => {
      const { id } = await shared.api.send({ phone: newPhone().local, message: text })
      await shared.api.untilMessage(id, ({ in_doubt: inDoubt }) => inDoubt)
      shared.twilio.setScript({ receipts: { held: false } })
      return shared.api.untilStatus(id, 'delivered')
    })
    expect(message).toMatchObject({ in_doubt: false, possible_duplicate: false, error: null })
    expect(countTaken(shared, text)).toEqual({ twilio: 1, chunghwa: 0 })
  },

  async 'gives two messages of one text to one number each their own submission'(shared) {
    const { local, e164 } = newPhone()
    const text = newText()
    const ids = await shared.during({ loseAnswerRate: 1, ...NO_RECEIPTS }, async () => {
      const sent = await Promise.all(
        [1, 2].map(() => shared.api.send({ phone: local, message: text })),
      )
      await until('Twilio has both', () => countTaken(shared, text).twilio === 2)
      return sent.map(({ id }) => id)
    })
    const messages = await Promise.all(
      ids.map((id) => shared.api.untilStatus(id, 'sent', LIMIT_MS)),
    )
    const sids = shared.twilio
      .submissions()
      .filter(({ to }) => to === e164)
      .map(({ sid }) => sid)
    expect(messages.map((message) => message.provider_message_id).sort()).toEqual(sids.sort())
    expect(countTaken(shared, text)).toEqual({ twilio: 2, chunghwa: 0 })
  },
})
