import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { ImportResponse } from '@sms-gateway/contracts/opt-outs'
import { addApiKey } from '../../all-in-one/test-support/api-keys.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import { signIn } from '../../all-in-one/test-support/console.ts'
import { newPhone } from '../../all-in-one/test-support/people.ts'
import { expectProblem } from '../../all-in-one/test-support/problems.ts'
import { type Admin, SMS, startAdmin } from './support.ts'

const OPT_OUTS = `${SMS}/opt-outs`
const CONSENTS = `${SMS}/consents`

const cleanUp = cleanUpAfterAll()
let admin: Admin
beforeAll(async () => {
  admin = await startAdmin(cleanUp)
})
beforeEach(() => admin.stores.query('truncate opt_out, consent, permission_event'))

const send = (path: string, file: string | Uint8Array<ArrayBuffer>, type = 'text/csv') =>
  admin.api.call(`${path}/import`, { rawBody: file, headers: { 'content-type': type } })

async function load(path: string, file: string | Uint8Array<ArrayBuffer>): Promise<ImportResponse> {
  const answer = await send(path, file)
  expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 200 })
  return ImportResponse.parse(answer.json)
}

async function save(path: string): Promise<string> {
  const answer = await admin.api.call(`${path}/export`)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8')
  expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename=\S+\.csv$/)
  return answer.text
}

describe('a file of opt-outs', () => {
  test('comes in with its bad rows told by number, and they spoil no other', async () => {
    const [first, second, third] = [newPhone(), newPhone(), newPhone()]
    const file = [
      '\ufeffPhone,kind,reason,note',
      `${first.local},,,`,
      '12345,all,,',
      `${second.e164},marketing,"said ""no"", twice",x`,
      '',
      `${newPhone().local},everything,,`,
      ',all,,',
      `${first.e164},all,again,`,
      `"=1+1",all,,`,
      third.local.slice(1),
      third.local,
    ].join('\r\n')
    const answer = await load(OPT_OUTS, file)
    expect(answer).toMatchObject({ rows: 9, imported: 3, unchanged: 1, rejected: 5 })
    expect(answer.ignored_columns).toEqual(['note'])
    expect(answer.rejects.map(({ row, code }) => [row, code])).toEqual([
      [3, 'phone-invalid'],
      [6, 'row-invalid'],
      [7, 'row-invalid'],
      [9, 'phone-invalid'],
      [10, 'phone-invalid'],
    ])
    expect(JSON.stringify(answer)).not.toContain('12345')
    const { json } = await admin.api.call(OPT_OUTS)
    expect(json).toMatchObject({
      data: expect.arrayContaining([
        expect.objectContaining({
          phone: second.e164,
          kind: 'marketing',
          reason: 'said "no", twice',
          source: 'import',
        }),
      ]),
    })
    expect(await load(OPT_OUTS, file)).toMatchObject({ imported: 0, unchanged: 4 })
  })

  test('goes out and comes back as it was, whatever people wrote', async () => {
    const reasons = [
      '=HYPERLINK("http://x")',
      '+1',
      '@SUM(A1)',
      "'quoted",
      "'=1",
      '王小明, "a"',
      '-',
    ]
    const people = reasons.map((reason) => ({ reason, phone: newPhone().e164 }))
    for (const { phone, reason } of people) {
      await admin.api.call(`${OPT_OUTS}/${phone}`, { method: 'PUT', body: { reason } })
    }
    const file = await save(OPT_OUTS)
    for (const cell of file.split(/\r\n|,/)) expect(cell).not.toMatch(/^"?[=@]|^"?[+-](?!\d)/)
    const { json: before } = await admin.api.call(OPT_OUTS)
    await admin.stores.query('delete from opt_out')
    expect(await load(OPT_OUTS, file)).toMatchObject({ imported: people.length, rejected: 0 })
    const { json: after } = await admin.api.call(OPT_OUTS)
    const byPhone = (answer: unknown) =>
      (answer as { data: { phone: string }[] }).data.toSorted((a, b) =>
        a.phone < b.phone ? -1 : 1,
      )
    expect(byPhone(after)).toEqual(byPhone(before))
  })

  test('of many rows streams in and out', async () => {
    const rows = 2_600
    const phones = Array.from({ length: rows }, (_, index) => `09${String(20_000_000 + index)}`)
    const answer = await load(OPT_OUTS, `phone\n${phones.join('\n')}\n`)
    expect(answer).toMatchObject({ rows, imported: rows, rejected: 0 })
    const lines = (await save(OPT_OUTS)).trimEnd().split('\r\n').slice(1)
    const found = new Set(lines.map((line) => line.split(',')[0]))
    expect(found).toEqual(new Set(phones.map((phone) => `+886${phone.slice(1)}`)))
  })

  test.each([
    ['no row', ''],
    ['no column phone', 'number,kind\n0912345678,all\n'],
    ['a blank', ' \n \n'],
  ])('with %s is refused', async (_what, file) => {
    const answer = await send(OPT_OUTS, file)
    expectProblem(answer, 400, 'invalid-request')
  })

  test.each(['application/json', 'multipart/form-data', 'text/plain'])(
    'as %s is refused',
    async (type) => {
      expectProblem(await send(OPT_OUTS, 'phone\n', type), 415, 'unsupported-media-type')
    },
  )

  test('that is broken is told where, and what can be read of it counts', async () => {
    const [good, late] = [newPhone(), newPhone()]
    const hostile = [
      'phone,reason',
      `${good.local},fine`,
      `${newPhone().local},${'x'.repeat(30_000)}`,
      `${newPhone().local},a\0b`,
      `${late.local},fine`,
      `${newPhone().local},"never closed`,
      '0912000000,x',
    ].join('\n')
    const answer = await load(OPT_OUTS, hostile)
    expect(answer).toMatchObject({ imported: 2, rejected: 3 })
    expect(answer.rejects.map(({ row, code }) => [row, code])).toEqual([
      [3, 'row-invalid'],
      [4, 'row-invalid'],
      [6, 'row-unreadable'],
    ])
  })

  test('in Big5 has the rows told that nobody can read', async () => {
    const bytes = Buffer.concat([
      Buffer.from(`phone,reason\n${newPhone().local},`),
      Buffer.from([0xa4, 0xfd]),
      Buffer.from(`\n${newPhone().local},ok\n`),
    ])
    const answer = await load(OPT_OUTS, new Uint8Array(bytes))
    expect(answer).toMatchObject({ imported: 1, rejects: [{ row: 2, code: 'row-invalid' }] })
  })

  test('goes out masked to a page, whatever its reason holds', async () => {
    const { e164, local } = newPhone()
    const reason = `called from ${local.slice(0, 4)}-${local.slice(4, 7)}-${local.slice(7)}`
    await admin.api.call(`${OPT_OUTS}/${e164}`, { method: 'PUT', body: { reason } })
    const key = await addApiKey(admin.stores, { scopes: ['read', 'operate', 'privacy'] })
    const person = await signIn(admin.api, key)
    const { text } = await person.call(`${OPT_OUTS}/export`)
    expect(text).toContain(`${e164.slice(0, 7)}***${e164.slice(-3)},sms,all,operator,called from `)
    expect(text.replaceAll('-', '')).not.toContain(local)
    const inFull = await person.call(`${OPT_OUTS}/export`, { headers: { 'x-unmask': 'phone' } })
    expect(inFull.text).toContain(`${e164},sms,all,operator,${reason}`)
  })

  test('is audited once, without a number', async () => {
    const { local } = newPhone()
    await load(OPT_OUTS, `phone\n${local}\n`)
    await save(OPT_OUTS)
    const rows = await admin.stores.query<{ action: string; subject: string | null }>(
      'select action, subject from audit order by seq desc limit 2',
    )
    expect(rows).toEqual([
      { action: 'opt-out.export', subject: null },
      { action: 'opt-out.import', subject: null },
    ])
    expect(admin.log.join('\n')).not.toContain(local.slice(1))
  })
})

describe('a file of consents', () => {
  test('comes in with when it was said, in any order, and goes out again', async () => {
    const [agrees, revoked] = [newPhone(), newPhone()]
    const file = [
      'phone,kind,granted,source,wording_version,proof,at',
      `${revoked.local},marketing,FALSE,call,v1,,2026-03-01T09:00:00+08:00`,
      `${revoked.local},marketing,TRUE,form,v1,form 1,2026-01-01T09:00:00+08:00`,
      `${agrees.local},all,true,form,v1,'=form 2,2026-01-01T09:00:00+08:00`,
      `${newPhone().local},marketing,maybe,form,v1,,`,
      `${newPhone().local},marketing,true,form,v1,,2999-01-01T00:00:00Z`,
      `${newPhone().local},marketing,true,form,,,`,
    ].join('\n')
    const answer = await load(CONSENTS, file)
    expect(answer).toMatchObject({ rows: 6, imported: 3, rejected: 3 })
    expect(answer.rejects.map(({ row, detail }) => [row, detail.split(':')[0]])).toEqual([
      [5, 'granted'],
      [6, 'at'],
      [7, 'wording_version'],
    ])
    const { json } = await admin.api.call(`${CONSENTS}/${revoked.e164}`)
    expect(json).toMatchObject({
      marketing_consent: false,
      data: [{ kind: 'marketing' }, { kind: 'marketing' }],
    })
    expect(await load(CONSENTS, file)).toMatchObject({ imported: 0, unchanged: 3 })

    const saved = await save(CONSENTS)
    expect(saved).toContain(`${agrees.e164},sms,all,true,form,v1,'=form 2,2026-01-01T01:00:00.000Z`)
    await admin.stores.query('truncate consent, permission_event')
    expect(await load(CONSENTS, saved)).toMatchObject({ imported: 2, rejected: 0 })
    expect(await save(CONSENTS)).toBe(saved)
  })
})
