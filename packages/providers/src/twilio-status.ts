import { z } from 'zod'
import type { PollResult } from '@sms-gateway/domain/provider'
import { readTwilioReceipt } from './twilio-receipt.ts'
import type { TwilioReply } from './twilio-reply.ts'
import { toUnavailable } from './unanswered.ts'

const Shown = z.object({
  sid: z.string(),
  status: z.string(),
  error_code: z.union([z.number(), z.string()]).nullish(),
})

/** What Twilio shows of a message that is asked for: as its receipt would have said it, once it is at its end. */
export function readTwilioStatus({ exchange, json }: TwilioReply): PollResult {
  if (exchange.kind !== 'answered') return toUnavailable(exchange)
  if (exchange.status === 404) {
    return { kind: 'lost', code: 'HTTP_404', detail: 'Twilio does not know the message' }
  }
  const { success, data } = Shown.safeParse(json)
  const report =
    exchange.status === 200 && success
      ? readTwilioReceipt({
          MessageSid: data.sid,
          MessageStatus: data.status,
          ErrorCode: String(data.error_code ?? ''),
        })
      : undefined
  if (!report) {
    return { kind: 'unavailable', detail: `the provider answered ${exchange.status}` }
  }
  const isFinal = report.status === 'delivered' || report.status === 'undelivered'
  return isFinal ? { kind: 'report', report } : { kind: 'pending' }
}
