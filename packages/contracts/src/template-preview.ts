import { z } from 'zod'
import { ProviderName } from '@sms-gateway/domain/provider'
import { Content, TemplateData, Variant, Version } from './templates.ts'

/** `POST /templates/:code/preview`. */
export const PreviewRequest = z.strictObject({
  template_data: TemplateData.default({}),
  /** A text that is not stored, instead of that of a variant: the template need not be there then. */
  content: Content.optional(),
  /** Without one, the variant that most get. */
  variant: Variant.optional(),
  version: Version.optional(),
  /** Whose sender name the text is to bear. */
  customer_id: z
    .string()
    .min(1)
    .max(100)
    .refine((id) => !id.includes('\0'), { error: 'use no NUL' })
    .optional(),
})
export type PreviewRequest = z.output<typeof PreviewRequest>

/** How a text would go out. */
const TextPreviewResponse = z.strictObject({
  message: z.string(),
  encoding: z.enum(['GSM-7', 'UCS-2']),
  segments: z.int(),
  /** Each character that forces UCS-2, once. */
  ucs2_characters: z.array(z.string()),
  cost: z.array(
    z.strictObject({ provider: ProviderName, amount: z.string(), currency: z.string() }),
  ),
  warnings: z.array(z.strictObject({ code: z.string(), detail: z.string() })),
  /** What GSM-7 twins of typographic characters save (`SMS_SMART_ENCODING`); null where they save nothing. */
  smart_encoding: z
    .strictObject({
      /** Whether it is on: then all the rest is of this text. */
      applied: z.boolean(),
      message: z.string(),
      segments: z.int(),
      saved_segments: z.int(),
      replaced: z.array(z.strictObject({ from: z.string(), to: z.string() })),
    })
    .nullable(),
})
export type TextPreviewResponse = z.infer<typeof TextPreviewResponse>

export const PreviewResponse = TextPreviewResponse.extend({
  code: z.string(),
  /** Null, and the variant too, for a text that is not stored. */
  version: z.int().nullable(),
  variant: z.string().nullable(),
  /** The others of the version, so that they can be compared; none where a variant was asked for. */
  others: z.array(
    z.strictObject({
      variant: z.string(),
      /** Values that it needs and that were not given: then there is no preview. */
      missing: z.array(z.string()),
      preview: TextPreviewResponse.nullable(),
    }),
  ),
})
export type PreviewResponse = z.infer<typeof PreviewResponse>
