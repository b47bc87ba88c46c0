import { beforeAll, expect, test } from '@jest/globals'
import { RejectedRowsResponse } from '@sms-gateway/contracts/campaigns'
import { addApiKey } from '../test-support/api-keys.ts'
import { describeEachBackend } from '../test-support/backends.ts'
import type { Campaigns } from '../test-support/campaigns.ts'
import { createCampaigns, toCampaign } from '../test-support/campaigns.ts'
import { cleanUpAfterAll } from '../test-support/clean-up.ts'
import { newPhone, newText } from '../test-support/people.ts'
import { expectProblem } from '../test-support/problems.ts'
import { countTaken } from '../test-support/taken.ts'
import type { Gateway } from '../test-support/world.ts'
import { startGateway } from '../test-support/world.ts'

const PATH = '/api/v1/sms/campaigns'

describeEachBackend((backend) => {
  const cleanUp = cleanUpAfterAll()
  let gateway: Gateway
  let campaigns: Campaigns
  beforeAll(async () => {
    gateway = await startGateway(backend, cleanUp)
    campaigns = createCampaigns(gateway.url, gateway.api)
  })

  const people = (count: number) =>
    Array.from({ length: count }, () => ({ phone: newPhone().local }))
  const rejectsOf = async (id: string) => {
    const answer = await gateway.api.call(`${PATH}/${id}/rejects`)
    expect(answer.headers.get('content-type')).toMatch(/^text\/csv/)
    return answer.text.trim().split('\r\n')
  }

  test('sends to everybody once, and lists whom it could not take', async () => {
    const message = newText()
    const twice = newPhone()
    const recipients = [
      ...people(20),
      { phone: twice.local },
      { phone: twice.e164 },
      { phone: '0212345678' },
      { phone: 12 },
      'nobody',
    ]
    const accepted = await campaigns.create({ message, recipients })
    expect(accepted).toMatchObject({
      status: 'running',
      counts: { recipients: 21, rejected: 3, duplicates: 1, pending: 21, handed: 0 },
    })
    const ended = await campaigns.until(
      accepted.id,
      ({ status, counts }) => status === 'finished' && counts.by_status['delivered'] === 21,
    )
    expect(ended).toMatchObject({
      counts: { pending: 0, handed: 21, by_status: { delivered: 21 } },
      progress: { percent: 100 },
    })
    const taken = countTaken(gateway, `【幸福氣】${message}`)
    expect(taken.twilio + taken.chunghwa).toBe(21)
    const [header, ...rejects] = await rejectsOf(accepted.id)
    expect(header).toBe('row,code,detail')
    expect(rejects.map((line) => line.split(',').slice(0, 2))).toEqual([
      ['23', 'phone-invalid'],
      ['24', 'recipient-invalid'],
      ['25', 'recipient-invalid'],
    ])
    const page = async (query: string) =>
      RejectedRowsResponse.parse(
        (await gateway.api.call(`${PATH}/${accepted.id}/rejected-rows?${query}`)).json,
      )
    const first = await page('limit=2')
    expect(first.data.map(({ row, code }) => [row, code])).toEqual([
      [23, 'phone-invalid'],
      [24, 'recipient-invalid'],
    ])
    const second = await page(`limit=2&cursor=${first.next_cursor}`)
    expect(second).toMatchObject({ data: [{ row: 25 }], next_cursor: null })
  })

  test('is another API client’s to nobody, unless the key has admin', async () => {
    const { id } = await campaigns.create({
      draft: true,
      message: newText(),
      recipients: people(1),
    })
    const other = await addApiKey(gateway.stores, { scopes: ['send', 'read'] })
    const admin = await addApiKey(gateway.stores, { scopes: ['read', 'admin'] })
    const read = (path: string, key: string) => gateway.api.call(`${PATH}/${path}`, { key })
    expectProblem(await read(id, other), 404, 'campaign-not-found')
    expectProblem(await read(`${id}/rejects`, other), 404, 'campaign-not-found')
    expectProblem(await read(`${id}/rejected-rows`, other), 404, 'campaign-not-found')
    expectProblem(await campaigns.act(id, 'start', other), 404, 'campaign-not-found')
    expect((await gateway.api.call(PATH, { key: other })).json).toEqual({
      data: [],
      next_cursor: null,
    })
    expect((await read(id, admin)).status).toBe(200)
    expect((await campaigns.find(id)).status).toBe('draft')
  })

  test('an upload and a second click: a template, a draft, its start', async () => {
    const phones = [newPhone(), newPhone()] as const
    const file = Buffer.from(
      `\ufeff訂單;手機;time\r\nA1;${phones[0].local};14:30\r\nA2;${phones[1].local};\r\nA3;8.86912E+11;15:00\r\n`,
    )
    const parts = [
      ['file', file],
      ['column_map', JSON.stringify({ order_id: '訂單', delivery_time: 'time' })],
      ['draft', 'true'],
      ['name', 'orders'],
      ['message_type', 'order_confirmation'],
      ['template_code', 'order_confirmation'],
    ] as const
    const headers = { 'idempotency-key': `upload-${backend}` }
    const answer = await campaigns.upload(parts, headers)
    const draft = toCampaign(answer, 202)
    expect(draft).toMatchObject({ status: 'draft', counts: { recipients: 1, rejected: 2 } })
    const again = await campaigns.upload(parts, headers)
    expect(again).toMatchObject({ status: 202, text: answer.text })
    expect(again.headers.get('idempotency-replayed')).toBe('true')

    const started = await Promise.all([
      campaigns.act(draft.id, 'start'),
      campaigns.act(draft.id, 'start'),
    ])
    expect(started.map(({ status }) => status)).toEqual([200, 200])
    await campaigns.until(draft.id, ({ counts }) => counts.by_status['delivered'] === 1)
    expect((await campaigns.untilStatus(draft.id, 'finished')).run).toBe(1)
    expectProblem(await campaigns.act(draft.id, 'pause'), 409, 'campaign-state')
    expect((await rejectsOf(draft.id)).slice(1).map((line) => line.split(',').slice(0, 2))).toEqual(
      [
        ['3', 'template-variables-missing'],
        ['4', 'phone-invalid'],
      ],
    )
    expect(await gateway.stores.query('select from campaign_upload')).toEqual([])
  })
})
