import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { BulkResponse } from '@sms-gateway/contracts/bulk-request'
import { MessageResponse } from '@sms-gateway/contracts/message-response'
import { type Api, createApi } from '../../all-in-one/test-support/api.ts'
import { addApiKey } from '../../all-in-one/test-support/api-keys.ts'
import { describeEachBackend } from '../../all-in-one/test-support/backends.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import { findFreePort } from '../../all-in-one/test-support/free-port.ts'
import { type Ingest, startIngest } from '../../all-in-one/test-support/ingest.ts'
import { newPhone, newText } from '../../all-in-one/test-support/people.ts'
import { expectProblem } from '../../all-in-one/test-support/problems.ts'
import { spawnService, whenReady } from '../../all-in-one/test-support/service-process.ts'
import { baseVariables } from '../../all-in-one/test-support/settings.ts'
import { until } from '../../all-in-one/test-support/until.ts'

const WINDOW = { SMS_DUPLICATE_WINDOW_SECONDS: '3600' }

function newBody() {
  return { phone: newPhone().local, message: newText(), message_type: 'order_confirmation' }
}

function idOf({ json }: { json: unknown }): string {
  return MessageResponse.parse(json).id
}

describeEachBackend((backend) => {
  const cleanUp = cleanUpAfterAll()
  let ingest: Ingest
  /** Of another process, on the same stores. */
  let other: Api
  beforeAll(async () => {
    ingest = await startIngest(backend, cleanUp, () => WINDOW)
    const port = await findFreePort()
    const url = `http://127.0.0.1:${port}`
    const env = { ...baseVariables(ingest.stores), ...WINDOW, PORT: String(port) }
    await whenReady(spawnService('ingest-api', env, cleanUp), url)
    other = createApi(url)
  })

  const send = (
    body: unknown,
    options: { key?: string; idempotencyKey?: string } = {},
    api?: Api,
  ) =>
    (api ?? ingest.api).call('/api/v1/sms/send', {
      body,
      ...(options.key !== undefined && { key: options.key }),
      ...(options.idempotencyKey !== undefined && {
        headers: { 'idempotency-key': options.idempotencyKey },
      }),
    })
  const sendBulk = async (phones: readonly string[], message: string, idempotencyKey?: string) => {
    const recipients = phones.map((phone) => ({ phone }))
    // Who waits too long for the locks of another that stands still gets a 503, and asks again.
    const answer = await until('it is answered', async () => {
      const answered = await ingest.api.call('/api/v1/sms/bulk', {
        body: { recipients, message, message_type: 'notice' },
        ...(idempotencyKey !== undefined && { headers: { 'idempotency-key': idempotencyKey } }),
      })
      return answered.status !== 503 && answered
    })
    return { ...BulkResponse.parse(answer.json), headers: answer.headers }
  }
  const pass = (id: string) =>
    ingest.stores.query(
      `update recent_text set until = until - interval '3601 seconds' where message_id = $1`,
      [id],
    )

  test('refuses the same text to the same number, and names the first', async () => {
    const body = newBody()
    const first = await send(body)
    const before = await ingest.countMessages()
    const problem = expectProblem(await send(body), 409, 'duplicate-message')
    expect(problem).toMatchObject({ message_id: idOf(first) })
    expect(await ingest.countMessages()).toBe(before)
  })

  test('takes the number for the same however it is written', async () => {
    const { local, e164 } = newPhone()
    const message = newText()
    await send({ ...newBody(), phone: local, message })
    expectProblem(await send({ ...newBody(), phone: e164, message }), 409, 'duplicate-message')
  })

  test('accepts another text, another number, another client, and the same after the window', async () => {
    const body = newBody()
    const first = await send(body)
    const key = await addApiKey(ingest.stores, { scopes: ['send', 'read'] })
    expect((await send({ ...body, message: newText() })).status).toBe(202)
    expect((await send({ ...body, phone: newPhone().local })).status).toBe(202)
    expect((await send(body, { key })).status).toBe(202)
    await pass(idOf(first))
    expect((await send(body)).status).toBe(202)
    expectProblem(await send(body), 409, 'duplicate-message')
  })

  test('accepts one of twenty at once, at two processes', async () => {
    for (let round = 0; round < 5; round++) {
      const body = newBody()
      const before = await ingest.countMessages()
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          send(body, { idempotencyKey: randomUUID() }, index % 2 === 0 ? ingest.api : other),
        ),
      )
      const accepted = answers.filter(({ status }) => status === 202)
      expect(accepted).toHaveLength(1)
      expect(await ingest.countMessages()).toBe(before + 1)
      for (const answer of answers.filter(({ status }) => status !== 202)) {
        const problem = expectProblem(answer, 409, 'duplicate-message')
        expect(problem).toMatchObject({ message_id: accepted.map(idOf)[0] })
      }
    }
  })

  test('answers a repeat under the same key with the first answer, at both processes at once too', async () => {
    const [body, idempotencyKey] = [newBody(), randomUUID()]
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        send(body, { idempotencyKey }, index % 2 === 0 ? ingest.api : other),
      ),
    )
    const answered = answers.filter(({ status }) => status === 202)
    expect(new Set(answered.map(({ text }) => text)).size).toBe(1)
    for (const answer of answers.filter(({ status }) => status !== 202))
      expectProblem(answer, 409, 'idempotency-in-progress')
    const again = await send(body, { idempotencyKey })
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expectProblem(await send(body), 409, 'duplicate-message')
  })

  test('a repeated request takes no text: it is free once the window has passed', async () => {
    const [body, idempotencyKey] = [newBody(), randomUUID()]
    const first = await send(body, { idempotencyKey })
    await pass(idOf(first))
    expect((await send(body, { idempotencyKey })).headers.get('idempotency-replayed')).toBe('true')
    expect((await send(body)).status).toBe(202)
  })

  test('keeps no 409: the key is free for the corrected request', async () => {
    const body = newBody()
    await send(body)
    const idempotencyKey = randomUUID()
    expectProblem(await send(body, { idempotencyKey }), 409, 'duplicate-message')
    const corrected = { ...body, message: newText() }
    expect((await send(corrected, { idempotencyKey })).status).toBe(202)
  })

  test.each(['cancelled', 'failed', 'expired'])(
    'one that was %s does not count',
    async (status) => {
      const body = newBody()
      const first = await send(body)
      await ingest.stores.query('update message set status = $2 where id = $1', [
        idOf(first),
        status,
      ])
      expect((await send(body)).status).toBe(202)
      expectProblem(await send(body), 409, 'duplicate-message')
    },
  )

  test('lets a failed message be retried', async () => {
    const id = idOf(await send(newBody()))
    await ingest.stores.query(`update message set status = 'failed' where id = $1`, [id])
    const retry = await ingest.api.call(`/api/v1/sms/messages/${id}/retry`, { method: 'POST' })
    expect(retry.status).toBe(202)
  })

  describe('a batch', () => {
    test('lists who got the text already, and accepts the others', async () => {
      const message = newText()
      const phones = Array.from({ length: 4 }, () => newPhone().local)
      const first = await send({ ...newBody(), phone: phones[2], message })
      const before = await ingest.countMessages()
      const answer = await sendBulk(phones, message)
      expect(answer).toMatchObject({
        accepted: 3,
        rejected: [{ index: 2, code: 'duplicate-message' }],
      })
      expect(answer.rejected[0]?.detail).toContain(idOf(first))
      expect(await ingest.countMessages()).toBe(before + 3)
      expect(await sendBulk(phones, message)).toMatchObject({ accepted: 0 })
    })

    test('is answered as the first time under its key', async () => {
      const message = newText()
      const phones = Array.from({ length: 3 }, () => newPhone().local)
      const idempotencyKey = randomUUID()
      const answers = await Promise.all(
        Array.from({ length: 5 }, () => sendBulk(phones, message, idempotencyKey)),
      )
      for (const { accepted, rejected } of answers) expect([accepted, rejected]).toEqual([3, []])
    })

    test('two at once share their numbers out, in whatever order they name them', async () => {
      const message = newText()
      const phones = Array.from({ length: 1_200 }, () => newPhone().local)
      const answers = await Promise.all([
        sendBulk(phones, message),
        sendBulk(phones.toReversed(), message),
      ])
      expect(answers[0].accepted + answers[1].accepted).toBe(1_200)
    })
  })
})

describe('unless set', () => {
  const cleanUp = cleanUpAfterAll()
  test('is off: nothing is remembered', async () => {
    const ingest = await startIngest('postgres', cleanUp)
    const body = newBody()
    await ingest.api.send(body)
    await ingest.api.send(body)
    expect(await ingest.stores.query('select from recent_text')).toEqual([])
  })
})
