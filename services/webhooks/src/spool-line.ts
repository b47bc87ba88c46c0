import { z } from 'zod'
import type { NewReceipt } from '@sms-gateway/db/receipts'
import type { Vault } from '@sms-gateway/db/vault'
import type { AttemptKey } from '@sms-gateway/domain/ids'
import { MessageId } from '@sms-gateway/domain/ids'
import type { DeliveryReport } from '@sms-gateway/domain/provider'
import { DELIVERY_STATUSES, ProviderName } from '@sms-gateway/domain/provider'

/** A field that a receipt gets some day and the spool does not keep is an error of the compiler. */
type FieldsOf<T> = Record<keyof T, z.ZodType>

const Time = z.iso.datetime().transform((time) => new Date(time))

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
  dedupeBy: z.string(),
  body: z.string(),
  receivedAt: Time,
} satisfies FieldsOf<NewReceipt>)

/** Told apart from what else the same keys seal. */
const CONTEXT = 'receipt spool'

/** One line of a segment, its end included. */
export function sealLine(vault: Vault, receipt: NewReceipt): string {
  return `${vault.seal(JSON.stringify(receipt), CONTEXT).toString('base64')}\n`
}

/** `undefined` for a line that is torn, changed, sealed with a key that is not here, or of another form. */
export function openLine(vault: Vault, line: string): NewReceipt | undefined {
  try {
    return SpooledReceipt.parse(JSON.parse(vault.open(Buffer.from(line, 'base64'), CONTEXT)))
  } catch {
    return undefined
  }
}
