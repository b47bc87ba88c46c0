import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'

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

const FORMAT = 1
const IV_BYTES = 12
const TAG_BYTES = 16
const MAC_BYTES = 32

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
  const header = Buffer.concat([Buffer.from([FORMAT, current.id.length]), Buffer.from(current.id)])

  return {
    seal(plaintext, context) {
      const iv = drawIv()
      const cipher = createCipheriv('aes-256-gcm', current.key, iv)
      cipher.setAAD(Buffer.from(context))
      const ciphertext = cipher.update(plaintext, 'utf8')
      cipher.final()
      return Buffer.concat([header, iv, ciphertext, cipher.getAuthTag()])
    },

    open(sealed, context) {
      const keyIdEnd = 2 + (sealed[1] ?? 0)
      const keyId = sealed.toString('utf8', 2, keyIdEnd)
      const key = keys.get(keyId)
      if (sealed[0] !== FORMAT || !key)
        throw new Error('a sealed value names a key that is not here')
      const decipher = createDecipheriv(
        'aes-256-gcm',
        key,
        sealed.subarray(keyIdEnd, keyIdEnd + IV_BYTES),
      )
      decipher.setAAD(Buffer.from(context))
      decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
      const body = sealed.subarray(keyIdEnd + IV_BYTES, -TAG_BYTES)
      return decipher.update(body, undefined, 'utf8') + decipher.final('utf8')
    },

    hash(value) {
      return createHmac('sha256', lookupKey).update(value).digest()
    },

    mac(purpose, value) {
      return createHmac('sha256', macKeyOf(purpose)).update(value).digest()
    },
  }
}

/** One call for many ivs: each call costs far more than its twelve bytes. No byte is used twice. */
const POOL_BYTES = 341 * IV_BYTES
let pool = Buffer.alloc(0)
let used = 0

function drawIv(): Buffer {
  if (used >= pool.length) {
    pool = randomBytes(POOL_BYTES)
    used = 0
  }
  used += IV_BYTES
  return pool.subarray(used - IV_BYTES, used)
}
