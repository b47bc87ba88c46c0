import { z } from 'zod'
import { Lane } from '@sms-gateway/domain/lane'
import { TemplateCode, TemplateData } from './templates.ts'

const MAX_TEXT_LENGTH = 5_000

export const MessageType = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,49}$/, 'use a lower-case word such as order_confirmation')

const Moment = z.iso
  .datetime({
    offset: true,
    error: 'use RFC 3339 with an offset, such as 2026-01-31T09:00:00+08:00',
  })
  .transform((text) => new Date(text))

const MAX_METADATA_KEYS = 50
/** As JSON in UTF-8. It is kept with each message, and leaves with each answer and each event about it. */
export const MAX_METADATA_BYTES = 4_096

export const Phone = z.string().min(1).max(40).describe('Taiwan local (0912345678), or E.164')
export const CustomerId = z.string().min(1).max(100)

const CONTENT = {
  message: z.string().min(1).max(MAX_TEXT_LENGTH).optional(),
  template_code: TemplateCode.optional(),
}
const CIRCUMSTANCES = {
  message_type: MessageType,
  customer_id: CustomerId.optional(),
  channel: z.enum(['sms']).optional(),
  priority: Lane.optional(),
  schedule_at: Moment.optional(),
  expires_at: Moment.optional(),
  media_urls: z
    .array(z.url({ protocol: /^https$/ }).max(2_000))
    .max(10)
    .optional(),
  metadata: z
    .record(z.string().min(1).max(100), z.unknown())
    .refine((value) => Object.keys(value).length <= MAX_METADATA_KEYS, {
      error: `use at most ${MAX_METADATA_KEYS} keys`,
    })
    .meta({
      maxProperties: MAX_METADATA_KEYS,
      description: `Yours, and given back as it is: at most ${MAX_METADATA_BYTES} bytes as JSON in UTF-8, else 422 \`metadata-too-large\``,
    })
    .optional(),
}
/** What the messages of a batch have in common. */
export const SHARED_FIELDS = { ...CONTENT, ...CIRCUMSTANCES }

export function hasOneContent(fields: {
  message?: string | undefined
  template_code?: string | undefined
}): boolean {
  return (fields.message === undefined) !== (fields.template_code === undefined)
}
export const ONE_CONTENT = { error: 'give either message or template_code', path: ['message'] }

/** `POST /send`: contract.md, 3. Unknown fields are refused, so that a producer learns early of a misspelt one. */
export const SendRequest = z
  .strictObject({
    phone: Phone,
    ...CONTENT,
    template_data: TemplateData.optional(),
    ...CIRCUMSTANCES,
  })
  .refine(hasOneContent, ONE_CONTENT)
  .refine(
    ({ template_code: code, template_data: data }) => data === undefined || code !== undefined,
    {
      error: 'template_data goes with template_code: a message is sent as it stands',
      path: ['template_data'],
    },
  )
export type SendRequest = z.output<typeof SendRequest>

/** Up to 255 visible characters; the quoted form of the IETF draft is the same key as the bare one. */
export const IdempotencyKey = z
  .string()
  .transform((key) => (/^".*"$/.test(key) ? key.slice(1, -1) : key))
  .pipe(z.string().regex(/^[\x21-\x7e]{1,255}$/, 'use 1 to 255 visible ASCII characters'))
