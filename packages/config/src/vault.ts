import { z } from 'zod'
import type { Values } from '@sms-gateway/service-kit/environment-variables'
import { parsed } from '@sms-gateway/service-kit/environment-variables'

const KEY_BYTES = 32
const EXAMPLE_KEY = 'MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY='

const Key = z
  .string()
  .regex(/^[A-Za-z0-9+/]{43}=$/)
  .transform((text) => Buffer.from(text, 'base64'))
  .refine((key) => key.length === KEY_BYTES)

const EncryptionKey = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,32}:/)
  .transform((text) => text.split(':'))
  .pipe(z.tuple([z.string(), Key]))
  .transform(([id, key]) => ({ id, key }))

const EncryptionKeys = z
  .string()
  .transform((text) => text.split(',').map((entry) => entry.trim()))
  .pipe(z.array(EncryptionKey).min(1))
  .refine((keys) => new Set(keys.map(({ id }) => id)).size === keys.length)

export const vaultVariables = {
  SMS_ENCRYPTION_KEYS: parsed(EncryptionKeys, {
    form: 'id:base64 of 32 bytes, more after commas, no id twice',
    example: `k1:${EXAMPLE_KEY}`,
  }),
  SMS_LOOKUP_KEY: parsed(Key, { form: 'base64 of 32 bytes', example: EXAMPLE_KEY }),
}

export function toVaultConfig({
  SMS_ENCRYPTION_KEYS,
  SMS_LOOKUP_KEY,
}: Values<typeof vaultVariables>) {
  return { encryptionKeys: SMS_ENCRYPTION_KEYS, lookupKey: SMS_LOOKUP_KEY }
}
