import { z } from 'zod'
import type { Values } from '@sms-gateway/service-kit/environment-variables'
import { integer, optional, parsed, text } from '@sms-gateway/service-kit/environment-variables'

/** Express's `trust proxy`: a number of hops, `true`, or addresses. */
const trustProxy = parsed(
  z.string().transform((value) => {
    if (/^[0-9]+$/.test(value)) return Number(value)
    return value === 'true' ? true : value === 'false' ? false : value
  }),
  { form: "a number of hops, true, or proxies' addresses", example: '1' },
)

export const httpVariables = {
  HOST: text({ default: '127.0.0.1', form: 'an address of this machine', example: '0.0.0.0' }),
  PORT: integer({ default: 3000, min: 0, max: 65_535 }),
  TRUST_PROXY: optional(trustProxy),
}

export function toHttpConfig({ HOST, PORT, TRUST_PROXY }: Values<typeof httpVariables>) {
  return {
    host: HOST,
    port: PORT,
    ...(TRUST_PROXY !== undefined && { trustProxy: TRUST_PROXY }),
  }
}
