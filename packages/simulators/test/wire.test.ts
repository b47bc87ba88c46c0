import { afterEach, expect, test } from '@jest/globals'
import { MessageId } from '@sms-gateway/domain/ids'
import { createChunghwa } from '@sms-gateway/providers/chunghwa'
import { createTwilio } from '@sms-gateway/providers/twilio'
import { type ImspSimulator, startImspSimulator } from '../src/imsp-simulator.ts'
import { startTwilioSimulator } from '../src/twilio-simulator.ts'
import {
  ACCOUNT_SID,
  AUTH_TOKEN,
  buildLimits,
  buildSubmission,
  FROM,
  PATIENCE_MS,
  startCaptureServer,
  TO,
} from './support.ts'

// The exchanges that providers.md prints, byte for byte.

const closers: Array<() => Promise<void>> = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const SUBMIT_BODY =
  'account=12345&password=secret12&from_addr_type=0&from_addr=&to_addr_type=0&to_addr=0912345678' +
  '&msg_expire_time=0&msg_type=0&msg_dcs=8&msg_pclid=0&msg_udhi=0&msg=6E2C8A667C218A0A&dest_port=0'

const SUBMIT_REPLY =
  '<html>\n<header>\n</header>\n<body>\n0912345678|0|H45FB24C|Success<br>\n</body>\n</html>\n'

const QUERY_REPLY =
  '<body> 0912345678 | 0 | 20250324152300 | Successful <br> 0933444555 | 1 | null | Message is processing </body>'

const LONG_TEXT = `【幸福氣】${'您的瓦斯已送達。'.repeat(10)}`
const LONG_ID = MessageId.parse('01913c5e-7b00-7000-8000-00000000002a')

async function capture(reply: string) {
  const server = await startCaptureServer(() => ({ status: 200, body: reply }))
  closers.push(() => server.close())
  return { server, provider: connect(server.url) }
}

function connect(baseUrl: string) {
  const account = { account: '12345', password: 'secret12' }
  const provider = createChunghwa({ ...account, baseUrl, timeoutMs: PATIENCE_MS })
  closers.push(() => provider.close())
  return provider
}

async function imsp(options = {}): Promise<ImspSimulator> {
  const account = { account: '12345', password: 'secret12' }
  const simulator = await startImspSimulator({ ...account, firstId: 'H45FB24C', ...options })
  closers.push(() => simulator.close())
  return simulator
}

async function post(url: string, servlet: string, body: string): Promise<Response> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  return fetch(`${url}/imsp/sms/servlet/${servlet}`, { method: 'POST', headers, body })
}

test('the adapter sends the SubmitSM example', async () => {
  const { server, provider } = await capture(SUBMIT_REPLY)
  const expiresAt = new Date(Date.now() + 2 * 24 * 60 * 60_000)
  const submission = buildSubmission({ text: '測試簡訊', expiresAt })
  expect(await provider.send(submission, buildLimits())).toEqual([
    { part: 1, outcome: { kind: 'accepted', reference: 'H45FB24C' } },
  ])
  expect(server.requests).toHaveLength(1)
  expect(server.requests[0]).toMatchObject({
    method: 'POST',
    url: '/imsp/sms/servlet/SubmitSM',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: SUBMIT_BODY,
  })
})

test('the simulator answers the SubmitSM example as the real server does', async () => {
  const { url } = await imsp()
  const response = await post(url, 'SubmitSM', SUBMIT_BODY)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('text/html')
  expect(await response.text()).toBe(SUBMIT_REPLY)
})

test('the simulator answers the SubmitSM example as the manual prints it', async () => {
  const { url } = await imsp({ script: { html: 'manual' } })
  const response = await post(url, 'SubmitSM', SUBMIT_BODY)
  expect(await response.text()).toBe('<body> 0912345678 | 0 | H45FB24C | Success </body>')
})

test('the adapter sends the two parts of the long example', async () => {
  const { server, provider } = await capture(SUBMIT_REPLY)
  const attempt = { messageId: LONG_ID, number: 1 }
  await provider.send(buildSubmission({ attempt, text: LONG_TEXT }), buildLimits())
  const forms = server.requests.map(({ body }) => new URLSearchParams(body))
  const parts = forms.map((form) => form.get('msg') ?? '').sort()
  expect(parts.map((hex) => hex.length)).toEqual([280, 84])
  expect(parts[0]?.startsWith('0500032A020130105E78798F6C23301160A8768474E665AF')).toBe(true)
  expect(parts[1]?.startsWith('0500032A02029054300260A8768474E6')).toBe(true)
  expect(forms.map((form) => form.get('msg_udhi'))).toEqual(['1', '1'])
})

test.each(['real', 'manual'] as const)(
  'a long text arrives whole, with %s replies',
  async (html) => {
    const simulator = await imsp({ script: { html } })
    const provider = connect(simulator.url)
    const outcomes = await provider.send(buildSubmission({ text: LONG_TEXT }), buildLimits())
    expect(outcomes.map(({ part, outcome }) => [part, outcome.kind])).toEqual([
      [1, 'accepted'],
      [2, 'accepted'],
    ])
    expect(simulator.messages()).toMatchObject([{ to: '0912345678', text: LONG_TEXT }])
  },
)

test('the adapter asks QuerySM and reads the example', async () => {
  const { server, provider } = await capture(QUERY_REPLY)
  const { signal } = buildLimits()
  expect(await provider.poll?.({ reference: 'H45FB24C', to: TO }, signal)).toEqual({
    kind: 'report',
    report: {
      reference: 'H45FB24C',
      status: 'delivered',
      at: new Date('2025-03-24T15:23:00+08:00'),
    },
  })
  expect(server.requests[0]).toMatchObject({
    url: '/imsp/sms/servlet/QuerySM',
    body: 'account=12345&password=secret12&to_addr_type=0&to_addr=0912345678&messageid=H45FB24C',
  })
})

test('the simulator answers QuerySM as the example prints it', async () => {
  let now = new Date('2025-03-24T07:22:59Z')
  const { url } = await imsp({ now: () => now, script: { html: 'manual' } })
  const submit = SUBMIT_BODY.replace('0912345678', '0912345678%2C0933444555')
  expect(await (await post(url, 'SubmitSM', submit)).text()).toBe(
    '<body> 0912345678 | 0 | H45FB24C | Success <br> 0933444555 | 0 | H45FB24C | Success </body>',
  )
  const query = 'account=12345&password=secret12&to_addr_type=0&to_addr=&messageid=H45FB24C'
  const askNow = async () => (await post(url, 'QuerySM', query)).text()
  expect(await askNow()).toContain('<body> 0912345678 | 31 | null | ')
  now = new Date('2025-03-24T07:22:59.600Z')
  expect(await askNow()).toContain('<br> 0933444555 | 1 | null | Message is processing </body>')
  now = new Date('2025-03-24T07:23:00Z')
  expect(await askNow()).toContain('<body> 0912345678 | 0 | 20250324152300 | Successful <br>')
})

test('the simulator answers a create call with every field of the example', async () => {
  const simulator = await startTwilioSimulator({
    accountSid: ACCOUNT_SID,
    authToken: AUTH_TOKEN,
    now: () => new Date('2023-08-24T05:01:45Z'),
  })
  closers.push(() => simulator.close())
  const path = `/2010-04-01/Accounts/${ACCOUNT_SID}/Messages`
  const response = await fetch(`${simulator.url}${path}.json`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${ACCOUNT_SID}:${AUTH_TOKEN}`)}` },
    body: new URLSearchParams({ To: TO, From: FROM, Body: '【幸福氣】測試' }),
  })
  expect(response.status).toBe(201)
  const text = await response.text()
  const sid = /"sid":"(SM[0-9a-f]{32})"/.exec(text)?.[1]
  expect(text).toBe(
    '{"body":"【幸福氣】測試","num_segments":"1","direction":"outbound-api","from":"+15005550006","to":"+886912345678",' +
      '"date_created":"Thu, 24 Aug 2023 05:01:45 +0000","date_updated":"Thu, 24 Aug 2023 05:01:45 +0000","date_sent":null,' +
      `"price":null,"price_unit":"USD","error_code":null,"error_message":null,"uri":"${path}/${sid}.json",` +
      `"account_sid":"${ACCOUNT_SID}","num_media":"0","status":"queued","messaging_service_sid":null,"sid":"${sid}",` +
      `"api_version":"2010-04-01","subresource_uris":{"media":"${path}/${sid}/Media.json"}}`,
  )
})

test('the adapter makes a create call as the official client does', async () => {
  const sid = `SM${'0'.repeat(32)}`
  const server = await startCaptureServer(() => ({ status: 201, body: JSON.stringify({ sid }) }))
  closers.push(() => server.close())
  const provider = createTwilio(
    {
      accountSid: ACCOUNT_SID,
      authToken: AUTH_TOKEN,
      from: FROM,
      baseUrl: server.url,
      webhookUrl: 'https://gw.example.com/api/v1',
      timeoutMs: PATIENCE_MS,
      connections: 1,
    },
    () => new Date('2025-03-24T15:00:00Z'),
  )
  closers.push(() => provider.close())
  const submission = buildSubmission({
    attempt: { messageId: LONG_ID, number: 3 },
    text: '測試 & +1',
    expiresAt: new Date('2025-03-24T15:10:00.500Z'),
  })
  expect(await provider.send(submission, buildLimits())).toEqual([
    { part: 1, outcome: { kind: 'accepted', reference: sid } },
  ])
  expect(server.requests).toMatchObject([
    {
      method: 'POST',
      url: `/2010-04-01/Accounts/${ACCOUNT_SID}/Messages.json`,
      headers: {
        authorization: `Basic ${btoa(`${ACCOUNT_SID}:${AUTH_TOKEN}`)}`,
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
      },
    },
  ])
  expect(Object.fromEntries(new URLSearchParams(server.requests[0]?.body))).toEqual({
    To: TO,
    From: FROM,
    Body: '測試 & +1',
    ValidityPeriod: '600',
    StatusCallback: `https://gw.example.com/api/v1/sms/delivery/twilio?attempt=${LONG_ID}.3`,
  })
})

test.each([
  ['in a day and more', '2025-03-26T15:00:00Z', '36000', '0'],
  ['in an hour', '2025-03-24T16:00:00Z', '3600', '60'],
  ['in a second', '2025-03-24T15:00:01Z', '1', '1'],
  ['already', '2025-03-24T14:00:00Z', '1', '1'],
])('a message that expires %s is valid for as long at the provider', async (...row) => {
  const [, expiresAt, seconds, minutes] = row
  const server = await startCaptureServer(() => ({ status: 500 }))
  closers.push(() => server.close())
  const now = () => new Date('2025-03-24T15:00:00Z')
  const { url: baseUrl } = server
  const account = { accountSid: ACCOUNT_SID, authToken: AUTH_TOKEN, from: FROM }
  const twilio = createTwilio({ ...account, baseUrl, timeoutMs: PATIENCE_MS, connections: 1 }, now)
  const chunghwa = createChunghwa(
    { account: '1', password: '2', baseUrl, timeoutMs: PATIENCE_MS },
    now,
  )
  closers.push(twilio.close, chunghwa.close)
  const submission = buildSubmission({ expiresAt: new Date(expiresAt) })
  await twilio.send(submission, buildLimits())
  await chunghwa.send(submission, buildLimits())
  const [first, second] = server.requests.map(({ body }) => new URLSearchParams(body))
  expect(first?.get('ValidityPeriod')).toBe(seconds)
  expect(first?.has('StatusCallback')).toBe(false)
  expect(second?.get('msg_expire_time')).toBe(minutes)
})
