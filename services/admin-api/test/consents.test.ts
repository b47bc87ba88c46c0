import { beforeAll, describe, expect, test } from '@jest/globals'
import { ConsentResponse, ConsentsResponse } from '@sms-gateway/contracts/consents'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import { newPhone } from '../../all-in-one/test-support/people.ts'
import { expectProblem } from '../../all-in-one/test-support/problems.ts'
import { type Admin, SMS, startAdmin } from './support.ts'

const GRANTED = {
  kind: 'marketing',
  granted: true,
  source: 'web form',
  wording_version: '2026-01',
  proof: 'form 4711, 王小明',
}

const cleanUp = cleanUpAfterAll()
let admin: Admin
beforeAll(async () => {
  admin = await startAdmin(cleanUp)
})

const put = (phone: string, body: unknown) =>
  admin.api.call(`${SMS}/consents/${phone}`, { method: 'PUT', body })

async function read(phone: string, query = ''): Promise<ConsentsResponse> {
  const answer = await admin.api.call(`${SMS}/consents/${phone}${query}`)
  expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 200 })
  return ConsentsResponse.parse(answer.json)
}

describe('a consent', () => {
  test('stands with all that proves it, and its history stays', async () => {
    const { local, e164 } = newPhone()
    expect(await read(local)).toEqual({
      phone: e164,
      marketing_consent: null,
      opt_outs: [],
      consents: [],
      data: [],
      next_cursor: null,
    })
    const answer = await put(local, GRANTED)
    expect(answer.status).toBe(200)
    expect(ConsentResponse.parse(answer.json)).toMatchObject({ phone: e164, ...GRANTED })
    await put(e164, {
      kind: 'marketing',
      granted: false,
      source: 'call',
      wording_version: '2026-01',
    })
    await admin.api.call(`${SMS}/opt-outs/${e164}`, { method: 'PUT', body: { reason: 'call' } })

    const now = await read(e164)
    expect(now).toMatchObject({ marketing_consent: false, opt_outs: ['all'], next_cursor: null })
    expect(now.consents).toMatchObject([{ granted: false, source: 'call', proof: null }])
    expect(now.data).toMatchObject([
      { change: 'opted-out', kind: 'all', source: 'operator', reason: 'call' },
      { change: 'consent-revoked', source: 'call', actor: admin.keyId },
      {
        change: 'consent-granted',
        source: 'web form',
        wording_version: '2026-01',
        proof: GRANTED.proof,
        actor: admin.keyId,
      },
    ])
  })

  test('put again, as after an answer that was lost, is one line of the history', async () => {
    const { e164 } = newPhone()
    const first = await put(e164, GRANTED)
    const second = await put(e164, GRANTED)
    expect(second.json).toEqual(first.json)
    expect((await read(e164)).data).toHaveLength(1)
  })

  test('has a history in pages', async () => {
    const { e164 } = newPhone()
    for (const version of ['1', '2', '3']) {
      await put(e164, { ...GRANTED, wording_version: version })
    }
    const first = await read(e164, '?limit=2')
    const second = await read(e164, `?limit=2&cursor=${first.next_cursor}`)
    const versions = [...first.data, ...second.data].map(({ wording_version: version }) => version)
    expect(versions).toEqual(['3', '2', '1'])
    expect(second.next_cursor).toBeNull()
  })

  test.each([
    [{ ...GRANTED, granted: 'yes' }],
    [{ ...GRANTED, kind: undefined }],
    [{ ...GRANTED, wording_version: '' }],
    [{ ...GRANTED, source: 'x'.repeat(101) }],
    [{ ...GRANTED, proof: 'x'.repeat(2_001) }],
    [{ ...GRANTED, at: '2026-01-01T00:00:00Z' }],
    [undefined],
  ])('is refused with the body %j', async (body) => {
    expectProblem(await put(newPhone().e164, body), 400, 'invalid-request')
  })

  test('of what is no number is refused', async () => {
    expectProblem(await put('1234', GRANTED), 422, 'phone-invalid')
    expectProblem(await admin.api.call(`${SMS}/consents/1234`), 422, 'phone-invalid')
    expectProblem(
      await admin.api.call(`${SMS}/consents/${newPhone().e164}?cursor=x`),
      400,
      'invalid-request',
    )
  })

  test('is audited, and neither number nor proof is in a log or in the clear', async () => {
    const { e164 } = newPhone()
    await put(e164, { ...GRANTED, proof: 'a-proof-to-find' })
    await read(e164)
    const hash = admin.vault.hash(e164).toString('hex')
    const rows = await admin.stores.query<{ action: string }>(
      'select action from audit where subject = $1 order by seq',
      [hash],
    )
    expect(rows.map(({ action }) => action)).toEqual(['consent.record', 'consent.read'])
    const traces = [admin.log.join('\n'), await admin.stores.dumpTables()]
    for (const trace of traces) {
      expect(trace).not.toContain(e164.slice(4))
      expect(trace).not.toContain('a-proof-to-find')
    }
  })
})
