import { z } from 'zod'
import { measureText } from '@sms-gateway/domain/segments'
import { randomHex } from './random.ts'
import { drawMs, drawOutcome } from './script.ts'
import type { SimulatorContext } from './simulator.ts'

/** What will become of a message is decided when it is taken, so that a restart goes on with the same. */
export const PlannedEvent = z.object({
  status: z.enum(['sent', 'delivered', 'undelivered', 'canceled']),
  errorCode: z.int().nullable(),
  at: z.number(),
  /** 0 when its receipt is lost, 2 when it comes twice. */
  receipts: z.int(),
  receiptAt: z.number(),
})
export type PlannedEvent = z.infer<typeof PlannedEvent>

export const TwilioMessage = z.object({
  sid: z.string(),
  to: z.string(),
  from: z.string().nullable(),
  messagingServiceSid: z.string().nullable(),
  body: z.string(),
  numSegments: z.int(),
  statusCallback: z.string().nullable(),
  createdAt: z.number(),
  events: z.array(PlannedEvent),
})
export type TwilioMessage = z.infer<typeof TwilioMessage>

export interface NewTwilioMessage {
  to: string
  from: string | null
  messagingServiceSid: string | null
  body: string
  statusCallback: string | null
}

/** `number` keeps ids apart when a seed begins anew after a restart. */
export function planMessage(
  fields: NewTwilioMessage,
  number: number,
  { script, random, now }: SimulatorContext,
): TwilioMessage {
  const createdAt = now().getTime()
  const serial = number.toString(16).padStart(8, '0')
  return {
    ...fields,
    sid: `SM${randomHex(random, 24).toLowerCase()}${serial}`,
    numSegments: measureText(fields.body).segments,
    createdAt,
    events: planEvents(createdAt, { script, random }),
  }
}

function planEvents(
  createdAt: number,
  { script, random }: Pick<SimulatorContext, 'script' | 'random'>,
): PlannedEvent[] {
  const { receipts } = script
  const draw = (rate: number): boolean => rate > 0 && random() < rate
  const outcome = drawOutcome(script.outcomes, random)
  const delayMs = drawMs(script.deliveryDelayMs, random)
  const plan = (status: PlannedEvent['status'], at: number): PlannedEvent => ({
    status,
    errorCode: status === 'undelivered' ? (outcome.code ?? 30003) : null,
    at,
    receipts: draw(receipts.lostRate) ? 0 : draw(receipts.doubledRate) ? 2 : 1,
    receiptAt: at + (draw(receipts.lateRate) ? drawMs(receipts.lateMs, random) : 0),
  })
  const sent = plan('sent', createdAt + delayMs / 2)
  const final = plan(outcome.status, createdAt + delayMs)
  if (!receipts.sent) sent.receipts = 0
  if (draw(receipts.disorderedRate)) sent.receiptAt = final.receiptAt + Math.max(20, delayMs / 2)
  return [sent, final]
}

export interface TwilioStatus {
  status: string
  errorCode: number | null
  changedAt: number
  sentAt: number | null
}

/** The status of a message at a time; a message of a service is `accepted` first. */
export function statusAt(message: TwilioMessage, nowMs: number): TwilioStatus {
  const past = message.events.filter(({ at }) => at <= nowMs)
  const last = past.at(-1)
  return {
    status: last?.status ?? (message.messagingServiceSid === null ? 'queued' : 'accepted'),
    errorCode: last?.errorCode ?? null,
    changedAt: last?.at ?? message.createdAt,
    sentAt: past.find(({ status }) => status === 'sent')?.at ?? null,
  }
}
