import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from '@jest/globals'
import { BulkResponse } from '@sms-gateway/contracts/bulk-request'
import { describeEachBackend } from '../../all-in-one/test-support/backends.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import type { Ingest } from '../../all-in-one/test-support/ingest.ts'
import { startIngest } from '../../all-in-one/test-support/ingest.ts'
import { newPhone, newText } from '../../all-in-one/test-support/people.ts'
import { expectProblem } from '../../all-in-one/test-support/problems.ts'

const BULK = '/api/v1/sms/bulk'
const TYPE = { message_type: 'delivery_notice' }

describeEachBackend((backend) => {
  const cleanUp = cleanUpAfterAll()
  let ingest: Ingest
  beforeAll(async () => {
    ingest = await startIngest(backend, cleanUp)
  })

  const post = (body: unknown, headers = {}) => ingest.api.call(BULK, { body, headers })
  const accept = async (body: unknown) => {
    const answer = await post(body)
    expect(answer.status).toBe(202)
    return BulkResponse.parse(answer.json)
  }
  const rowsOf = (batchId: string) =>
    ingest.stores.query<{ status: string; lane: string; template_code: string | null }>(
      'select status, lane, template_code from message where batch_id = $1',
      [batchId],
    )

  test('takes the good recipients, and lists the bad ones with their place and reason', async () => {
    const twice = newPhone()
    const { batch_id: id, ...answer } = await accept({
      ...TYPE,
      message: newText(),
      recipients: [
        { phone: newPhone().local },
        { phone: '0912' },
        { phone: 912345678 },
        'hello',
        { phone: newPhone().local, data: { eta: '5' } },
        { phone: newPhone().local, mobile: '1' },
        { phone: twice.local },
        { phone: twice.e164 },
        { phone: '+14155552671' },
        null,
      ],
    })
    expect(answer.accepted).toBe(2)
    expect(answer.rejected.map(({ index, code }) => [index, code])).toEqual([
      [1, 'phone-invalid'],
      [2, 'recipient-invalid'],
      [3, 'recipient-invalid'],
      [4, 'recipient-invalid'],
      [5, 'recipient-invalid'],
      [7, 'recipient-repeated'],
      [8, 'country-not-allowed'],
      [9, 'recipient-invalid'],
    ])
    for (const { detail } of answer.rejected) expect(detail).toMatch(/\.$/)
    expect(await rowsOf(id)).toEqual([
      { status: 'queued', lane: 'bulk', template_code: null },
      { status: 'queued', lane: 'bulk', template_code: null },
    ])
  })

  test('fills a template for each recipient, and says whose values are missing', async () => {
    const data = { order_id: 'A1', driver_name: '王', eta: '10 分鐘' }
    const { batch_id: id, ...answer } = await accept({
      ...TYPE,
      template_code: 'out_for_delivery',
      recipients: [
        { phone: newPhone().local, data },
        { phone: newPhone().local, data: { order_id: 'A2' } },
      ],
    })
    expect(answer).toMatchObject({
      accepted: 1,
      rejected: [{ index: 1, code: 'template-variables-missing' }],
    })
    expect(answer.rejected[0]?.detail).toContain('eta')
    expect(await rowsOf(id)).toMatchObject([{ template_code: 'out_for_delivery' }])
  })

  test('names the batch in each message, and keeps a given priority', async () => {
    const phone = newPhone().local
    const body = { ...TYPE, message: newText(), priority: 'normal', recipients: [{ phone }] }
    const { batch_id: id } = await accept(body)
    const [row] = await ingest.stores.query<{ id: string }>(
      'select id from message where batch_id = $1',
      [id],
    )
    expect(await ingest.api.find(row?.id ?? '')).toMatchObject({ batch_id: id, priority: 'normal' })
  })

  test('takes 10,000 recipients, all or none, and no more', async () => {
    const recipients = Array.from({ length: 10_000 }, () => ({ phone: newPhone().local }))
    const { batch_id: id, accepted } = await accept({ ...TYPE, message: newText(), recipients })
    expect(accepted).toBe(10_000)
    expect(await rowsOf(id)).toHaveLength(10_000)
    const more = [...recipients, { phone: newPhone().local }]
    const before = await ingest.countMessages()
    const answer = await post({ ...TYPE, message: newText(), recipients: more })
    expectProblem(answer, 400, 'invalid-request')
    expect(await ingest.countMessages()).toBe(before)
  })

  test('makes one batch of ten requests at once under one key', async () => {
    const recipients = Array.from({ length: 600 }, () => ({ phone: newPhone().local }))
    const body = { ...TYPE, message: newText(), recipients }
    const headers = { 'idempotency-key': randomUUID() }
    const before = await ingest.countMessages()
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(body, headers)))
    expect(await ingest.countMessages()).toBe(before + 600)
    const texts = answers.filter(({ status }) => status === 202).map(({ text }) => text)
    expect(new Set(texts).size).toBe(1)
    const reused = await post({ ...body, message: newText() }, headers)
    expectProblem(reused, 409, 'idempotency-key-reused')
  })

  test.each([
    ['no recipients', { ...TYPE, message: 'a', recipients: [] }],
    ['recipients that are no list', { ...TYPE, message: 'a', recipients: { phone: '1' } }],
    ['no text', { ...TYPE, recipients: [{ phone: '0912345678' }] }],
    [
      'a text and a template',
      { ...TYPE, message: 'a', template_code: 'b', recipients: [{ phone: '0912345678' }] },
    ],
    ['an unknown field', { ...TYPE, message: 'a', recipients: [{}], phones: [] }],
  ])('answers 400 to %s', async (_, body) => {
    const before = await ingest.countMessages()
    expectProblem(await post(body), 400, 'invalid-request')
    expect(await ingest.countMessages()).toBe(before)
  })

  test('answers 422 to metadata that each of its messages would keep a copy of', async () => {
    const before = await ingest.countMessages()
    const metadata = { note: 'x'.repeat(4_086) }
    const recipients = [{ phone: newPhone().local }, { phone: newPhone().local }]
    const answer = await post({ ...TYPE, message: newText(), recipients, metadata })
    expectProblem(answer, 422, 'metadata-too-large')
    expect(await ingest.countMessages()).toBe(before)
  })

  test('answers 413 to more than 8 MiB', async () => {
    const rawBody = `{"recipients":[${'"x",'.repeat(2_200_000)}"x"]}`
    expectProblem(await ingest.api.call(BULK, { rawBody }), 413, 'body-too-large')
  })
})
