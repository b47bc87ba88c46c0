import { expect, test } from '@jest/globals'
import { onEachPostgres } from './on-each-postgres.ts'
import {
  accepted,
  after,
  buildReceipt,
  claim,
  createReference,
  DOUBT_ERROR,
  IN_DOUBT,
  NOW,
  openAttempt,
  parkUntil,
  readAttempt,
  readMessage,
  receive,
  settle,
  submitMessage,
} from './support.ts'

onEachPostgres((postgres) => {
  test('a receipt of a submission that was given up for absent, after the next one was taken, marks the message', async () => {
    const { db } = postgres
    const first = await submitMessage(db)
    await settle(db, first, IN_DOUBT, { kind: 'doubt', checkAt: after(6), error: DOUBT_ERROR })
    await settle(db, first, { kind: 'absent' }, parkUntil(NOW), { wasInDoubt: true })
    await claim(db, [first.messageId])
    const second = await openAttempt(db, first.message, 2)
    await settle(db, second, accepted(createReference()), { kind: 'sent' })
    expect(await readMessage(db, first.messageId)).toMatchObject({ possible_duplicate: false })

    const report = { reference: createReference(), status: 'sent' } as const
    await receive(db, buildReceipt(report, { attempt: first }))
    expect(await readAttempt(db, first)).toMatchObject({ state: 'accepted' })
    expect(await readMessage(db, first.messageId)).toMatchObject({
      status: 'sent',
      possible_duplicate: true,
    })
  })

  test('a receipt of the newest submission marks nothing', async () => {
    const { db } = postgres
    const attempt = await submitMessage(db)
    const report = { reference: createReference(), status: 'sent' } as const
    await receive(db, buildReceipt(report, { attempt }))
    expect(await readMessage(db, attempt.messageId)).toMatchObject({
      status: 'sent',
      possible_duplicate: false,
    })
  })
})
