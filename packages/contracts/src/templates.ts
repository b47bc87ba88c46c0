import { z } from 'zod'

const MAX_CONTENT_LENGTH = 2_000
const MAX_WEIGHT = 10_000
/** PostgreSQL's integer. */
const MAX_VERSION = 2 ** 31 - 1

export const TemplateCode = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,49}$/, 'use lower-case words such as order_confirmation')
export const Variant = z.string().regex(/^[A-Za-z0-9_-]{1,20}$/, 'use a short name such as A')
export const Content = z.string().trim().min(1).max(MAX_CONTENT_LENGTH)
const Name = z.string().trim().min(1).max(100)
const Weight = z.int().min(0).max(MAX_WEIGHT)
export const Version = z.int().min(1).max(MAX_VERSION)
const Language = z.string().regex(/^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/, 'use a tag such as zh-TW')

/** `POST /templates`: a new template, or another variant of one. */
export const CreateTemplateRequest = z.strictObject({
  code: TemplateCode,
  name: Name,
  content: Content,
  variant: Variant.default('A'),
  weight: Weight.default(100),
  active: z.boolean().default(true),
  /** Without one, that of the template; of a new one zh-TW. */
  language: Language.optional(),
})
export type CreateTemplateRequest = z.output<typeof CreateTemplateRequest>

/** `PUT /templates/:code`: what is given changes, in a new version. */
export const ChangeTemplateRequest = z.strictObject({
  variant: Variant,
  name: Name.optional(),
  content: Content.optional(),
  weight: Weight.optional(),
  active: z.boolean().optional(),
})
export type ChangeTemplateRequest = z.output<typeof ChangeTemplateRequest>

const MAX_VARIANTS = 20

/** `PUT /templates/:code/variants`: the whole template as one new version, so that weights change together. */
export const ReplaceVariantsRequest = z.strictObject({
  /** The version that this came of, 0 for a new template: what somebody else made meanwhile is not overwritten. */
  version: z.int().min(0).max(MAX_VERSION),
  name: Name,
  language: Language,
  variants: z
    .array(
      z.strictObject({ variant: Variant, content: Content, weight: Weight, active: z.boolean() }),
    )
    .min(1)
    .max(MAX_VARIANTS)
    .refine((all) => new Set(all.map(({ variant }) => variant)).size === all.length, {
      error: 'name each variant once',
    }),
})
export type ReplaceVariantsRequest = z.output<typeof ReplaceVariantsRequest>

/** `GET /templates`. */
export const TemplateFilter = z.object({
  /** In the code or the name. */
  search: z.string().trim().min(1).max(100).optional(),
  /** Whether a message could have it: one variant is active and has a weight. */
  active: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional(),
})

export const RollBackRequest = z.strictObject({ version: Version })

/** What a producer may give as values: see the clean-up in the domain. */
export const TemplateData = z.record(
  z.string().max(50),
  z.union([z.string().max(1_000), z.number()]),
)

const TemplateVariantResponse = z.strictObject({
  variant: z.string(),
  content: z.string(),
  weight: z.int(),
  active: z.boolean(),
  variables: z.array(z.string()),
  required_variables: z.array(z.string()),
})

export const TemplateResponse = z.strictObject({
  code: z.string(),
  version: z.int(),
  name: z.string(),
  language: z.string(),
  author: z.string().nullable(),
  created_at: z.iso.datetime({ offset: true }),
  variants: z.array(TemplateVariantResponse),
  /** Of a change: what it did besides. */
  warnings: z.array(z.strictObject({ code: z.string(), detail: z.string() })).optional(),
})
export type TemplateResponse = z.infer<typeof TemplateResponse>

export const TemplatesResponse = z.strictObject({
  data: z.array(TemplateResponse),
  next_cursor: z.string().nullable(),
})
export type TemplatesResponse = z.infer<typeof TemplatesResponse>

export const TemplateDiffResponse = z.strictObject({
  code: z.string(),
  from: z.int(),
  to: z.int(),
  /** One entry for each field that differs; null where there was, or is, none. */
  changes: z.array(
    z.strictObject({
      variant: z.string().nullable(),
      field: z.string(),
      before: z.union([z.string(), z.number(), z.boolean()]).nullable(),
      after: z.union([z.string(), z.number(), z.boolean()]).nullable(),
    }),
  ),
})
export type TemplateDiffResponse = z.infer<typeof TemplateDiffResponse>
