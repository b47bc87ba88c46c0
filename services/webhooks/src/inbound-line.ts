import { z } from 'zod'
import type { NewInbound } from '@sms-gateway/db/inbound'
import type { Vault } from '@sms-gateway/db/vault'
import type { InboundText } from '@sms-gateway/domain/inbound'
import { KEYWORDS } from '@sms-gateway/domain/keywords'
import { ProviderName } from '@sms-gateway/domain/provider'
import type { FieldsOf, SpoolCodec } from './spool-line.ts'
import { createCodec, Time } from './spool-line.ts'

/** Strict, as receipts are. */
const SpooledInbound = z.strictObject({
  id: z.uuidv7(),
  inbound: z.strictObject({
    provider: ProviderName,
    reference: z.string(),
    from: z.string(),
    to: z.string().nullable(),
    text: z.string(),
    mediaUrls: z.array(z.string()).readonly(),
    providerKeyword: z.enum(KEYWORDS).nullable(),
  } satisfies FieldsOf<InboundText>),
  receivedAt: Time,
} satisfies FieldsOf<NewInbound>)

export function createInboundCodec(vault: Vault): SpoolCodec<NewInbound> {
  return createCodec(vault, 'inbound spool', SpooledInbound)
}
