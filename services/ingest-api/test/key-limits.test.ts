import { beforeAll, expect, test } from '@jest/globals'
import type { Answer } from '../../all-in-one/test-support/api.ts'
import { createApi } from '../../all-in-one/test-support/api.ts'
import { addApiKey } from '../../all-in-one/test-support/api-keys.ts'
import { describeEachBackend } from '../../all-in-one/test-support/backends.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import { findFreePort } from '../../all-in-one/test-support/free-port.ts'
import type { Ingest } from '../../all-in-one/test-support/ingest.ts'
import { startIngest } from '../../all-in-one/test-support/ingest.ts'
import { newPhone, newText } from '../../all-in-one/test-support/people.ts'
import { expectProblem } from '../../all-in-one/test-support/problems.ts'
import { spawnService, whenReady } from '../../all-in-one/test-support/service-process.ts'
import { baseVariables } from '../../all-in-one/test-support/settings.ts'

const PROXIED = { TRUST_PROXY: '1' }

describeEachBackend((backend) => {
  const cleanUp = cleanUpAfterAll()
  let ingest: Ingest
  let apis: Ingest['api'][]
  beforeAll(async () => {
    ingest = await startIngest(backend, cleanUp, () => PROXIED)
    const port = await findFreePort()
    const url = `http://127.0.0.1:${port}`
    const variables = { ...baseVariables(ingest.stores), ...PROXIED, PORT: String(port) }
    await whenReady(spawnService('ingest-api', variables, cleanUp), url)
    apis = [ingest.api, createApi(url)]
  })

  const newKey = async (change: { rate?: number; addresses?: string[] }) => {
    const key = await addApiKey(ingest.stores, { scopes: ['send'] })
    await ingest.stores.query(
      `update api_key set rate_per_minute = $2, allowed_addresses = $3 where prefix = $1 and key_hash = sha256($4)`,
      [key.slice(0, 8), change.rate ?? null, change.addresses ?? [], Buffer.from(key)],
    )
    return key
  }
  const send = (api: Ingest['api'] | undefined, key: string, headers = {}): Promise<Answer> => {
    if (!api) throw new Error('there is no such process')
    const body = { phone: newPhone().local, message: newText(), message_type: 'otp' }
    return api.call('/api/v1/sms/send', { key, body, headers })
  }

  test('the limit of a key is exact over two processes', async () => {
    const key = await newKey({ rate: 25 })
    const before = await ingest.countMessages()
    const startedAt = performance.now()
    const answers = await Promise.all(Array.from({ length: 80 }, (_, n) => send(apis[n % 2], key)))
    const accepted = answers.filter(({ status }) => status === 202)
    const refused = answers.filter(({ status }) => status === 429)
    expect([accepted.length, refused.length]).toEqual([25, 55])
    expect(await ingest.countMessages()).toBe(before + 25)

    const left = accepted.map(({ headers }) => /r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1])
    expect(left.map(Number).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 25 }, (_, n) => n),
    )
    // The window began after that, however slow the machine: so much of its minute is over at the most.
    const passed = Math.ceil((performance.now() - startedAt) / 1_000)
    for (const answer of refused) {
      expectProblem(answer, 429, 'too-many-requests')
      expect(answer.headers.get('ratelimit-policy')).toBe('"key";q=25;w=60')
      const seconds = /^"key";r=0;t=(\d+)$/.exec(answer.headers.get('ratelimit') ?? '')?.[1]
      expect(answer.headers.get('retry-after')).toBe(seconds)
      expect(Number(seconds)).toBeGreaterThanOrEqual(60 - passed)
      expect(Number(seconds)).toBeLessThanOrEqual(60)
    }
  })

  test('keys do not share a limit, and one without a limit has no headers', async () => {
    const [one, two, free] = [
      await newKey({ rate: 1 }),
      await newKey({ rate: 1 }),
      await newKey({}),
    ]
    const statuses = async (key: string) => [
      (await send(apis[0], key)).status,
      (await send(apis[1], key)).status,
    ]
    expect([await statuses(one), await statuses(two)]).toEqual([
      [202, 429],
      [202, 429],
    ])
    const answer = await send(apis[0], free)
    expect([answer.status, answer.headers.get('ratelimit')]).toEqual([202, null])
  })

  test('behind a proxy the address is what the proxy says, and no further', async () => {
    const key = await newKey({ addresses: ['198.51.100.0/24', '2001:db8:1::/48'] })
    const from = (address: string) => send(apis[0], key, { 'x-forwarded-for': address })
    expect((await from('198.51.100.77')).status).toBe(202)
    expect((await from('2001:db8:1::5')).status).toBe(202)
    // What the caller itself has put there stands before what the proxy adds.
    expect((await from('10.0.0.1, 198.51.100.77')).status).toBe(202)
    for (const address of ['198.51.101.1', '2001:db8:2::5', '198.51.100.77, 10.0.0.1']) {
      expectProblem(await from(address), 403, 'address-not-allowed')
    }
    expectProblem(await send(apis[0], key), 403, 'address-not-allowed')
  })
})
