import { z } from 'zod'
import { PermissionKind } from '@sms-gateway/domain/suppression'
import { NumberWritten, pastMoment, Words } from './permission-parts.ts'

const Moment = z.iso.datetime({ offset: true })
export const Channel = z.enum(['sms'])

/** `GET /opt-outs`, besides its page. */
export const OptOutsQuery = z.object({
  kind: PermissionKind.optional(),
  channel: Channel.optional(),
  source: Words(50).optional(),
})

/** `PUT /opt-outs/:phone` */
export const OptOutRequest = z
  .strictObject({
    kind: PermissionKind.default('all'),
    channel: Channel.default('sms'),
    reason: Words(200).optional(),
  })
  .prefault({})

/** `DELETE /opt-outs/:phone?kind=&channel=` */
export const LiftOptOutQuery = z.object({
  kind: PermissionKind.default('all'),
  channel: Channel.default('sms'),
})

export const OptOutResponse = z.strictObject({
  /** Null of a person who was erased: the opt-out goes on without it. */
  phone: z.string().nullable(),
  channel: z.string(),
  kind: PermissionKind,
  /** What it came by: `operator`, `import`, `link`, `keyword`, or the provider that said it. */
  source: z.string(),
  reason: z.string().nullable(),
  created_at: Moment,
})
export type OptOutResponse = z.infer<typeof OptOutResponse>

export const OptOutsResponse = z.strictObject({
  data: z.array(OptOutResponse),
  next_cursor: z.string().nullable(),
})
export type OptOutsResponse = z.infer<typeof OptOutsResponse>

export const OPT_OUT_COLUMNS = [
  'phone',
  'channel',
  'kind',
  'source',
  'reason',
  'created_at',
] as const

/** A row of the file that `POST /opt-outs/import` takes. An empty cell is none. */
export const OptOutRow = z.object({
  phone: NumberWritten,
  channel: Channel.default('sms'),
  kind: PermissionKind.default('all'),
  source: Words(50).default('import'),
  reason: Words(200).optional(),
  created_at: pastMoment().optional(),
})

/** What became of a file: bad rows never spoil the good. */
export const ImportResponse = z.strictObject({
  rows: z.int(),
  imported: z.int(),
  /** They said nothing new. */
  unchanged: z.int(),
  rejected: z.int(),
  /** The first thousand. The row of the column names is 1. */
  rejects: z.array(z.strictObject({ row: z.int(), code: z.string(), detail: z.string() })),
  ignored_columns: z.array(z.string()),
})
export type ImportResponse = z.infer<typeof ImportResponse>
