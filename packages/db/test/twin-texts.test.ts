import { beforeEach, expect, test } from '@jest/globals'
import { claimReference } from '@sms-gateway/db/claim-reference'
import { claimDoubts, hasOpenTwin } from '@sms-gateway/db/doubts'
import type { AttemptKey } from '@sms-gateway/domain/ids'
import { Phone } from '@sms-gateway/domain/phone'
import { onEachPostgres } from './on-each-postgres.ts'
import {
  accepted,
  after,
  buildReceipt,
  createReference,
  DOUBT_ERROR,
  emptyTables,
  IN_DOUBT,
  readAttempt,
  readMessage,
  readReferences,
  receive,
  settle,
  submitMessage,
  vault,
} from './support.ts'

const phone = Phone.parse('+886912345678')

/** The same text to the same number: by looking up nobody can tell one from the other. */
onEachPostgres((postgres) => {
  beforeEach(() => emptyTables(postgres.db))

  const submit = () => submitMessage(postgres.db, { phone, text: '【幸福氣】同一則' })
  const doubt = async () => {
    const attempt = await submit()
    const step = { kind: 'doubt', checkAt: after(6), error: DOUBT_ERROR } as const
    await settle(postgres.db, attempt, IN_DOUBT, step)
    return attempt
  }
  const find = (attempt: AttemptKey, reference: string) =>
    claimReference(postgres.db, attempt, { provider: 'twilio', reference }, after(7))

  test('a receipt that names a doubt whose id its twin has found leaves the doubt to be looked up', async () => {
    const { db } = postgres
    const [one, other] = [await doubt(), await doubt()]
    const reference = createReference()
    expect(await find(one, reference)).toBe(true)
    await settle(db, one, accepted(reference), { kind: 'sent' }, { wasInDoubt: true })

    const report = { reference, status: 'delivered' } as const
    await receive(db, buildReceipt(report, { attempt: other }))

    expect(await readMessage(db, one.messageId)).toMatchObject({ status: 'delivered' })
    expect(await readMessage(db, other.messageId)).toMatchObject({
      status: 'sending',
      in_doubt: true,
    })
    expect(await readAttempt(db, other)).toMatchObject({ state: 'in_doubt', check_at: after(6) })
    expect(await claimDoubts(db, vault, after(8), 10)).toMatchObject([
      { messageId: other.messageId },
    ])
  })

  test('a receipt still settles the doubt whose id is its own', async () => {
    const { db } = postgres
    const attempt = await doubt()
    const reference = createReference()
    expect(await find(attempt, reference)).toBe(true)
    await receive(db, buildReceipt({ reference, status: 'sent' }, { attempt }))
    expect(await readAttempt(db, attempt)).toMatchObject({ state: 'accepted' })
    expect(await readMessage(db, attempt.messageId)).toMatchObject({ status: 'sent' })
    expect(await readReferences(db, attempt.messageId)).toHaveLength(1)
  })

  test('what a look-up finds may be the twin that is just being submitted', async () => {
    const { db } = postgres
    const one = await doubt()
    expect(await hasOpenTwin(db, one.messageId)).toBe(false)

    const other = await submit()
    expect(await hasOpenTwin(db, one.messageId)).toBe(true)
    expect(await hasOpenTwin(db, other.messageId)).toBe(false)

    const reference = createReference()
    await settle(db, other, accepted(reference), { kind: 'sent' })
    expect(await hasOpenTwin(db, one.messageId)).toBe(false)
    expect(await find(one, reference)).toBe(false)
  })

  test('a message to another number is no twin', async () => {
    const one = await doubt()
    await submitMessage(postgres.db)
    expect(await hasOpenTwin(postgres.db, one.messageId)).toBe(false)
  })
})
