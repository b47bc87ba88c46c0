import { setImmediate as nextTurn } from 'node:timers/promises'
import { beforeAll, expect, test } from '@jest/globals'
import type { Db } from '@sms-gateway/db/connect'
import { createTestDatabase } from '@sms-gateway/db/test-support/test-database'
import type { MessageId } from '@sms-gateway/domain/ids'
import { claim, idsOf, NOW, storeMessages, WORKER } from '../../../packages/db/test/support.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import { createAttemptWriter } from '../src/attempt-writer.ts'

const cleanUp = cleanUpAfterAll()
let db: Db
beforeAll(async () => {
  const database = await createTestDatabase()
  cleanUp(() => database.drop())
  db = database.db
})

test('the time of an attempt that waits behind a hanging batch counts from when it was asked for', async () => {
  const ids = idsOf(await storeMessages(db, 2))
  await claim(db, ids)
  const writer = createAttemptWriter(db, WORKER, new AbortController().signal)
  const open = (messageId: MessageId) =>
    writer.open({ messageId, number: 1, provider: 'twilio', workerId: WORKER, openedAt: NOW })
  const [first, second] = ids
  if (!first || !second) throw new Error('two were stored')

  const { opening, askedBy } = await db.transaction().execute(async (trx) => {
    await trx.selectFrom('message').select('id').where('id', '=', first).forUpdate().execute()
    const hanging = open(first)
    await nextTurn()
    const behind = open(second)
    const askedBy = performance.now()
    await nextTurn()
    return { opening: Promise.all([hanging, behind]), askedBy }
  })
  const [, opened] = await opening
  expect(opened.opened).toBe(true)
  expect(opened.askedAt).toBeLessThanOrEqual(askedBy)
  await writer.close()
})
