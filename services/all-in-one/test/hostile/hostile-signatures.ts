import { TWILIO } from '../../test-support/settings.ts'
import { signChunghwa, signTwilio } from '../../test-support/signatures.ts'
import { BAD_REQUEST, hostile, type HostileInput, type Target } from './hostile-input.ts'

const FORGED: [number, string] = [403, 'signature-invalid']
const FORM = 'application/x-www-form-urlencoded'
const HOUR_MS = 3_600_000

/** Receipts and texts that no provider sent, or that it sent before. */
export function listHostileSignatures({ url, sentReference }: Target): HostileInput[] {
  const receipt = {
    AccountSid: TWILIO.accountSid,
    MessageSid: sentReference,
    MessageStatus: 'failed',
    ErrorCode: '30003',
  }
  const text = {
    AccountSid: TWILIO.accountSid,
    MessageSid: `SM${'0'.repeat(32)}`,
    From: '+886912345678',
    To: '+15005550006',
    Body: 'STOP',
  }
  const twilio = (
    name: string,
    where: 'delivery' | 'inbound',
    params: Record<string, string>,
    signature: string | undefined,
    expected = FORGED,
  ) =>
    hostile(
      name,
      `/${where}/twilio`,
      {
        key: null,
        rawBody: new URLSearchParams(params).toString(),
        headers: {
          'content-type': FORM,
          ...(signature !== undefined && { 'x-twilio-signature': signature }),
        },
      },
      expected,
    )
  const address = (where: string) => `${url}/api/v1/sms/${where}/twilio`
  const relayed = JSON.stringify({
    messageid: 'H0000000',
    to_addr: '0912345678',
    code: '0',
    done_time: '',
    description: '',
  })
  const chunghwa = (
    name: string,
    rawBody: string,
    headers: Record<string, string>,
    expected = FORGED,
  ) => hostile(name, '/delivery/chunghwa', { key: null, rawBody, headers }, expected)
  return [
    twilio('a receipt without a signature', 'delivery', receipt, undefined),
    twilio('a receipt with an empty one', 'delivery', receipt, ''),
    twilio(
      'a receipt signed by another account',
      'delivery',
      receipt,
      signTwilio(address('delivery'), receipt, 'another'),
    ),
    twilio(
      'a receipt signed for another address',
      'delivery',
      receipt,
      signTwilio(address('inbound'), receipt),
    ),
    twilio(
      'a receipt changed after it was signed',
      'delivery',
      { ...receipt, MessageStatus: 'delivered' },
      signTwilio(address('delivery'), receipt),
    ),
    twilio(
      'a receipt with one field more',
      'delivery',
      { ...receipt, X: '1' },
      signTwilio(address('delivery'), receipt),
    ),
    twilio('a text without a signature', 'inbound', text, undefined),
    twilio(
      'a text signed by another account',
      'inbound',
      text,
      signTwilio(address('inbound'), text, 'another'),
    ),
    twilio(
      'a text of another sender than was signed',
      'inbound',
      { ...text, From: '+886987654321' },
      signTwilio(address('inbound'), text),
    ),
    hostile(
      'a receipt of 100 KiB',
      '/delivery/twilio',
      { key: null, rawBody: `a=${'x'.repeat(100 * 1024)}`, headers: { 'content-type': FORM } },
      [413, 'body-too-large'],
    ),
    hostile(
      'a text of 100 KiB',
      '/inbound/twilio',
      { key: null, rawBody: `a=${'x'.repeat(100 * 1024)}`, headers: { 'content-type': FORM } },
      [413, 'body-too-large'],
    ),
    chunghwa('a relayed receipt without a signature', relayed, {}),
    chunghwa(
      'a relayed receipt with another secret',
      relayed,
      signChunghwa(relayed, { secret: 'guess' }),
    ),
    chunghwa(
      'a relayed receipt an hour old',
      relayed,
      signChunghwa(relayed, { at: new Date(Date.now() - HOUR_MS) }),
    ),
    chunghwa(
      'a relayed receipt of tomorrow',
      relayed,
      signChunghwa(relayed, { at: new Date(Date.now() + 24 * HOUR_MS) }),
    ),
    chunghwa(
      'a relayed receipt changed after it was signed',
      relayed.replace('"0"', '"1"'),
      signChunghwa(relayed),
    ),
    chunghwa('a timestamp that is no number', relayed, {
      ...signChunghwa(relayed),
      'x-cht-timestamp': 'NaN',
    }),
    chunghwa('a signed body that is no receipt', '{}', signChunghwa('{}'), BAD_REQUEST),
    chunghwa('a signed body that is no JSON', 'hello', signChunghwa('hello'), [
      400,
      'invalid-json',
    ]),
    hostile(
      'a receipt of a provider that is none',
      '/delivery/pigeon',
      { key: null, rawBody: relayed },
      [404, 'route-not-found'],
    ),
  ]
}
