import { z } from 'zod'

/** Twilio's status callback. More fields may appear at any time, and its signature covers them all. */
export const TwilioReceiptBody = z.looseObject({
  MessageSid: z.string(),
  MessageStatus: z.string(),
  AccountSid: z.string().optional(),
  ErrorCode: z.string().optional(),
  RawDlrDoneDate: z.string().optional(),
})

/** What a relay pushes of an IMSP receipt: contract.md, 7. */
export const ChunghwaReceiptBody = z.looseObject({
  messageid: z.string().min(1).max(32),
  to_addr: z.string().max(40).optional(),
  code: z.union([z.string().max(10), z.int()]),
  done_time: z.string().max(20).nullish(),
  description: z.string().max(500).nullish(),
})
