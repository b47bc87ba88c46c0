import { z } from 'zod'
import { MessageResponse } from './message-response.ts'

const Moment = z.iso.datetime({ offset: true })

/** What became of `DELETE /subjects/:phone`. */
export const ErasureResponse = z.strictObject({
  /** The proof: who has it can ask what was done, without the number. */
  id: z.uuid(),
  /** `erasing`: nothing can be read or sent any more, and rows are still being blanked. */
  state: z.enum(['erasing', 'erased']),
  requested_at: Moment,
  erased_at: Moment.nullable(),
  /** How many messages held something of the person. */
  messages: z.int(),
  /** Of all messages, those that had not been handed to a provider and never will be, or whose fate is unknown for good. */
  cancelled: z.int(),
  /** How many texts of the person's own. */
  inbound: z.int(),
})
export type ErasureResponse = z.infer<typeof ErasureResponse>

/** All that is held about a person. */
export const SubjectResponse = z.strictObject({
  phone: z.string(),
  exported_at: Moment,
  opt_outs: z.array(
    z.strictObject({
      channel: z.string(),
      kind: z.string(),
      source: z.string(),
      reason: z.string().nullable(),
      created_at: Moment,
    }),
  ),
  consents: z.array(
    z.strictObject({
      channel: z.string(),
      kind: z.string(),
      granted: z.boolean(),
      source: z.string(),
      wording_version: z.string(),
      proof: z.string().nullable(),
      at: Moment,
    }),
  ),
  permission_history: z.array(
    z.strictObject({
      change: z.string(),
      channel: z.string(),
      kind: z.string(),
      source: z.string(),
      reason: z.string().nullable(),
      wording_version: z.string().nullable(),
      proof: z.string().nullable(),
      at: Moment,
    }),
  ),
  erasures: z.array(ErasureResponse),
  /** Who has read or changed the person's data: the newest 500. */
  audit: z.array(z.strictObject({ action: z.string(), at: Moment, outcome: z.string() })),
  /** Where the person is on the list of a campaign: the newest 500. */
  campaigns: z.array(
    z.strictObject({
      campaign_id: z.uuid(),
      row: z.int(),
      state: z.string(),
      customer_id: z.string().nullable(),
      /** What the producer gave with the number. */
      data: z.unknown(),
      message_id: z.uuid().nullable(),
    }),
  ),
  inbound: z.array(
    z.strictObject({
      id: z.uuid(),
      provider: z.string(),
      provider_message_id: z.string(),
      to: z.string().nullable(),
      message: z.string(),
      media_urls: z.array(z.string()),
      keyword: z.string().nullable(),
      received_at: Moment,
    }),
  ),
  messages: z.array(
    z.strictObject({
      message: MessageResponse,
      attempts: z.array(
        z.strictObject({
          number: z.int(),
          provider: z.string(),
          state: z.string(),
          opened_at: Moment,
          settled_at: Moment.nullable(),
          error_code: z.string().nullable(),
          error_detail: z.string().nullable(),
        }),
      ),
      receipts: z.array(
        z.strictObject({
          provider: z.string(),
          provider_message_id: z.string(),
          status: z.string(),
          error_code: z.string().nullable(),
          received_at: Moment,
          /** As it came. */
          body: z.string().nullable(),
        }),
      ),
    }),
  ),
  /** Stands at the end: an answer without it was cut short. */
  complete: z.literal(true),
})
export type SubjectResponse = z.infer<typeof SubjectResponse>
