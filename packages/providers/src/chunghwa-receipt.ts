import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import type { DeliveryReport } from '@sms-gateway/domain/provider'
import { toDeliveryReport } from './chunghwa-report.ts'

export interface SignedChunghwaRequest {
  secret: string
  /** The `X-CHT-Timestamp` header: Unix seconds. */
  timestamp: string | undefined
  /** The `X-CHT-Signature` header: hex HMAC-SHA256 of `timestamp.rawBody`. */
  signature: string | undefined
  rawBody: Buffer | string
  now: Date
}

const MAX_AGE_SECONDS = 300

/** IMSP itself only answers polls; this is how a relay pushes the same facts: contract.md, 7. */
export function verifyChunghwaSignature(request: SignedChunghwaRequest): boolean {
  const { secret, timestamp, signature, rawBody, now } = request
  // An empty secret would let anybody sign.
  if (secret === '') return false
  if (timestamp === undefined || !/^\d{1,12}$/.test(timestamp)) return false
  if (signature === undefined || !/^[0-9a-f]{64}$/i.test(signature)) return false
  const ageSeconds = now.getTime() / 1_000 - Number(timestamp)
  if (Math.abs(ageSeconds) > MAX_AGE_SECONDS) return false
  const expected = createHmac('sha256', secret).update(`${timestamp}.`).update(rawBody).digest()
  return timingSafeEqual(expected, Buffer.from(signature, 'hex'))
}

/** What a relay pushes: the fields of a QuerySM answer. */
export const ChunghwaReceipt = z.object({
  messageid: z.string().regex(/^[0-9A-Za-z]{1,32}$/),
  to_addr: z.string().max(32).nullish(),
  code: z.union([z.string(), z.int().transform(String)]).pipe(
    z
      .string()
      .trim()
      .regex(/^-?\d{1,3}$/),
  ),
  done_time: z.union([z.string(), z.int().transform(String)]).nullish(),
  description: z.string().max(1_000).nullish(),
})
export type ChunghwaReceipt = z.infer<typeof ChunghwaReceipt>

/** `undefined` where the code says nothing of the message, or our table does not have it. */
export function readChunghwaReceipt(receipt: ChunghwaReceipt): DeliveryReport | undefined {
  const { messageid, code, done_time } = receipt
  return toDeliveryReport({ reference: messageid, code, doneTime: done_time ?? undefined })
}
