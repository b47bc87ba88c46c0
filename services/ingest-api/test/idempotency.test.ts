import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from '@jest/globals'
import { MessageResponse } from '@sms-gateway/contracts/message-response'
import { addApiKey } from '../../all-in-one/test-support/api-keys.ts'
import { describeEachBackend } from '../../all-in-one/test-support/backends.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import type { Ingest } from '../../all-in-one/test-support/ingest.ts'
import { startIngest } from '../../all-in-one/test-support/ingest.ts'
import { newPhone, newText } from '../../all-in-one/test-support/people.ts'
import { expectProblem } from '../../all-in-one/test-support/problems.ts'

const REPLAYED = 'idempotency-replayed'

function newBody() {
  return { phone: newPhone().local, message: newText(), message_type: 'order_confirmation' }
}

describeEachBackend((backend) => {
  const cleanUp = cleanUpAfterAll()
  let ingest: Ingest
  beforeAll(async () => {
    ingest = await startIngest(backend, cleanUp)
  })

  const send = (body: unknown, idempotencyKey: string, key?: string) =>
    ingest.api.call('/api/v1/sms/send', {
      body,
      headers: { 'idempotency-key': idempotencyKey },
      ...(key !== undefined && { key }),
    })

  test('answers a repeat with the very first answer, and makes no second message', async () => {
    const [body, key] = [newBody(), randomUUID()]
    const first = await send(body, key)
    const before = await ingest.countMessages()
    const second = await send(body, key)
    expect(first.status).toBe(202)
    expect(first.headers.get(REPLAYED)).toBeNull()
    expect(second).toMatchObject({ status: 202, text: first.text })
    expect(second.headers.get(REPLAYED)).toBe('true')
    expect(await ingest.countMessages()).toBe(before)
  })

  test('answers the first answer although the message has gone on since', async () => {
    const [body, key] = [newBody(), randomUUID()]
    const first = await send(body, key)
    const { id } = first.json as { id: string }
    await ingest.api.call(`/api/v1/sms/messages/${id}/cancel`, { method: 'POST' })
    expect((await send(body, key)).text).toBe(first.text)
  })

  test('takes a request whose fields come in another order for the same', async () => {
    const [{ phone, message, message_type }, key] = [newBody(), randomUUID()]
    const first = await send({ phone, message, message_type }, key)
    const second = await send({ message_type, message, phone }, key)
    expect(second.text).toBe(first.text)
  })

  test('makes one message of twenty requests at once', async () => {
    const [body, key] = [newBody(), randomUUID()]
    const before = await ingest.countMessages()
    const answers = await Promise.all(Array.from({ length: 20 }, () => send(body, key)))
    expect(await ingest.countMessages()).toBe(before + 1)
    const answered = answers.filter(({ status }) => status === 202)
    const racing = answers.filter(({ status }) => status === 409)
    expect(answered.length + racing.length).toBe(20)
    expect(new Set(answered.map(({ text }) => text)).size).toBe(1)
    expect(answered.filter(({ headers }) => !headers.has(REPLAYED))).toHaveLength(1)
    for (const answer of racing) {
      expectProblem(answer, 409, 'idempotency-in-progress')
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    }
  })

  test('answers 409 to the same key with another body', async () => {
    const key = randomUUID()
    await send(newBody(), key)
    const before = await ingest.countMessages()
    expectProblem(await send(newBody(), key), 409, 'idempotency-key-reused')
    expect(await ingest.countMessages()).toBe(before)
  })

  test('takes a quoted key for the bare one', async () => {
    const [body, key] = [newBody(), randomUUID()]
    const first = await send(body, key)
    const second = await send(body, `"${key}"`)
    expect(second.text).toBe(first.text)
    expect(second.headers.get(REPLAYED)).toBe('true')
  })

  test('keeps the keys of clients apart', async () => {
    const [body, key] = [newBody(), randomUUID()]
    const other = await addApiKey(ingest.stores, { scopes: ['send', 'read'] })
    const mine = await send(body, key)
    const theirs = await send(body, key, other)
    expect(theirs.status).toBe(202)
    expect(theirs.headers.get(REPLAYED)).toBeNull()
    expect(theirs.text).not.toBe(mine.text)
  })

  test('keeps no refusal: the key is free for the corrected request', async () => {
    const [body, key] = [newBody(), randomUUID()]
    expectProblem(await send({ ...body, phone: '0912' }, key), 422, 'phone-invalid')
    expect((await send(body, key)).status).toBe(202)
  })

  test('takes a key again after 24 hours', async () => {
    const [body, key] = [newBody(), randomUUID()]
    const first = await send(body, key)
    await ingest.stores.query(
      `update idempotency set created_at = created_at - interval '24 hours 1 minute' where message_id = $1`,
      [MessageResponse.parse(first.json).id],
    )
    const second = await send(body, key)
    expect(second.status).toBe(202)
    expect(second.text).not.toBe(first.text)
    expect((await send(body, key)).text).toBe(second.text)
  })

  test.each([
    ['of 256 characters', 'k'.repeat(256)],
    ['with a blank in it', 'a b'],
    ['of nothing but quotes', '""'],
  ])('answers 400 to a key %s', async (_, key) => {
    expectProblem(await send(newBody(), key), 400, 'invalid-request')
  })
})
