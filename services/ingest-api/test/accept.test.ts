import { beforeAll, expect, test } from '@jest/globals'
import { MessageResponse } from '@sms-gateway/contracts/message-response'
import { describeEachBackend } from '../../all-in-one/test-support/backends.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import type { Ingest } from '../../all-in-one/test-support/ingest.ts'
import { startIngest } from '../../all-in-one/test-support/ingest.ts'
import { newPhone, newText } from '../../all-in-one/test-support/people.ts'
import { until } from '../../all-in-one/test-support/until.ts'

interface Row {
  status: string
  lane: string
  encoding: string
  segments: number
  recipient_hash: Buffer
  expires_at: Date
  created_at: Date
}

describeEachBackend((backend) => {
  const cleanUp = cleanUpAfterAll()
  let ingest: Ingest
  beforeAll(async () => {
    ingest = await startIngest(backend, cleanUp)
  })

  const readRow = async (id: string) => {
    const [row] = await ingest.stores.query<Row>('select * from message where id = $1', [id])
    if (!row) throw new Error('there is no row')
    return row
  }

  test('answers 202 with every field of the message', async () => {
    const { local, e164 } = newPhone()
    const answer = await ingest.api.call('/api/v1/sms/send', {
      body: {
        phone: local,
        message: 'Your order is confirmed',
        message_type: 'order_confirmation',
        customer_id: 'C-77',
        channel: 'sms',
        priority: 'bulk',
        media_urls: ['https://luckygas.tw/a.png'],
        metadata: { order: { id: 7, tags: ['a'] } },
      },
    })
    expect(answer.status).toBe(202)
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
    expect(answer.headers.get('x-request-id')).toBeTruthy()
    const message = MessageResponse.parse(answer.json)
    const { created_at: createdAt } = message
    expect(message).toEqual({
      id: expect.any(String),
      status: 'queued',
      phone: e164,
      channel: 'sms',
      message_type: 'order_confirmation',
      customer_id: 'C-77',
      template_code: null,
      variant: null,
      message: '【幸福氣】Your order is confirmed',
      encoding: 'UCS-2',
      segments: 1,
      cost: { amount: '0.50', currency: 'TWD' },
      provider: null,
      provider_message_id: null,
      attempts: 0,
      priority: 'bulk',
      not_before: null,
      hold_reason: null,
      schedule_at: null,
      expires_at: new Date(Date.parse(createdAt) + 24 * 3_600_000).toISOString(),
      in_doubt: false,
      possible_duplicate: false,
      campaign_id: null,
      batch_id: null,
      metadata: { order: { id: 7, tags: ['a'] } },
      media_urls: ['https://luckygas.tw/a.png'],
      warnings: [{ code: 'media-not-sent', detail: expect.any(String) }],
      error: null,
      created_at: createdAt,
      updated_at: createdAt,
      events: [
        { status: 'accepted', at: createdAt },
        { status: 'queued', at: createdAt },
      ],
    })
    expect(await ingest.api.find(message.id)).toEqual(message)
  })

  test('has committed the message, sealed, before it answers', async () => {
    const { local, e164 } = newPhone()
    const text = newText()
    const customer = 'customer-of-the-row'
    const message = await ingest.api.send({ phone: local, message: text, customer_id: customer })
    expect(await readRow(message.id)).toMatchObject({
      status: 'queued',
      lane: 'normal',
      encoding: 'UCS-2',
      segments: 1,
    })
    expect((await readRow(message.id)).recipient_hash).toHaveLength(32)
    const everything = await ingest.stores.dumpTables()
    expect(everything).toContain(message.id)
    for (const secret of [local, e164, local.slice(1), text]) {
      expect(everything).not.toContain(secret)
      expect(everything).not.toContain(Buffer.from(secret).toString('hex'))
    }
  })

  test('finds a number by the same hash however it is written, and no other', async () => {
    const { local, e164 } = newPhone()
    const spaced = `${local.slice(0, 4)} ${local.slice(4, 7)}-${local.slice(7)}`
    const ids = await Promise.all(
      [local, e164, spaced].map(async (phone) => {
        const { id, phone: shown } = await ingest.api.send({ phone, message: newText() })
        expect(shown).toBe(e164)
        return id
      }),
    )
    const hashes = await Promise.all(ids.map(async (id) => (await readRow(id)).recipient_hash))
    expect(new Set(hashes.map((hash) => hash.toString('hex'))).size).toBe(1)
    const other = await ingest.api.send({ phone: newPhone().local, message: newText() })
    expect((await readRow(other.id)).recipient_hash).not.toEqual(hashes[0])
  })

  test('rings by id alone: the queue knows no number and no text', async () => {
    const { local, e164 } = newPhone()
    const text = newText()
    const body = { phone: local, message: text, message_type: 'otp' }
    // What the queue is too slow for is left to the sweeper, and there is none here: the next one is rung for.
    const queue = await until('one is rung for', async () => {
      const { id } = await ingest.api.send(body)
      const dumped = await ingest.stores.dumpQueue()
      // A job's data is JSON, once or twice over, as the store has it.
      const jobs = dumped.replaceAll(/[\\"\s]/g, '').match(/\{ids:\[[^\]]*\]\}/g)
      return jobs?.includes(`{ids:[${id}]}`) && dumped
    })
    expect(queue).toContain('dispatch-urgent')
    for (const secret of [local, e164, local.slice(1), text]) expect(queue).not.toContain(secret)
  })

  test('holds a message with a time to go, and rings for nobody', async () => {
    const scheduleAt = new Date(Date.now() + 3_600_000)
    const message = await ingest.api.send({
      phone: newPhone().local,
      message: newText(),
      // Another offset is the same moment.
      schedule_at: scheduleAt.toISOString().replace('Z', '+00:00'),
    })
    expect(message).toMatchObject({
      status: 'scheduled',
      schedule_at: scheduleAt.toISOString(),
      not_before: scheduleAt.toISOString(),
      expires_at: new Date(scheduleAt.getTime() + 24 * 3_600_000).toISOString(),
    })
    expect(message.events.map(({ status }) => status)).toEqual(['accepted', 'scheduled'])
    expect(await readRow(message.id)).toMatchObject({ status: 'scheduled' })
    expect(await ingest.stores.dumpQueue()).not.toContain(message.id)
  })

  test('gives an otp ten minutes and the urgent lane, whatever its priority', async () => {
    const message = await ingest.api.send({
      phone: newPhone().local,
      message: newText(),
      message_type: 'otp',
      priority: 'bulk',
    })
    expect(message.priority).toBe('urgent')
    expect(Date.parse(message.expires_at) - Date.parse(message.created_at)).toBe(600_000)
  })

  test.each([
    ['a text without it', '瓦斯已送達', '【幸福氣】瓦斯已送達'],
    ['a text that begins with it', '【幸福氣】瓦斯已送達', '【幸福氣】瓦斯已送達'],
    ['a text that bears it elsewhere', '您好【幸福氣】', '您好【幸福氣】'],
  ])('puts the sender identity once: %s', async (_, message, sent) => {
    const answer = await ingest.api.send({ phone: newPhone().local, message })
    expect(answer.message).toBe(sent)
  })

  test('warns of what carriers block, and accepts it', async () => {
    const message = '請至 https://example.com 付款 1234567890'
    const { warnings } = await ingest.api.send({ phone: newPhone().local, message })
    expect(warnings.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['ten-digits', 'unregistered-link']),
    )
  })

  test('commits 300 that come together in few transactions, each with its own row', async () => {
    const transactions = await until(
      '300 come together, on a machine that is busy too',
      async () => {
        const count = await commitTogether(300)
        return count < 100 && count
      },
    )
    expect(transactions).toBeGreaterThan(0)
  })

  /** In how many transactions. */
  async function commitTogether(count: number): Promise<number> {
    const before = await ingest.countMessages()
    const texts = Array.from({ length: count }, () => newText())
    const messages = await Promise.all(
      texts.map((text) => ingest.api.send({ phone: newPhone().local, message: text })),
    )
    expect(await ingest.countMessages()).toBe(before + count)
    const ids = messages.map(({ id }) => id)
    expect(new Set(ids).size).toBe(count)
    expect(messages.map(({ message }) => message)).toEqual(texts.map((text) => `【幸福氣】${text}`))
    // Nothing has touched the rows since: xmin is the transaction that wrote them.
    const [row] = await ingest.stores.query<{ transactions: number }>(
      `select count(distinct xmin::text)::int as transactions from message where id = any($1::uuid[])`,
      [ids],
    )
    return row?.transactions ?? 0
  }
})
