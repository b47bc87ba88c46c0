import { beforeAll, expect, test } from '@jest/globals'
import { RouteAnswerResponse } from '@sms-gateway/contracts/route-question'
import { describeEachBackend } from '../../all-in-one/test-support/backends.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import { newPhone, newText } from '../../all-in-one/test-support/people.ts'
import { expectProblem } from '../../all-in-one/test-support/problems.ts'
import { until } from '../../all-in-one/test-support/until.ts'
import type { Gateway } from '../../all-in-one/test-support/world.ts'
import { startGateway } from '../../all-in-one/test-support/world.ts'

const SIMULATE = '/api/v1/sms/routes/simulate'
const CHUNGHWA_FIRST = {
  SMS_PRIMARY_PROVIDER: 'chunghwa',
  SMS_FALLBACK_PROVIDERS: '["twilio"]',
}

describeEachBackend((backend) => {
  const cleanUp = cleanUpAfterAll()
  const start = (mode: string) =>
    startGateway(backend, cleanUp, { env: { ...CHUNGHWA_FIRST, SMS_ROUTING: mode } })
  const send = async ({ api }: Gateway, type = 'notice') => {
    const request = { phone: newPhone().local, message: newText(), message_type: type }
    const { id } = await api.send(request)
    return api.untilMessage(id, ({ status }) => ['sent', 'delivered'].includes(status))
  }
  const simulate = async ({ api }: Gateway, body: unknown) => {
    const answer = await api.call(SIMULATE, { body })
    return RouteAnswerResponse.parse(answer.json)
  }

  test('by cost, the cheaper goes first although the other is the primary', async () => {
    const gateway = await start('cost')
    const message = await send(gateway)
    expect(message.provider).toBe('twilio')
    expect(message.events).toContainEqual(
      expect.objectContaining({ status: 'sending', detail: 'the cheapest first' }),
    )
    const answer = await simulate(gateway, { message_type: 'notice', segments: 3 })
    expect(answer).toMatchObject({ mode: 'cost', provider: 'twilio', decisions: [] })
    expect(answer.candidates.map(({ cost }) => cost.amount)).toEqual(['1.50', '2.10'])
  })

  describeSmart()

  function describeSmart() {
    let gateway: Gateway
    beforeAll(async () => {
      gateway = await start('smart')
    })

    test('smart begins with the primary, and says why it moves when that fails', async () => {
      await until('there is a plan', async () => {
        const { decisions } = await simulate(gateway, { message_type: 'notice' })
        return decisions.length > 0
      })
      expect((await send(gateway, 'otp')).provider).toBe('chunghwa')
      await gateway.stores.query(
        `insert into provider_minute (provider, minute, outcome, attempts, latency_ms, latency_ms_max)
         select provider, date_trunc('minute', now()) + make_interval(mins => n), outcome, 1000, 200000, 300
         from (values ('chunghwa', 'unreachable'), ('twilio', 'accepted')) v(provider, outcome),
           generate_series(0, 1) n`,
      )
      const moved = await until(
        'another is preferred',
        async () => {
          const { decisions } = await simulate(gateway, { message_type: 'notice' })
          return decisions.find(({ preferred }) => preferred === 'twilio')
        },
        60_000,
      )
      expect(moved.reason).toMatch(/^twilio reaches at least \d+(?:\.\d)? %, chunghwa \d+/)
      const sent = await until('urgent texts follow', async () => {
        const message = await send(gateway, 'otp')
        return message.provider === 'twilio' && message
      })
      expect(sent.events).toContainEqual(
        expect.objectContaining({ detail: expect.stringContaining('preferred: twilio reaches') }),
      )
    })

    test('a provider that is switched off is not usable, and the answer says so', async () => {
      const path = '/api/v1/sms/providers/twilio'
      await gateway.api.call(`${path}/disable`, { body: { reason: 'maintenance' } })
      const answer = await simulate(gateway, { message_type: 'otp' })
      expect(answer.provider).toBe('chunghwa')
      const twilio = answer.candidates.find(({ provider }) => provider === 'twilio')
      expect(twilio).toMatchObject({ usable: false, why: 'switched off by an operator' })
      await gateway.api.call(`${path}/enable`, { body: { reason: 'over' } })
    })

    test.each([
      ['nothing', {}],
      ['a type that is none', { message_type: 'X' }],
      ['eleven segments', { message_type: 'otp', segments: 11 }],
      ['a field too many', { message_type: 'otp', phone: '0912345678' }],
    ])('answers 400 to %s', async (_, body) => {
      const answer = await gateway.api.call(SIMULATE, { body })
      expectProblem(answer, 400, 'invalid-request')
    })
  }
})
