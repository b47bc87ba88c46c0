import { expect, test } from '@jest/globals'
import { redactReceipt } from './redact-receipt.ts'

test.each([
  [
    'a form',
    'MessageSid=SM1&MessageStatus=delivered&To=%2B886912345678&AccountSid=AC1&Body=secret',
    [
      { name: 'MessageSid', value: 'SM1' },
      { name: 'MessageStatus', value: 'delivered' },
      { name: 'To', value: null },
      { name: 'AccountSid', value: null },
      { name: 'Body', value: null },
    ],
  ],
  [
    'JSON',
    '{"messageid": "A1", "code": 0, "to_addr": "0912345678", "new": {"to": "0912345678"}}',
    [
      { name: 'messageid', value: 'A1' },
      { name: 'code', value: '0' },
      { name: 'to_addr', value: null },
      { name: 'new', value: null },
    ],
  ],
])('shows of %s what is known to be about nobody', (_name, body, expected) => {
  expect(redactReceipt(body)).toEqual(expected)
})

test.each(['', 'null', '42', '0912345678', '[["0912345678"]]'])('shows no value of %j', (body) => {
  expect(redactReceipt(body).map(({ value }) => value)).not.toContainEqual(expect.anything())
})
