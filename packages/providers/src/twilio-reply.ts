import { z } from 'zod'
import type { Balance, SendOutcome } from '@sms-gateway/domain/provider'
import { readRetryAfter } from '@sms-gateway/domain/retry-after'
import type { Exchange } from './http-transport.ts'
import { classifyTwilioError } from './twilio-codes.ts'
import { toUnansweredOutcome } from './unanswered.ts'

/** One exchange with Twilio; `json` is its body where that was JSON. */
export interface TwilioReply {
  exchange: Exchange
  json: unknown
}

export const TwilioSid = z.string().regex(/^(SM|MM)[0-9a-fA-F]{32}$/)

const Created = z.object({ sid: TwilioSid })

const Problem = z.object({ code: z.coerce.string().regex(/^\d{4,6}$/) })

const Listed = z.object({
  sid: TwilioSid,
  body: z.string().nullable(),
  direction: z.string(),
  date_created: z.string().transform(Date.parse).pipe(z.number()),
})
export type ListedMessage = z.infer<typeof Listed>

const MessagePage = z.object({
  messages: z.array(Listed),
  next_page_uri: z.string().nullish(),
})
export type MessagePage = z.infer<typeof MessagePage>

const BalanceReply = z.object({ balance: z.string(), currency: z.string() })

export function readCreateReply({ exchange, json }: TwilioReply, now: Date): SendOutcome {
  if (exchange.kind !== 'answered') return toUnansweredOutcome(exchange)
  const { status, headers } = exchange
  if (status >= 200 && status < 300) {
    const created = Created.safeParse(json)
    if (created.success) return { kind: 'accepted', reference: created.data.sid }
    return { kind: 'in_doubt', code: `HTTP_${status}`, detail: 'an answer without a message id' }
  }
  const code = Problem.safeParse(json).data?.code
  const retryAfterMs = readRetryAfter(headers['retry-after'], now)
  return classifyTwilioError({
    status,
    ...(code === undefined ? {} : { code }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  })
}

/** `undefined` for anything but a whole page. */
export function readMessagePage({ exchange, json }: TwilioReply): MessagePage | undefined {
  return isOk(exchange) ? MessagePage.safeParse(json).data : undefined
}

export function readBalance({ exchange, json }: TwilioReply): Balance | undefined {
  const reply = isOk(exchange) ? BalanceReply.safeParse(json).data : undefined
  return reply && { amount: reply.balance, currency: reply.currency }
}

function isOk(exchange: Exchange): boolean {
  return exchange.kind === 'answered' && exchange.status === 200
}
