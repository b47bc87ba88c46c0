import { beforeAll, expect, test } from '@jest/globals'
import { AuditResponse } from '@sms-gateway/contracts/audit'
import { createAudit } from '@sms-gateway/db/audit'
import { verifyAudit } from '@sms-gateway/db/verify-audit'
import { addApiKey } from '../../all-in-one/test-support/api-keys.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import { newPhone } from '../../all-in-one/test-support/people.ts'
import { expectProblem } from '../../all-in-one/test-support/problems.ts'
import { type Admin, SMS, startAdmin } from './support.ts'

const cleanUp = cleanUpAfterAll()
let admin: Admin
let key: string
beforeAll(async () => {
  admin = await startAdmin(cleanUp)
  key = await addApiKey(admin.stores, { scopes: ['privacy'] })
})

const list = async (query: string, as = key) =>
  AuditResponse.parse((await admin.api.call(`${SMS}/audit?${query}`, { key: as })).json)

test('holds each change with its subject and its outcome', async () => {
  const template = { code: 'audited', name: 'Audited', content: '您好', variant: 'A' }
  const calls = [
    ['POST', '/templates', template],
    ['POST', '/templates', template],
    ['PUT', '/templates/audited', { variant: 'A', content: '再見' }],
    ['POST', '/templates/audited/rollback', { version: 1 }],
    ['DELETE', '/templates/audited', undefined],
    ['PUT', '/templates/0912345678', { variant: 'A' }],
    ['POST', '/providers/twilio/disable', { reason: 'a test' }],
    ['POST', '/providers/nobody/disable', {}],
    ['PUT', '/customers/C-7', { time_zone: 'Asia/Tokyo' }],
    ['PUT', '/customers/C-7', { time_zone: 'Mars/Olympus' }],
  ] as const
  for (const [method, path, body] of calls) await admin.api.call(SMS + path, { method, body })

  const { data } = await list('limit=10')
  const told = data
    .toReversed()
    .map(({ action, subject, outcome }) => [action, subject?.kind, subject?.id, outcome].join(' '))
  expect(told).toEqual([
    'template.create template audited ok',
    'template.create template audited template-exists',
    'template.change template audited ok',
    'template.rollback template audited ok',
    'template.delete template audited ok',
    'template.change   no-such-template',
    'provider.change provider twilio ok',
    'provider.change   provider-not-found',
    'customer.change customer C-7 ok',
    'customer.change customer C-7 time-zone-unknown',
  ])
  expect(new Set(data.map(({ key_id: id }) => id))).toEqual(new Set([admin.keyId]))
})

test('is read page by page and by filters, and who read it is in it', async () => {
  const entry = {
    at: new Date('2026-01-02T03:04:05Z'),
    clientId: null,
    keyId: null,
    requestId: null,
    outcome: 'ok',
  }
  const { local, e164 } = newPhone()
  await createAudit(admin.db, admin.vault).append(
    [1, 2, 3, 4, 5].map((n) => ({
      ...entry,
      action: 'test.page',
      subject: n === 3 ? { kind: 'recipient', phone: e164 } : { kind: 'test', id: `t${n}` },
    })),
  )
  const seen: string[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const page: AuditResponse = await list(
      `action=test.page&limit=2${cursor && `&cursor=${cursor}`}`,
    )
    seen.push(...page.data.map(({ subject }) => subject?.id ?? ''))
    cursor = page.next_cursor
  }
  expect(seen.map((id) => (id.length === 64 ? 'a hash' : id))).toEqual([
    ...['t5', 't4', 'a hash', 't2', 't1'],
  ])
  const ofPhone = (await list(`phone=${local}`)).data
  expect(ofPhone).toMatchObject([{ action: 'test.page', subject: { kind: 'recipient' } }])
  expect(JSON.stringify(ofPhone)).not.toContain(local.slice(1))
  const [asked] = (await list('limit=1')).data
  expect(asked).toMatchObject({ action: 'audit.read', subject: ofPhone[0]?.subject })

  const counts = await Promise.all(
    [
      ...['subject=t4', 'since=2026-01-02T03:04:05Z&until=2026-01-02T03:04:06Z', 'outcome=nothing'],
      ...[
        'until=2026-01-02T03:04:05Z',
        `client_id=${admin.keyId}`,
        `key_id=${admin.keyId}&limit=3`,
      ],
    ].map(async (query) => (await list(query)).data.length),
  )
  expect(counts).toEqual([1, 5, 0, 0, 0, 3])
  expect(await verifyAudit(admin.db, admin.vault)).toMatchObject({ kind: 'whole' })
})

test('is for admin and privacy alone', async () => {
  const others = await addApiKey(admin.stores, {
    scopes: ['send', 'read', 'templates', 'operate'],
  })
  const answer = await admin.api.call(`${SMS}/audit`, { key: others })
  expect(expectProblem(answer, 403, 'forbidden').detail).toContain('"admin" or "privacy"')
  const boss = await addApiKey(admin.stores, { scopes: ['admin'] })
  expect((await list('limit=1', boss)).data).toHaveLength(1)
})

test.each(['limit=0', 'cursor=x', 'client_id=x', 'since=yesterday', 'action=a%20b'])(
  'refuses %s',
  async (query) => {
    const answer = await admin.api.call(`${SMS}/audit?${query}`, { key })
    expectProblem(answer, 400, 'invalid-request')
  },
)

test('refuses what is no number', async () => {
  expectProblem(await admin.api.call(`${SMS}/audit?phone=12`, { key }), 422, 'phone-invalid')
})
