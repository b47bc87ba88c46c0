import { z } from 'zod'
import type { InboundText } from '@sms-gateway/domain/inbound'
import { readSender } from '@sms-gateway/domain/inbound'

/** IMSP's HTTP interface has no inbound texts: a relay pushes them, signed as it signs receipts. */
export const ChunghwaInbound = z.object({
  messageid: z.string().regex(/^[0-9A-Za-z_-]{1,64}$/),
  from_addr: z.string().trim().min(1).max(64),
  to_addr: z.string().max(64).nullish(),
  text: z.string().max(5_000),
})
export type ChunghwaInbound = z.infer<typeof ChunghwaInbound>

export function readChunghwaInbound(inbound: ChunghwaInbound): InboundText {
  const { messageid, from_addr: from, to_addr: to, text } = inbound
  return {
    provider: 'chunghwa',
    reference: messageid,
    from: readSender(from),
    to: to === null || to === undefined ? null : readSender(to),
    text,
    mediaUrls: [],
    providerKeyword: null,
  }
}
