import { z } from 'zod'

/** A text that somebody has sent to one of our numbers, as Twilio tells it. Its signature covers all its fields. */
export const TwilioInboundBody = z.looseObject({
  MessageSid: z.string(),
  From: z.string(),
  To: z.string().optional(),
  Body: z.string().optional(),
  NumMedia: z.string().optional(),
  OptOutType: z.enum(['STOP', 'START', 'HELP']).optional(),
})

/** The same by a relay, for Chunghwa. */
export const ChunghwaInboundBody = z.looseObject({
  messageid: z.string().min(1).max(64),
  from_addr: z.string().min(1).max(64),
  to_addr: z.string().max(64).nullish(),
  text: z.string().max(5_000),
})
