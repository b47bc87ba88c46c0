import { afterEach, expect, test } from '@jest/globals'
import { type ImspSimulator, startImspSimulator } from '../src/imsp-simulator.ts'
import { createMemoryJournal } from './support.ts'

const closers: Array<() => Promise<void>> = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function start(options = {}): Promise<ImspSimulator> {
  const account = { account: '12345', password: 'secret12' }
  const simulator = await startImspSimulator({ ...account, firstId: 'H0000001', ...options })
  closers.push(() => simulator.close())
  return simulator
}

/** What stands between the body tags. */
async function ask(
  simulator: ImspSimulator,
  servlet: string,
  fields: Record<string, string> | string,
): Promise<string> {
  const text = typeof fields === 'string' ? fields : new URLSearchParams(fields).toString()
  const response = await fetch(`${simulator.url}/imsp/sms/servlet/${servlet}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: `account=12345&password=secret12&${text}`,
  })
  expect(response.status).toBe(200)
  const page = await response.text()
  return /<body>\s*([\s\S]*?)\s*<\/body>/.exec(page)?.[1] ?? page
}

const HELLO = { to_addr: '0912345678', msg_dcs: '8', msg: '6E2C8A66' }
const TAKEN = '0912345678|0|H0000001|Success<br>'
const FORBIDDEN = '41|Forbidden message is found(\\d{10})<br>'
const MANY = Array.from({ length: 21 }, () => '0912345678').join(',')

test.each<[string, Record<string, string>, string]>([
  ['a message', {}, TAKEN],
  [
    'two recipients, one of them vacant',
    { to_addr: '0912345678,0900000043' },
    `${TAKEN}\n0900000043|43|Vacant number<br>`,
  ],
  ['a foreign number', { to_addr: '+819012345678' }, '+819012345678|0|H0000001|Success<br>'],
  [
    'a number of Taiwan in E.164 without its plus',
    { to_addr: '886912345678' },
    '886912345678|18|Destination number format error<br>',
  ],
  ['no recipient', { to_addr: '' }, '11|Invalid parameter<br>'],
  ['21 recipients', { to_addr: MANY }, '19|Too many destinations (20)<br>'],
  ['284 hex digits', { msg: '6E2C'.repeat(71) }, '20|Message is too long<br>'],
  ['280 hex digits', { msg: '6E2C'.repeat(70) }, TAKEN],
  ['no hex', { msg: 'hello' }, '11|Invalid parameter<br>'],
  ['a header that is none', { msg_udhi: '1' }, '11|Invalid parameter<br>'],
  ['an unknown dcs', { msg_dcs: '9' }, '11|Invalid parameter<br>'],
  ['ten digits', { msg_dcs: '3', msg: '30'.repeat(10) }, FORBIDDEN],
  ['ten digits as UTF-16', { msg: '0030'.repeat(10) }, FORBIDDEN],
  ['nine digits', { msg: '0030'.repeat(9) }, TAKEN],
])('SubmitSM of %s', async (_, change, expected) => {
  expect(await ask(await start(), 'SubmitSM', { ...HELLO, ...change })).toBe(expected)
})

test('Big5 is taken as dcs 0', async () => {
  const simulator = await start()
  const form = 'to_addr=0912345678&msg_dcs=0&msg='
  // 測試 in Big5.
  await ask(simulator, 'SubmitSM', `${form}%B4%FA%B8%D5+1`)
  expect(simulator.messages()).toMatchObject([{ text: '測試 1' }])
  expect(await ask(simulator, 'SubmitSM', `${form}%FF%FF`)).toMatch(/^5\|/)
  expect(await ask(simulator, 'SubmitSM', form + 'x'.repeat(161))).toMatch(/^20\|/)
})

test.each([
  ['8-bit', '050003AA02'],
  ['16-bit', '060804ABCD02'],
])('parts with an %s reference are put together in any order', async (_, header) => {
  const simulator = await start()
  const send = (number: string, text: string) =>
    ask(simulator, 'SubmitSM', { ...HELLO, msg_udhi: '1', msg: header + number + text })
  await send('02', '570B')
  expect(simulator.messages()).toEqual([])
  await send('01', '4E2D')
  expect(simulator.messages()).toMatchObject([
    { to: '0912345678', text: '中國', ids: ['H0000002', 'H0000001'] },
  ])
})

test('without the permission parts arrive as messages of their own', async () => {
  const simulator = await start({ longSms: false })
  await ask(simulator, 'SubmitSM', { ...HELLO, msg_udhi: '1', msg: '050003AA02014E2D' })
  expect(simulator.messages()).toMatchObject([{ text: '中' }])
})

test('a wrong password has two fields', async () => {
  const simulator = await start({ password: 'other123' })
  expect(await ask(simulator, 'SubmitSM', HELLO)).toBe('22|Password error or no such account<br>')
  expect(await ask(simulator, 'QuerySM', { messageid: 'H1' })).toMatch(/^22\|/)
})

test('GET is refused', async () => {
  const { url } = await start()
  const response = await fetch(`${url}/imsp/sms/servlet/SubmitSM?account=12345`)
  expect(await response.text()).toContain('55|')
})

test('the password is changed', async () => {
  const simulator = await start()
  expect(await ask(simulator, 'ChangePasswd', { newcode: 'short' })).toBe('1|Failed<br>')
  expect(await ask(simulator, 'ChangePasswd', { newcode: 'new-pw1' })).toBe('0|Successful<br>')
  expect(await ask(simulator, 'SubmitSM', HELLO)).toMatch(/^22\|/)
})

test.each([
  [
    'an unknown id',
    { messageid: 'H7777777', to_addr: '0912345678' },
    '0912345678|2|null|No such data<br>',
  ],
  ['an id that is none', { messageid: 'H-1' }, '21|Message id format error<br>'],
])('QuerySM of %s', async (_, fields, expected) => {
  expect(await ask(await start(), 'QuerySM', fields)).toBe(expected)
})

test('QuerySM of another number than the one it went to', async () => {
  const simulator = await start()
  await ask(simulator, 'SubmitSM', HELLO)
  const query = { messageid: 'H0000001', to_addr: '0933444555' }
  expect(await ask(simulator, 'QuerySM', query)).toBe('0933444555|2|null|No such data<br>')
})

test('a restart keeps what was taken, half a long text too', async () => {
  const journal = createMemoryJournal()
  const script = { deliveryDelayMs: 3_600_000 }
  const first = await start({ journal, script })
  await ask(first, 'SubmitSM', { ...HELLO, msg_udhi: '1', msg: '050003AA02014E2D' })
  await first.close()
  const second = await start({ journal })
  expect(second.submissions()).toHaveLength(1)
  await ask(second, 'SubmitSM', { ...HELLO, msg_udhi: '1', msg: '050003AA0202570B' })
  expect(second.messages()).toMatchObject([{ text: '中國', ids: ['H0000001', 'H0000002'] }])
  expect(await ask(second, 'QuerySM', { messageid: 'H0000001' })).toMatch(/^0912345678\|(31|1)\|/)
  await fetch(`${second.url}/_reset`, { method: 'POST' })
  await second.close()
  expect((await start({ journal })).submissions()).toEqual([])
})
