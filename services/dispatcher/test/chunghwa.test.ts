import { beforeAll, expect, test } from '@jest/globals'
import { describeEachBackend } from '../../all-in-one/test-support/backends.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import { readMetric } from '../../all-in-one/test-support/metrics.ts'
import type { DuringMishap } from '../../all-in-one/test-support/mishaps.ts'
import { createMishaps } from '../../all-in-one/test-support/mishaps.ts'
import { newPhone, newText } from '../../all-in-one/test-support/people.ts'
import { countTaken } from '../../all-in-one/test-support/taken.ts'
import type { Toll } from '../../all-in-one/test-support/toll.ts'
import { openToll } from '../../all-in-one/test-support/toll.ts'
import { until } from '../../all-in-one/test-support/until.ts'
import type { World } from '../../all-in-one/test-support/world.ts'
import { openWorld, runGateway } from '../../all-in-one/test-support/world.ts'

/** A SubmitSM answer without a message id. */
function refusal(to: string, code: number) {
  const body = `<html>\n<header>\n</header>\n<body>\n${to}|${code}|refused<br>\n</body>\n</html>\n`
  return { status: 200, type: 'text/html', body }
}

function fieldOf(body: string, name: string): string {
  return new URLSearchParams(body).get(name) ?? ''
}

describeEachBackend((backend) => {
  const cleanUp = cleanUpAfterAll()
  let world: World
  let toll: Toll
  let atChunghwa: DuringMishap
  let atTwilio: DuringMishap
  beforeAll(async () => {
    const opened = await openWorld(backend, cleanUp, {
      env: { SMS_PRIMARY_PROVIDER: 'chunghwa', SMS_FALLBACK_PROVIDERS: '["twilio"]' },
    })
    // Chunghwa is asked how it went after 15 s: then nothing is final, and what is sent stays so.
    opened.chunghwa.setScript({ deliveryDelayMs: 3_600_000 })
    toll = await openToll(opened.chunghwa.url)
    cleanUp(() => toll.close())
    world = { ...opened, variables: { ...opened.variables, CHT_SMS_BASE_URL: toll.url } }
    await runGateway(world, cleanUp)
    atChunghwa = createMishaps(world.chunghwa)
    atTwilio = createMishaps(world.twilio)
  })

  const send = async (text: string, change: Record<string, unknown> = {}) =>
    (await world.api.send({ phone: newPhone().local, message: text, ...change })).id

  /** Every submission that Chunghwa was asked to take of a number. */
  const asked = (phone: string) =>
    toll.requests.filter(
      ({ path, body }) => path.endsWith('/SubmitSM') && fieldOf(body, 'to_addr') === phone,
    )
  const partOf = (body: string) => Number.parseInt(fieldOf(body, 'msg').slice(10, 12), 16)

  test('sends through Chunghwa where it is the first', async () => {
    const text = newText()
    const id = await send(text)
    const message = await world.api.untilStatus(id, 'sent')
    expect(message).toMatchObject({ provider: 'chunghwa', attempts: 1 })
    expect(countTaken(world, text)).toEqual({ twilio: 0, chunghwa: 1 })
    const [taken] = world.chunghwa.messages().filter((each) => each.text.includes(text))
    expect(taken).toMatchObject({ text: `【幸福氣】${text}`, ids: [message.provider_message_id] })
  })

  test.each([
    ['Chinese', '氣'.repeat(150)],
    ['Latin', 'All the letters of the alphabet. '.repeat(12)],
  ])('hands a long %s text over in parts that make the whole', async (_, filler) => {
    const { local } = newPhone()
    const text = `${newText()}${filler}`
    const id = await send(text, { phone: local })
    await world.api.untilStatus(id, 'sent')
    const [taken] = world.chunghwa.messages().filter(({ to }) => to === local)
    expect(taken?.text).toBe(`【幸福氣】${text.trim()}`.padEnd(taken?.text.length ?? 0))
    expect(asked(local).length).toBe(taken?.ids.length)
  })

  test('repeats there, and alone, the one part of a text that was refused', async () => {
    const { local } = newPhone()
    const text = `${newText()}${'氣'.repeat(80)}`
    let refused = 0
    toll.answer = ({ path, body }) => {
      const isSecond = fieldOf(body, 'to_addr') === local && partOf(body) === 2
      if (!path.endsWith('/SubmitSM') || !isSecond || refused > 0) return undefined
      refused += 1
      return refusal(local, 2)
    }
    const id = await send(text, { phone: local })
    const message = await world.api.untilStatus(id, 'sent')
    expect(message).toMatchObject({ provider: 'chunghwa', possible_duplicate: false, attempts: 2 })
    expect(
      asked(local)
        .map(({ body }) => partOf(body))
        .sort(),
    ).toEqual([1, 2, 2])
    expect(countTaken(world, text)).toEqual({ twilio: 0, chunghwa: 1 })
    // The handset puts them together by their reference: the repeated part bears the same.
    const references = asked(local).map(({ body }) => fieldOf(body, 'msg').slice(6, 8))
    expect(new Set(references).size).toBe(1)
  })

  test('goes to no other provider once a part was taken, however often the rest is refused', async () => {
    const { local } = newPhone()
    const text = `${newText()}${'氣'.repeat(80)}`
    toll.answer = ({ path, body }) =>
      path.endsWith('/SubmitSM') && fieldOf(body, 'to_addr') === local && partOf(body) === 2
        ? refusal(local, 2)
        : undefined
    const id = await send(text, { phone: local })
    const message = await world.api.untilStatus(id, 'undelivered')
    expect(message).toMatchObject({ attempts: 3, error: { code: '2' } })
    expect(countTaken(world, text)).toEqual({ twilio: 0, chunghwa: 0 })
    expect(
      asked(local)
        .map(({ body }) => partOf(body))
        .sort(),
    ).toEqual([1, 2, 2, 2])
  })

  test('holds an ordinary message in doubt: nobody sends it a second time', async () => {
    const text = newText()
    const id = await atChunghwa({ loseAnswerRate: 1 }, async () => {
      const id = await send(text)
      await world.api.untilMessage(id, ({ in_doubt: inDoubt }) => inDoubt)
      return id
    })
    const runs = () => readMetric(world.api, 'sms_scheduler_runs_total', { outcome: 'done' })
    const before = await runs()
    await until(
      'the scheduler has been round a few times',
      async () => (await runs()) > before + 12,
    )
    const message = await world.api.find(id)
    expect(message).toMatchObject({
      status: 'sending',
      in_doubt: true,
      provider: 'chunghwa',
      attempts: 1,
    })
    expect(message.error?.code).toBeTruthy()
    expect(countTaken(world, text)).toEqual({ twilio: 0, chunghwa: 1 })
  })

  test.each(['otp', 'emergency'])(
    'sends an %s in doubt by the next provider, and says so',
    async (type) => {
      const text = newText()
      const id = await atChunghwa({ loseAnswerRate: 1 }, async () => {
        const id = await send(text, { message_type: type })
        await until('Chunghwa has it', () => countTaken(world, text).chunghwa === 1)
        return id
      })
      const message = await world.api.untilStatus(id, 'delivered')
      expect(message).toMatchObject({
        provider: 'twilio',
        possible_duplicate: true,
        in_doubt: false,
      })
      expect(countTaken(world, text)).toEqual({ twilio: 1, chunghwa: 1 })
    },
  )

  test.each([
    ['answers 502', { http502Rate: 1, http502TakenRate: 1 }],
    ['answers with code -1', { errorRate: 1, errorStatus: 200, errorCode: -1 }],
    ['answers what nobody can read', { errorRate: 1, errorStatus: 200, errorCode: 0 }],
  ])('is in doubt when Chunghwa %s', async (_, script) => {
    await atChunghwa(script, async () => {
      const id = await send(newText())
      const message = await world.api.untilMessage(id, ({ in_doubt: inDoubt }) => inDoubt)
      expect(message).toMatchObject({ status: 'sending', provider: 'chunghwa' })
    })
  })

  test('parks a message until the moment that a provider names', async () => {
    const busy = { errorRate: 1, errorStatus: 429, retryAfter: '2' }
    const { text, id, notBefore } = await atTwilio(busy, () =>
      // 37: locked for a moment by parallel connections.
      atChunghwa({ errorRate: 1, errorStatus: 200, errorCode: 37 }, async () => {
        const text = newText()
        const id = await send(text)
        const parked = await world.api.untilMessage(
          id,
          ({ status, not_before: notBefore }) => status === 'queued' && notBefore !== null,
        )
        expect(parked).toMatchObject({ attempts: 0, hold_reason: expect.any(String) })
        return { text, id, notBefore: Date.parse(parked.not_before ?? '') }
      }),
    )
    const message = await world.api.untilMessage(id, ({ status }) =>
      ['sent', 'delivered'].includes(status),
    )
    expect(message).toMatchObject({ attempts: 1, hold_reason: null, not_before: null })
    const tried = message.events.filter(({ status, provider }) => status === 'sending' && provider)
    expect(Date.parse(tried.at(-1)?.at ?? '')).toBeGreaterThanOrEqual(notBefore)
    const taken = countTaken(world, text)
    expect(taken.twilio + taken.chunghwa).toBe(1)
  })

  test('puts a number on the opt-out list that Chunghwa says is barred', async () => {
    const { local } = newPhone()
    world.chunghwa.setScript({ numbers: { [local]: { code: 48 } } })
    const first = await send(newText(), { phone: local })
    expect((await world.api.untilStatus(first, 'failed')).error?.code).toBe('48')
    const second = await send(newText(), { phone: local })
    expect((await world.api.untilStatus(second, 'suppressed')).error?.code).toBe('opted-out')
  })
})
