import { z } from 'zod'
import { CustomerId, hasOneContent, ONE_CONTENT, Phone, SHARED_FIELDS } from './send-request.ts'
import { TemplateData } from './templates.ts'

const MAX_BULK_RECIPIENTS = 10_000

export const BulkRecipient = z.strictObject({
  phone: Phone,
  data: TemplateData.optional().describe('Values for the template'),
  customer_id: CustomerId.optional(),
})
export type BulkRecipient = z.output<typeof BulkRecipient>

/** A recipient is checked by itself, and one that is wrong is among the rejected: it never spoils the good. */
export function readRecipient(value: unknown) {
  return BulkRecipient.safeParse(value)
}

/** `POST /bulk`: contract.md, 3. */
export const BulkRequest = z
  .strictObject({
    recipients: z
      .array(z.unknown().meta(documented(BulkRecipient)))
      .min(1)
      .max(MAX_BULK_RECIPIENTS),
    ...SHARED_FIELDS,
  })
  .refine(hasOneContent, ONE_CONTENT)
export type BulkRequest = z.output<typeof BulkRequest>

export const BulkResponse = z.strictObject({
  batch_id: z.uuid(),
  accepted: z.int().min(0),
  rejected: z.array(
    z.strictObject({
      index: z.int().min(0).describe('In recipients, from 0'),
      code: z.string(),
      detail: z.string(),
    }),
  ),
})
export type BulkResponse = z.output<typeof BulkResponse>

export function documented(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'input' })
  return rest
}
