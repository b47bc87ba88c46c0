import { beforeAll, expect, test } from '@jest/globals'
import type { MessageResponse } from '@sms-gateway/contracts/message-response'
import { addApiKey } from '../../all-in-one/test-support/api-keys.ts'
import { describeEachBackend } from '../../all-in-one/test-support/backends.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import { newPhone, newText } from '../../all-in-one/test-support/people.ts'
import { expectProblem } from '../../all-in-one/test-support/problems.ts'
import { countTaken } from '../../all-in-one/test-support/taken.ts'
import { until } from '../../all-in-one/test-support/until.ts'
import type { Gateway } from '../../all-in-one/test-support/world.ts'
import { startGateway } from '../../all-in-one/test-support/world.ts'

const MESSAGES = '/api/v1/sms/messages'
const FAILED = '/api/v1/sms/failed/retry'
const NO_SUCH_NUMBER = 43

describeEachBackend((backend) => {
  const cleanUp = cleanUpAfterAll()
  let gateway: Gateway
  let operator: string
  beforeAll(async () => {
    const env = {
      SMS_PRIMARY_PROVIDER: 'chunghwa',
      SMS_FALLBACK_PROVIDERS: '[]',
      SMS_TWILIO_ENABLED: 'false',
      SMS_BREAKER_FAILURES: '1000',
    }
    // A poll finds nothing final in the time of this test: what is sent stays so.
    const script = { deliveryDelayMs: 3_600_000 }
    gateway = await startGateway(backend, cleanUp, { env, script })
    operator = await addApiKey(gateway.stores, { scopes: ['send', 'read', 'operate'] })
  })

  const post = (path: string, body?: unknown, key?: string) =>
    gateway.api.call(path, { method: 'POST', body, ...(key !== undefined && { key }) })
  const messageOf = (answer: { json: unknown }) => answer.json as MessageResponse
  const taken = (text: string | null) => countTaken(gateway, text ?? '').chunghwa

  async function fail(): Promise<MessageResponse> {
    const phone = newPhone()
    gateway.chunghwa.setScript({ numbers: { [phone.local]: { code: NO_SUCH_NUMBER } } })
    const { id } = await gateway.api.send({ phone: phone.local, message: newText() })
    const failed = await gateway.api.untilStatus(id, 'failed')
    gateway.chunghwa.setScript({ numbers: {} })
    return failed
  }

  async function doubt(): Promise<{ id: string; text: string }> {
    const text = newText()
    gateway.chunghwa.setScript({ loseAnswerRate: 1 })
    const { id } = await gateway.api.send({ phone: newPhone().local, message: text })
    await gateway.api.untilMessage(id, ({ in_doubt: inDoubt }) => inDoubt)
    gateway.chunghwa.setScript({ loseAnswerRate: 0 })
    return { id, text }
  }

  test('sends a failed message again as a new one that names it, once however often it is asked', async () => {
    const failed = await fail()
    // Who waits too long for another's lock, on a machine that stands still, gets a 503 and asks again.
    const ask = () =>
      until('it is answered', async () => {
        const answer = await post(`${MESSAGES}/${failed.id}/retry`)
        return answer.status !== 503 && answer
      })
    const answers = await Promise.all(Array.from({ length: 8 }, ask))
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 202))
    const ids = new Set(answers.map((answer) => messageOf(answer).id))
    expect(ids.size).toBe(1)
    const [id = ''] = ids
    const sent = await gateway.api.untilStatus(id, 'sent')
    expect(sent.events[0]).toMatchObject({ status: 'accepted', detail: `retry of ${failed.id}` })
    expect(sent).toMatchObject({ phone: failed.phone, message: failed.message })
    expect(taken(failed.message ?? '')).toBe(1)
    expect((await gateway.api.find(failed.id)).status).toBe('failed')
  })

  test('does not send again what was sent', async () => {
    const { id } = await gateway.api.send({ phone: newPhone().local, message: newText() })
    await gateway.api.untilStatus(id, 'sent')
    expectProblem(await post(`${MESSAGES}/${id}/retry`), 409, 'message-not-retriable')
    const resolved = await post(`${MESSAGES}/${id}/resolve`, { action: 'resend' })
    expectProblem(resolved, 409, 'message-not-resolvable')
  })

  test.each([
    ['sent', 'sent', 1, false],
    ['failed', 'failed', 1, false],
    ['resend', 'sent', 2, true],
  ] as const)(
    'resolves one in doubt as %s: it becomes %s',
    async (action, status, times, isDuplicate) => {
      const { id, text } = await doubt()
      const answer = await post(`${MESSAGES}/${id}/resolve`, { action })
      expect(answer.status).toBe(200)
      const message = await gateway.api.untilStatus(id, status)
      expect(message).toMatchObject({ in_doubt: false, possible_duplicate: isDuplicate })
      expect(taken(text)).toBe(times)
      const again = await post(`${MESSAGES}/${id}/resolve`, { action })
      expectProblem(again, 409, 'message-not-resolvable')
    },
  )

  test.each([
    ['sent', 200, 'sent'],
    ['failed', 200, 'undelivered'],
  ])('resolves one that had become unknown as %s', async (action, code, status) => {
    const { id } = await doubt()
    await forget(id)
    const answer = await post(`${MESSAGES}/${id}/resolve`, { action })
    expect(answer).toMatchObject({ status: code, json: { id, status } })
  })

  test('sends an unknown one again as another message, marked, and once', async () => {
    const { id, text } = await doubt()
    await forget(id)
    const [first, second] = await Promise.all([
      post(`${MESSAGES}/${id}/resolve`, { action: 'resend' }),
      post(`${MESSAGES}/${id}/resolve`, { action: 'resend' }),
    ])
    const made = messageOf(first)
    expect([first.status, messageOf(second).id]).toEqual([202, made.id])
    const sent = await gateway.api.untilStatus(made.id, 'sent')
    expect(sent.possible_duplicate).toBe(true)
    expect((await gateway.api.find(id)).status).toBe('unknown')
    expect(taken(text)).toBe(2)
  })

  test.each(['possible_duplicate = true', `pinned_provider = 'chunghwa'`])(
    'a failed one with %s goes again alone and marked, never in bulk',
    async (change) => {
      const failed = await fail()
      await gateway.stores.query(`update message set ${change} where id = $1`, [failed.id])
      expect((await post(FAILED, { provider: 'chunghwa' })).status).toBe(202)
      expect(taken(failed.message)).toBe(0)
      const answer = await post(`${MESSAGES}/${failed.id}/retry`)
      expect(answer).toMatchObject({ status: 202, json: { possible_duplicate: true } })
      // By its timeline: the dispatcher may have it before the answer is written.
      const { events } = await gateway.api.untilStatus(messageOf(answer).id, 'sent')
      expect(events.slice(0, 2).map(({ status }) => status)).toEqual(['accepted', 'queued'])
      expect(taken(failed.message)).toBe(1)
    },
  )

  test('counts the failed first, then sends each again at the rate, and never twice', async () => {
    const failed = [await fail(), await fail(), await fail()]
    const filter = {
      error_code: failed[0]?.error?.code,
      provider: 'chunghwa',
      start_date: '2026-01-01',
    }
    const counted = await post(FAILED, { ...filter, dry_run: true })
    expect(counted).toMatchObject({ status: 200, json: { retried: 0 } })
    const { count } = counted.json as { count: number }
    expect(count).toBeGreaterThanOrEqual(3)
    const answers = await Promise.all([
      post(FAILED, { ...filter, per_minute: 6_000 }),
      post(FAILED, { ...filter, per_minute: 6_000 }),
    ])
    const retried = answers.map(({ json }) => (json as { retried: number }).retried)
    expect(retried.reduce((sum, each) => sum + each, 0)).toBe(count)
    for (const { message } of failed) {
      await until('it was taken', () => taken(message ?? '') > 0)
    }
    const none = await post(FAILED, { ...filter, dry_run: true })
    expect(none.json).toMatchObject({ count: 0 })
    for (const { message } of failed) expect(taken(message ?? '')).toBe(1)
  })

  test('begins a rate when it is told to, so that one call goes on where the last ended', async () => {
    const failed = [await fail(), await fail()]
    const startAt = new Date(Date.now() + 3_600_000)
    const answer = await post(FAILED, {
      error_code: failed[0]?.error?.code,
      per_minute: 60,
      start_at: startAt.toISOString(),
    })
    const { retried, last_at: lastAt } = answer.json as { retried: number; last_at: string }
    expect(retried).toBeGreaterThanOrEqual(2)
    expect(Date.parse(lastAt)).toBe(startAt.getTime() + (retried - 1) * 1_000)
    for (const { message } of failed) expect(taken(message ?? '')).toBe(0)
  })

  test('leaves the messages of others alone', async () => {
    const failed = await fail()
    const retry = await post(`${MESSAGES}/${failed.id}/retry`, undefined, operator)
    expectProblem(retry, 404, 'message-not-found')
    const resolve = await post(`${MESSAGES}/${failed.id}/resolve`, { action: 'sent' }, operator)
    expectProblem(resolve, 404, 'message-not-found')
    const many = await post(FAILED, { dry_run: true }, operator)
    expect(many.json).toMatchObject({ count: 0 })
  })

  test.each([
    ['no action', {}],
    ['another action', { action: 'delete' }],
    ['an action too many', { action: 'sent', force: true }],
  ])('answers 400 to %s', async (_, body) => {
    const failed = await fail()
    const answer = await post(`${MESSAGES}/${failed.id}/resolve`, body)
    expectProblem(answer, 400, 'invalid-request')
  })

  test.each([
    ['dates the wrong way round', { start_date: '2026-02-01', end_date: '2026-01-01' }],
    ['a date that is none', { start_date: '2026-02-30' }],
    ['no rate', { per_minute: 0 }],
    ['a beginning of no rate', { start_at: '2026-01-01T00:00:00Z' }],
    ['a provider that is none', { provider: 'pigeon' }],
  ])('answers 400 to %s', async (_, body) => {
    expectProblem(await post(FAILED, body), 400, 'invalid-request')
  })

  /** As if no receipt had come for three days. */
  async function forget(id: string): Promise<void> {
    await gateway.stores.query(
      `update message set updated_at = updated_at - interval '73 hours' where id = $1`,
      [id],
    )
    await gateway.api.untilStatus(id, 'unknown', 40_000)
  }
})
