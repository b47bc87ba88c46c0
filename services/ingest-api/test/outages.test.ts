import { beforeAll, expect, test } from '@jest/globals'
import type { Answer } from '../../all-in-one/test-support/api.ts'
import { describeEachBackend } from '../../all-in-one/test-support/backends.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import type { Ingest } from '../../all-in-one/test-support/ingest.ts'
import { startIngest } from '../../all-in-one/test-support/ingest.ts'
import type { Link } from '../../all-in-one/test-support/link.ts'
import { openLink } from '../../all-in-one/test-support/link.ts'
import { newPhone, newText } from '../../all-in-one/test-support/people.ts'
import { expectProblem } from '../../all-in-one/test-support/problems.ts'
import { until } from '../../all-in-one/test-support/until.ts'

describeEachBackend((backend) => {
  const cleanUp = cleanUpAfterAll()
  let ingest: Ingest
  let postgres: Link
  let redis: Link | undefined
  beforeAll(async () => {
    ingest = await startIngest(backend, cleanUp, async ({ databaseUrl, redisUrl }) => {
      postgres = await openLink(databaseUrl)
      cleanUp(() => postgres.close())
      if (redisUrl === undefined) return { DATABASE_URL: postgres.url }
      const link = await openLink(redisUrl)
      cleanUp(() => link.close())
      redis = link
      return { DATABASE_URL: postgres.url, REDIS_URL: link.url }
    })
  })

  const send = (): Promise<Answer> =>
    ingest.api.call('/api/v1/sms/send', {
      body: { phone: newPhone().local, message: newText(), message_type: 'order_confirmation' },
    })

  test('answers 503, and does not hang, while PostgreSQL stands still', async () => {
    await ingest.stores.whileLocked('message', async () => {
      expectProblem(await send(), 503, 'database-unavailable')
    })
    expect((await send()).status).toBe(202)
  })

  test('answers 503 with Retry-After while PostgreSQL is away, and 202 again when it is back', async () => {
    expect((await send()).status).toBe(202)
    const before = await ingest.countMessages()
    await postgres.cut()
    const answers = await Promise.all(Array.from({ length: 20 }, send))
    for (const answer of answers) {
      expectProblem(answer, 503, 'database-unavailable')
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    }
    expect((await ingest.api.call('/healthz', { key: null })).status).toBe(200)
    const readiness = await until('it is not ready', async () => {
      const answer = await ingest.api.call('/readyz', { key: null })
      return answer.status === 503 && answer
    })
    expect(readiness.json).toMatchObject({ status: 'failing', checks: { database: 'failing' } })

    await postgres.mend()
    await until('a message is accepted again', async () => (await send()).status === 202)
    expect(await ingest.countMessages()).toBeGreaterThan(before)
    await until('it is ready again', async () => (await ingest.api.call('/readyz')).status === 200)
  })

  test('loses no message and no answer when its connections are ended in the middle of a rush', async () => {
    const before = await ingest.countMessages()
    const rush = Promise.all(Array.from({ length: 200 }, send))
    await ingest.stores.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name = 'ingest-api'`,
    )
    const answers = await rush
    const accepted = answers.filter(({ status }) => status === 202)
    const refused = answers.filter(({ status }) => status === 503)
    expect(accepted.length + refused.length).toBe(200)
    const after = await ingest.countMessages()
    // A commit whose answer was lost is one more row than 202s: the producer repeats it under its key.
    expect(after).toBeGreaterThanOrEqual(before + accepted.length)
    const ids = accepted.map(({ json }) => (json as { id: string }).id)
    const rows = await ingest.stores.query('select id from message where id = any($1::uuid[])', [
      ids,
    ])
    expect(rows).toHaveLength(accepted.length)
  })

  const testOnRedis = backend === 'redis' ? test : test.skip
  testOnRedis('is ready, and accepts, with PostgreSQL alone', async () => {
    await redis?.cut()
    const answers = await Promise.all(Array.from({ length: 20 }, send))
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202))
    expect((await ingest.api.call('/readyz', { key: null })).status).toBe(200)
    // That an outage costs the next ones nothing is proven where the queue is: lane-queues.test.ts.
    expect((await send()).status).toBe(202)

    await redis?.mend()
    await until('it rings by Redis again', async () => {
      const { json } = await send()
      const { id } = json as { id: string }
      return (await ingest.stores.dumpQueue()).includes(id)
    })
  })
})

const cleanUp = cleanUpAfterAll()

test('accepts nothing while SMS_ENABLED is false: 503 with Retry-After', async () => {
  const ingest = await startIngest('postgres', cleanUp, () => ({ SMS_ENABLED: 'false' }))
  const body = { phone: newPhone().local, message: newText(), message_type: 'otp' }
  const answer = await ingest.api.call('/api/v1/sms/send', { body })
  expectProblem(answer, 503, 'sending-disabled')
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(await ingest.countMessages()).toBe(0)
  expect((await ingest.api.call('/readyz', { key: null })).status).toBe(200)
})
