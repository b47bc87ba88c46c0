import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

const IV_BYTES = 12
const TAG_BYTES = 16

/** AES-256-GCM: `header | iv (12) | ciphertext | tag (16)`. The context is authenticated, the header is not secret. */
export function sealWith(
  key: Buffer,
  { header, plaintext, context }: { header: Buffer; plaintext: string; context: string },
): Buffer {
  const iv = drawBytes(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  cipher.setAAD(Buffer.from(context))
  const ciphertext = cipher.update(plaintext, 'utf8')
  cipher.final()
  return Buffer.concat([header, iv, ciphertext, cipher.getAuthTag()])
}

/** Throws when the key is another one, or the value was changed or moved. */
export function openWith(
  key: Buffer,
  { headerBytes, sealed, context }: { headerBytes: number; sealed: Buffer; context: string },
): string {
  const bodyStart = headerBytes + IV_BYTES
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(headerBytes, bodyStart))
  decipher.setAAD(Buffer.from(context))
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
  const body = sealed.subarray(bodyStart, -TAG_BYTES)
  return decipher.update(body, undefined, 'utf8') + decipher.final('utf8')
}

/** One call for many ivs and keys: each call costs far more than its few bytes. No byte is used twice. */
const POOL_BYTES = 4_096
let pool = Buffer.alloc(0)
let used = 0

export function drawBytes(count: number): Buffer {
  if (used + count > pool.length) {
    pool = randomBytes(POOL_BYTES)
    used = 0
  }
  used += count
  return pool.subarray(used - count, used)
}
