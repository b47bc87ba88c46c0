import { z } from 'zod'
import type { NewReceipt } from '@sms-gateway/db/receipts'
import type { Vault } from '@sms-gateway/db/vault'
import type { AttemptKey } from '@sms-gateway/domain/ids'
import { MessageId } from '@sms-gateway/domain/ids'
import { Phone } from '@sms-gateway/domain/phone'
import type { DeliveryReport } from '@sms-gateway/domain/provider'
import { DELIVERY_STATUSES, ProviderName } from '@sms-gateway/domain/provider'
import type { FieldsOf, SpoolCodec } from './spool-line.ts'
import { createCodec, Time } from './spool-line.ts'

/** Strict: what a newer process wrote and this one would drop a part of is left to be read by that one. */
const SpooledReceipt = z.strictObject({
  provider: ProviderName,
  report: z.strictObject({
    reference: z.string(),
    status: z.enum(DELIVERY_STATUSES),
    errorCode: z.string().exactOptional(),
    detail: z.string().exactOptional(),
    optedOut: z.boolean().exactOptional(),
    at: Time.exactOptional(),
  } satisfies FieldsOf<DeliveryReport>),
  attempt: z
    .strictObject({ messageId: MessageId, number: z.int() } satisfies FieldsOf<AttemptKey>)
    .nullable(),
  recipient: Phone.nullable().default(null),
  dedupeBy: z.string(),
  body: z.string(),
  receivedAt: Time,
} satisfies FieldsOf<NewReceipt>)

export function createReceiptCodec(vault: Vault): SpoolCodec<NewReceipt> {
  return createCodec(vault, 'receipt spool', SpooledReceipt)
}
