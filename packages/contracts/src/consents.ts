import { z } from 'zod'
import { PermissionKind } from '@sms-gateway/domain/suppression'
import { Channel } from './opt-outs.ts'
import { NumberWritten, pastMoment, Words } from './permission-parts.ts'

const Moment = z.iso.datetime({ offset: true })

/** `PUT /consents/:phone` */
export const ConsentRequest = z.strictObject({
  kind: PermissionKind,
  channel: Channel.default('sms'),
  granted: z.boolean(),
  source: Words(100).describe('where it was said: a form, a call, a contract'),
  wording_version: Words(50).describe('of the words that were agreed to'),
  proof: Words(2_000).optional(),
})

export const ConsentResponse = z.strictObject({
  /** Null of a person who was erased. */
  phone: z.string().nullable(),
  channel: z.string(),
  kind: PermissionKind,
  granted: z.boolean(),
  source: z.string(),
  wording_version: z.string(),
  proof: z.string().nullable(),
  at: Moment,
})
export type ConsentResponse = z.infer<typeof ConsentResponse>

/** What stands of a person, and a page of what was ever said, newest first. */
export const ConsentsResponse = z.strictObject({
  phone: z.string(),
  /** What was said last of marketing; null where nothing is recorded. */
  marketing_consent: z.boolean().nullable(),
  opt_outs: z.array(PermissionKind),
  consents: z.array(ConsentResponse),
  data: z.array(
    z.strictObject({
      change: z.enum(['opted-out', 'opt-out-lifted', 'consent-granted', 'consent-revoked']),
      channel: z.string(),
      kind: PermissionKind,
      source: z.string(),
      reason: z.string().nullable(),
      wording_version: z.string().nullable(),
      proof: z.string().nullable(),
      /** The key that asked for it. */
      actor: z.string().nullable(),
      /** When the person said so, and when we were told. */
      at: Moment,
      recorded_at: Moment,
    }),
  ),
  next_cursor: z.string().nullable(),
})
export type ConsentsResponse = z.infer<typeof ConsentsResponse>

export const CONSENT_COLUMNS = [
  'phone',
  'channel',
  'kind',
  'granted',
  'source',
  'wording_version',
  'proof',
  'at',
] as const

/** Spreadsheets write TRUE. */
const YesOrNo = z
  .string()
  .toLowerCase()
  .pipe(z.enum(['true', 'false'], { error: 'use true or false' }))
  .transform((word) => word === 'true')

/** A row of the file that `POST /consents/import` takes. An empty cell is none. */
export const ConsentRow = z.object({
  phone: NumberWritten,
  channel: Channel.default('sms'),
  kind: PermissionKind,
  granted: YesOrNo,
  source: Words(100).default('import'),
  wording_version: Words(50),
  proof: Words(2_000).optional(),
  at: pastMoment().optional(),
})
