import { beforeAll, expect, test } from '@jest/globals'
import { MessageResponse } from '@sms-gateway/contracts/message-response'
import { addApiKey } from '../../all-in-one/test-support/api-keys.ts'
import { describeEachBackend } from '../../all-in-one/test-support/backends.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import type { Ingest } from '../../all-in-one/test-support/ingest.ts'
import { startIngest } from '../../all-in-one/test-support/ingest.ts'
import { newPhone, newText } from '../../all-in-one/test-support/people.ts'
import { expectProblem } from '../../all-in-one/test-support/problems.ts'

describeEachBackend((backend) => {
  const cleanUp = cleanUpAfterAll()
  let ingest: Ingest
  beforeAll(async () => {
    ingest = await startIngest(backend, cleanUp)
  })

  const send = (change: Record<string, unknown> = {}) =>
    ingest.api.send({ phone: newPhone().local, message: newText(), ...change })
  const cancel = (id: string, key?: string) =>
    ingest.api.call(`/api/v1/sms/messages/${id}/cancel`, {
      method: 'POST',
      ...(key !== undefined && { key }),
    })
  const find = (id: string, key: string) => ingest.api.call(`/api/v1/sms/messages/${id}`, { key })

  test.each([
    ['queued', {}],
    ['scheduled', { schedule_at: new Date(Date.now() + 3_600_000).toISOString() }],
  ])('cancels a message that is %s; a second time changes nothing', async (status, change) => {
    const message = await send(change)
    expect(message.status).toBe(status)
    const answer = await cancel(message.id)
    expect(answer.status).toBe(200)
    const cancelled = MessageResponse.parse(answer.json)
    expect(cancelled).toMatchObject({ id: message.id, status: 'cancelled' })
    expect(cancelled.events.at(-1)).toMatchObject({ status: 'cancelled' })
    expect(await cancel(message.id)).toMatchObject({ status: 200, text: answer.text })
  })

  test.each(['sending', 'sent', 'delivered', 'failed', 'expired'])(
    'answers 409 for a message that is %s, and leaves it alone',
    async (status) => {
      const { id } = await send()
      await ingest.stores.query('update message set status = $2 where id = $1', [id, status])
      expectProblem(await cancel(id), 409, 'message-not-cancellable')
      expect(await ingest.api.find(id)).toMatchObject({ status })
    },
  )

  test('shows and cancels for a client its own messages alone, unless its key has admin', async () => {
    const { id } = await send()
    const other = await addApiKey(ingest.stores, { scopes: ['send', 'read'] })
    const admin = await addApiKey(ingest.stores, { scopes: ['send', 'read', 'admin'] })
    expectProblem(await find(id, other), 404, 'message-not-found')
    expectProblem(await cancel(id, other), 404, 'message-not-found')
    expect((await ingest.api.find(id)).status).toBe('queued')
    expect((await find(id, admin)).status).toBe(200)
    expect((await cancel(id, admin)).status).toBe(200)
  })

  test('shows two keys of one client the same messages', async () => {
    const client = 'one client with two keys'
    const keys = [
      await addApiKey(ingest.stores, { client, scopes: ['send', 'read'] }),
      await addApiKey(ingest.stores, { client, scopes: ['send', 'read'] }),
    ] as const
    const answer = await ingest.api.call('/api/v1/sms/send', {
      key: keys[0],
      body: { phone: newPhone().local, message: newText(), message_type: 'otp' },
    })
    const { id } = MessageResponse.parse(answer.json)
    expect((await find(id, keys[1])).status).toBe(200)
  })

  test('finds a message by its id in capitals', async () => {
    const { id } = await send()
    expect((await ingest.api.find(id.toUpperCase())).id).toBe(id)
  })
})
