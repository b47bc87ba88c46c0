import { z } from 'zod'

const Moment = z.iso.datetime({ offset: true })
const When = Moment.transform((text) => new Date(text))
const Word = z.string().regex(/^[\x21-\x7e]{1,100}$/, 'use visible ASCII')

/** What `GET /audit` may be asked for, besides its page. */
export const AuditQuery = z.object({
  client_id: z.uuid().optional(),
  key_id: z.uuid().optional(),
  action: Word.optional(),
  /** The id of what it was about; for a number, give `phone`. */
  subject: Word.optional(),
  phone: z.string().max(40).optional(),
  outcome: Word.optional(),
  /** Included. */
  since: When.optional(),
  /** Not included. */
  until: When.optional(),
})

export const AuditResponse = z.strictObject({
  data: z.array(
    z.strictObject({
      /** Its number in the chain: 1, 2, 3 without a gap. */
      seq: z.int(),
      at: Moment,
      /** `null`: the gateway itself. */
      client_id: z.uuid().nullable(),
      key_id: z.uuid().nullable(),
      action: z.string(),
      /** A number stands here as its keyed hash. */
      subject: z.strictObject({ kind: z.string(), id: z.string() }).nullable(),
      request_id: z.string().nullable(),
      /** `ok`, or the code of the problem that was answered. */
      outcome: z.string(),
    }),
  ),
  next_cursor: z.string().nullable(),
})
export type AuditResponse = z.infer<typeof AuditResponse>
