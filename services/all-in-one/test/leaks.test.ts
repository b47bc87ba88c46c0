import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { NewApiKeyResponse } from '@sms-gateway/contracts/api-keys'
import { makeTestFolder } from '@sms-gateway/db/test-support/test-folder'
import { describeEachBackend } from '../test-support/backends.ts'
import { cleanUpAfterAll } from '../test-support/clean-up.ts'
import { findByFetch, sendByFetch, startEmbedded } from '../test-support/embedded.ts'
import { createMishaps } from '../test-support/mishaps.ts'
import { findLeaks } from '../test-support/needles.ts'
import { newPhone, newText } from '../test-support/people.ts'
import { post } from '../test-support/post.ts'
import { API_KEY, CHUNGHWA, TWILIO } from '../test-support/settings.ts'
import { signChunghwa } from '../test-support/signatures.ts'
import { until } from '../test-support/until.ts'
import { startGateway } from '../test-support/world.ts'

const KEY_OF_REQUEST = 'an-idempotency-key'

test('the forms of a secret are found', () => {
  const secret = '訂單 42'
  expect(findLeaks(`{"a":"${secret}"}`, { secret })).toHaveLength(1)
  expect(findLeaks(Buffer.from(secret).toString('hex'), { secret })).toHaveLength(1)
  expect(
    findLeaks(Buffer.from(`x${secret}y`).toString('base64'), { secret: `x${secret}` }),
  ).toHaveLength(1)
  expect(findLeaks(encodeURIComponent(secret), { secret })).toHaveLength(1)
  expect(findLeaks('nothing', { secret })).toEqual([])
})

describeEachBackend((backend) => {
  const cleanUp = cleanUpAfterAll()

  test('no number, text, key or secret is anywhere: log, metrics, queue, tables', async () => {
    const gateway = await startGateway(backend, cleanUp, { env: { LOG_LEVEL: 'trace' } })
    const { api, twilio, chunghwa, stores, url } = gateway
    const during = createMishaps(twilio)
    const people = Array.from({ length: 6 }, newPhone)
    const texts = people.map(() => newText())
    const [plain, refused, optedOut, doubtful, failedOver, invalid] = people
    const send = (index: number, change = {}, headers = {}) =>
      api.send(
        {
          phone: people[index]?.local ?? '',
          message: texts[index] ?? '',
          customer_id: 'C-1',
          metadata: { note: texts[index] },
          ...change,
        },
        headers,
      )

    // Everything that can happen to a message, and to a request.
    const first = await send(0, {}, { 'idempotency-key': KEY_OF_REQUEST })
    await send(0, {}, { 'idempotency-key': KEY_OF_REQUEST })
    await api.untilStatus(first.id, 'delivered')
    twilio.setScript({
      numbers: {
        [refused?.e164 ?? '']: { code: 21211 },
        [optedOut?.e164 ?? '']: { code: 21610 },
      },
    })
    await api.untilStatus((await send(1)).id, 'failed')
    await api.untilStatus((await send(2)).id, 'failed')
    await api.untilStatus((await send(2)).id, 'suppressed')
    await during({ loseAnswerRate: 1 }, async () => {
      await api.untilMessage(
        (await send(3)).id,
        ({ in_doubt: inDoubt, status }) => inDoubt || status === 'delivered',
      )
    })
    await during({ errorRate: 1, errorStatus: 401, errorCode: 20003 }, async () => {
      const { id } = await send(4)
      const sent = await api.untilStatus(id, 'sent')
      const body = JSON.stringify({
        messageid: sent.provider_message_id,
        code: '0',
        to_addr: failedOver?.local,
      })
      await post(`${url}/api/v1/sms/delivery/chunghwa`, body, signChunghwa(body))
      await api.untilStatus(id, 'delivered')
    })
    const scheduled = await send(0, {
      schedule_at: new Date(Date.now() + 3_600_000).toISOString(),
    })
    await api.call(`/api/v1/sms/messages/${scheduled.id}/cancel`, { method: 'POST' })
    const keyRequest = {
      name: 'a shop',
      client_name: 'shop',
      scopes: ['send'],
      rate_per_minute: 1,
    }
    const made = NewApiKeyResponse.parse(
      (await api.call('/api/v1/sms/api-keys', { body: keyRequest })).json,
    )
    const rotate = { method: 'POST' }
    const successor = NewApiKeyResponse.parse(
      (await api.call(`/api/v1/sms/api-keys/${made.id}/rotate`, rotate)).json,
    )
    const statuses = []
    for (const key of [made.key, made.key, successor.key]) {
      statuses.push((await api.call('/api/v1/sms/send', { body: {}, key })).status)
    }
    expect(statuses).toEqual([400, 429, 400])
    await api.call(`/api/v1/sms/api-keys/${made.id}`, { method: 'DELETE' })
    const asked = await api.call(`/api/v1/sms/audit?phone=${plain?.local}`)
    expect(asked.status).toBe(200)
    for (const body of [
      { phone: `${invalid?.local}9`, message: texts[5], message_type: 'otp' },
      { phone: invalid?.local, message: texts[5], [texts[5] ?? '']: 1 },
    ]) {
      expect((await api.call('/api/v1/sms/send', { body })).status).toBeGreaterThanOrEqual(400)
    }
    await api.call('/api/v1/sms/send', {
      rawBody: `{"phone":"${invalid?.local}","message":"${texts[5]}"`,
    })
    await api.call('/api/v1/sms/send', { body: {}, key: `${API_KEY}x` })
    await api.call(`/api/v1/sms/messages/${encodeURIComponent(invalid?.local ?? '')}`)
    await api.call(`/api/v1/sms/${invalid?.local}?phone=${invalid?.local}&key=${API_KEY}`)
    await post(
      `${url}/api/v1/sms/delivery/twilio?attempt=1`,
      `To=${encodeURIComponent(plain?.e164 ?? '')}&Body=${encodeURIComponent(texts[0] ?? '')}`,
      { 'x-twilio-signature': 'x' },
    )
    await post(
      `${url}/api/v1/sms/delivery/chunghwa`,
      `{"to_addr":"${plain?.local}"`,
      signChunghwa(`{"to_addr":"${plain?.local}"`),
    )

    const queue = await stores.dumpQueue()
    const tables = await stores.dumpTables()
    const metrics = (await api.call('/metrics', { key: null })).text
    gateway.process.signal('SIGTERM')
    await gateway.process.exited
    const said = gateway.process.output()
    expect(said).toContain(first.id)
    expect(tables).toContain(first.id)
    expect(queue).not.toBe('')
    expect(twilio.submissions().length + chunghwa.submissions().length).toBeGreaterThan(2)
    expect(doubtful).toBeDefined()

    const secrets = {
      ...Object.fromEntries(
        people.flatMap(({ local, e164 }, index) => [
          [`number ${index}`, local],
          [`number ${index} in E.164`, e164.slice(1)],
          [`number ${index} without its zero`, local.slice(1)],
          [`text ${index}`, texts[index] ?? ''],
        ]),
      ),
      'API key': API_KEY,
      'API key that was made': made.key,
      'API key that followed it': successor.key,
      'auth token': TWILIO.authToken,
      'password of Chunghwa': CHUNGHWA.password,
      'secret of the relay': CHUNGHWA.webhookSecret,
      'encryption key': gateway.variables['SMS_ENCRYPTION_KEYS']?.split(':')[1] ?? '',
      'lookup key': gateway.variables['SMS_LOOKUP_KEY'] ?? '',
      'password of the database': decodeURIComponent(new URL(stores.databaseUrl).password),
    }
    // The API key is what a start prints for the person at the terminal, and nowhere else.
    const log = said
      .split('\n')
      .filter((line) => !line.startsWith('API key '))
      .join('\n')
    for (const [place, text] of Object.entries({ log, metrics, queue, tables })) {
      expect({ place, leaks: findLeaks(text, secrets) }).toEqual({ place, leaks: [] })
    }
  })
})

test('no number and no text lies open in the data folder: database, journals, logs', async () => {
  const cleanUps: (() => unknown)[] = []
  try {
    const dataDir = makeTestFolder()
    const start = await startEmbedded(dataDir, (close) => cleanUps.push(close), {
      LOG_LEVEL: 'trace',
    })
    const { local, e164 } = newPhone()
    const text = newText()
    const { id } = await sendByFetch(start, { phone: local, message: text, message_type: 'otp' })
    await until(
      'it is delivered',
      async () => (await findByFetch(start, id)).status === 'delivered',
    )
    start.process.signal('SIGTERM')
    expect((await start.process.exited).code).toBe(0)

    const secrets = {
      number: local.slice(1),
      'number in E.164': e164,
      text,
      'API key': start.apiKey,
    }
    const files = readdirSync(dataDir, { recursive: true }).map(String)
    const written = files.filter((file) => statSync(join(dataDir, file)).isFile())
    expect(written.length).toBeGreaterThan(100)
    const leaks = written.flatMap((file) => {
      // The generated keys are kept there, and readable by this user alone.
      if (file === 'keys.json') {
        expect(statSync(join(dataDir, file)).mode & 0o077).toBe(0)
        return []
      }
      const content = readFileSync(join(dataDir, file))
      return Object.entries(secrets).flatMap(([name, secret]) =>
        content.includes(secret) || content.includes(Buffer.from(secret, 'utf16le'))
          ? [`${name} in ${file}`]
          : [],
      )
    })
    expect(leaks).toEqual([])
  } finally {
    for (let close = cleanUps.pop(); close; close = cleanUps.pop()) await close()
  }
})
