import { beforeAll, expect, test } from '@jest/globals'
import { connectDatabase } from '@sms-gateway/db/connect'
import { createVault } from '@sms-gateway/db/vault'
import { verifyAudit } from '@sms-gateway/db/verify-audit'
import { addApiKey } from '../../all-in-one/test-support/api-keys.ts'
import { describeEachBackend } from '../../all-in-one/test-support/backends.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import type { Ingest } from '../../all-in-one/test-support/ingest.ts'
import { startIngest } from '../../all-in-one/test-support/ingest.ts'
import { newPhone, newText } from '../../all-in-one/test-support/people.ts'
import { expectProblem } from '../../all-in-one/test-support/problems.ts'
import { baseVariables } from '../../all-in-one/test-support/settings.ts'

interface Row {
  action: string
  subject_kind: string | null
  subject: string | null
  request_id: string
  outcome: string
  key_id: string
  client_id: string
}

describeEachBackend((backend) => {
  const cleanUp = cleanUpAfterAll()
  let ingest: Ingest
  beforeAll(async () => {
    ingest = await startIngest(backend, cleanUp)
  })

  const send = () => ingest.api.send({ phone: newPhone().local, message: newText() })
  const path = (id: string) => `/api/v1/sms/messages/${id}`
  const readAudit = () => ingest.stores.query<Row>('select * from audit order by seq')

  test('holds who read and who cancelled a message, before the answer is there', async () => {
    const { id } = await send()
    const read = await ingest.api.call(path(id), { headers: { 'x-request-id': 'the-read' } })
    expect(read.status).toBe(200)
    const [row] = (await readAudit()).slice(-1)
    const [key] = await ingest.stores.query<Row>('select id as key_id, client_id from api_key')
    const about = { subject_kind: 'message', subject: id, outcome: 'ok', ...key }
    expect(row).toMatchObject({ action: 'message.read', request_id: 'the-read', ...about })

    await ingest.api.call(`${path(id)}/cancel`, { method: 'POST' })
    expect((await readAudit()).at(-1)).toMatchObject({ action: 'message.cancel', ...about })
  })

  test('holds what was refused, with its reason, and no number from a path', async () => {
    const { id } = await send()
    const other = await addApiKey(ingest.stores, { scopes: ['send', 'read'] })
    expectProblem(await ingest.api.call(path(id), { key: other }), 404, 'message-not-found')
    const { e164, local } = newPhone()
    expectProblem(await ingest.api.call(path(e164)), 404, 'message-not-found')
    expect((await readAudit()).slice(-2)).toMatchObject([
      { subject: id, outcome: 'message-not-found' },
      { subject: null, subject_kind: null, outcome: 'message-not-found' },
    ])
    expect(JSON.stringify(await readAudit())).not.toContain(local.slice(1))
  })

  test('is whole after 64 that read at once', async () => {
    const { id } = await send()
    const before = (await readAudit()).length
    const answers = await Promise.all(Array.from({ length: 64 }, () => ingest.api.call(path(id))))
    expect(answers.map(({ status }) => status)).toEqual(Array<number>(64).fill(200))
    const db = connectDatabase({ url: ingest.stores.databaseUrl, poolSize: 1 })
    const key = baseVariables(ingest.stores)['SMS_LOOKUP_KEY'] ?? ''
    const lookupKey = Buffer.from(key, 'base64')
    const vault = createVault({ encryptionKeys: [{ id: 'k1', key: lookupKey }], lookupKey })
    try {
      expect(await verifyAudit(db, vault)).toMatchObject({ kind: 'whole', rows: before + 64 })
    } finally {
      await db.destroy()
    }
  })

  test('that cannot be written is a 503, and gives nothing away', async () => {
    const { id, message } = await send()
    await ingest.stores.query('alter table audit rename to audit_away')
    const answer = await ingest.api.call(path(id))
    await ingest.stores.query('alter table audit_away rename to audit')
    expectProblem(answer, 503, 'audit-unavailable')
    expect(answer.headers.get('retry-after')).toBe('2')
    expect(answer.text).not.toContain(message)
    expect((await ingest.api.find(id)).message).toBe(message)
  })

  test('a request without a valid key leaves no row', async () => {
    const before = (await readAudit()).length
    expectProblem(await ingest.api.call(path('x'), { key: 'sk_wrong' }), 401, 'unauthorized')
    const sender = await addApiKey(ingest.stores, { scopes: ['send'] })
    expectProblem(await ingest.api.call(path('x'), { key: sender }), 403, 'forbidden')
    expect(await readAudit()).toHaveLength(before)
  })
})
