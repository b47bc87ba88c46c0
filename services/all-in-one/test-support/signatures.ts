import { createHmac } from 'node:crypto'
import { CHUNGHWA, TWILIO } from './settings.ts'

/** As Twilio's documentation has it, and not as any library of ours: the URL, then each parameter by name. */
export function signTwilio(
  url: string,
  params: Readonly<Record<string, string>>,
  authToken: string = TWILIO.authToken,
): string {
  const signed = Object.keys(params)
    .sort()
    .reduce((text, name) => `${text}${name}${params[name] ?? ''}`, url)
  return createHmac('sha1', authToken).update(signed).digest('base64')
}

/** contract.md, 7. */
export function signChunghwa(
  body: string | Buffer,
  { at = new Date(), secret = CHUNGHWA.webhookSecret }: { at?: Date; secret?: string } = {},
): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1_000))
  const signature = createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex')
  return { 'x-cht-timestamp': timestamp, 'x-cht-signature': signature }
}
