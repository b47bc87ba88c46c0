import { createHmac, hkdfSync } from 'node:crypto'
import { openWith, sealWith } from './sealed-value.ts'

export interface EncryptionKey {
  id: string
  key: Buffer
}

export interface VaultConfig {
  /** The first encrypts, all decrypt: that is how keys are rotated. */
  encryptionKeys: readonly EncryptionKey[]
  /** Apart from the encryption keys, so that rotating those loses no opt-out. */
  lookupKey: Buffer
}

/** What is about a person is sealed under that person's own key instead: see `subject.ts`. */
export interface Vault {
  /** `context` (the row's id, say) is authenticated: a sealed value copied to another row does not open there. */
  seal: (plaintext: string, context: string) => Buffer
  /** Throws when the key is unknown, or the value was changed or moved. */
  open: (sealed: Buffer, context: string) => string
  /** The keyed hash (32 bytes) that finds a number without knowing it. */
  hash: (value: string) => Buffer
  /** An authentication code (32 bytes) under a key of this purpose's own: one says nothing about another's. */
  mac: (purpose: string, value: string) => Buffer
}

const MAC_BYTES = 32
/** The first byte of what an encryption key has sealed. */
export const VAULT_FORMAT = 1

/**
 * AES-256-GCM; a sealed value is `format (1) | key id length (1) | key id | iv (12) | ciphertext | tag (16)`.
 * Ivs are random: rotate a key before it has sealed 2^32 values (NIST SP 800-38D, 8.3).
 */
export function createVault({ encryptionKeys, lookupKey }: VaultConfig): Vault {
  const [current] = encryptionKeys
  if (!current) throw new Error('no encryption key was given')
  const keys = new Map(encryptionKeys.map(({ id, key }) => [id, key]))
  const macKeys = new Map<string, Buffer>()
  const macKeyOf = (purpose: string): Buffer => {
    const known = macKeys.get(purpose)
    if (known) return known
    const key = Buffer.from(hkdfSync('sha256', lookupKey, '', `sms-gateway ${purpose}`, MAC_BYTES))
    macKeys.set(purpose, key)
    return key
  }
  const header = Buffer.concat([
    Buffer.from([VAULT_FORMAT, current.id.length]),
    Buffer.from(current.id),
  ])

  return {
    seal: (plaintext, context) => sealWith(current.key, { header, plaintext, context }),

    open(sealed, context) {
      const headerBytes = 2 + (sealed[1] ?? 0)
      const key = keys.get(sealed.toString('utf8', 2, headerBytes))
      if (sealed[0] !== VAULT_FORMAT || !key)
        throw new Error('a sealed value names a key that is not here')
      return openWith(key, { headerBytes, sealed, context })
    },

    hash(value) {
      return createHmac('sha256', lookupKey).update(value).digest()
    },

    mac(purpose, value) {
      return createHmac('sha256', macKeyOf(purpose)).update(value).digest()
    },
  }
}
