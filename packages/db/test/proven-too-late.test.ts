import { randomUUID } from 'node:crypto'
import { expect, test } from '@jest/globals'
import { countFailed, listFailed } from '@sms-gateway/db/retry-messages'
import { verifyLedger } from '@sms-gateway/db/verify-ledger'
import { onEachPostgres } from './on-each-postgres.ts'
import { DOUBT } from './outcomes.ts'
import {
  accepted,
  buildReceipt,
  createReference,
  IN_DOUBT,
  readMessage,
  receive,
  settle,
  submitMessage,
  type Submitted,
} from './support.ts'

const EXHAUSTED = { code: 'attempts-exhausted', detail: 'no attempt reached a provider' }

onEachPostgres((postgres) => {
  const receipt = ({ messageId, number }: Submitted) =>
    receive(
      postgres.db,
      buildReceipt(
        { reference: createReference(), status: 'delivered' },
        { attempt: { messageId, number } },
      ),
    )
  const lateAnswer = (submitted: Submitted) =>
    settle(postgres.db, submitted, accepted(createReference()), { kind: 'sent' })

  test.each([
    ['its receipt', receipt],
    ['the answer of its first worker', lateAnswer],
  ])('what failed and was taken, as %s says, is not sent again in bulk', async (_, prove) => {
    const { db } = postgres
    const clientId = randomUUID()
    const submitted = await submitMessage(db, { clientId })
    await settle(db, submitted, IN_DOUBT, DOUBT)
    const absent = { kind: 'absent' } as const
    const fail = { kind: 'fail', error: EXHAUSTED } as const
    await settle(db, submitted, absent, fail, { wasInDoubt: true })
    const { messageId } = submitted
    expect(await listFailed(db, { clientId }, 10)).toEqual([messageId])

    await prove(submitted)
    const marked = { status: 'failed', possible_duplicate: true, charged_milli: 500 }
    expect(await readMessage(db, messageId)).toMatchObject(marked)
    expect(await listFailed(db, { clientId }, 10)).toEqual([])
    expect(await countFailed(db, { clientId })).toBe(0)
    expect((await verifyLedger(db)).differences).toEqual([])
  })
})
