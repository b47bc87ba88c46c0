import { hash } from 'node:crypto'
import { drawBytes, openWith, sealWith } from './sealed-value.ts'
import type { Vault } from './vault.ts'
import { VAULT_FORMAT } from './vault.ts'

/** Opens what is held about one person. */
export interface SubjectReader {
  /**
   * `undefined` for what was erased: blanked, or sealed under a key that is destroyed. Throws when the value was changed
   * or moved to another row.
   */
  open: (sealed: Buffer, context: string) => string | undefined
}

/** One person: all that is held about them is sealed under a random key of their own, so that erasing it erases all. */
export interface Subject extends SubjectReader {
  seal: (plaintext: string, context: string) => Buffer
}

/** The first byte of what a person's own key has sealed: `format (1) | key id (8) | iv (12) | ciphertext | tag (16)`. */
const SUBJECT_FORMAT = 2
const SUBJECT_KEY_ID_BYTES = 8
const HEADER_BYTES = 1 + SUBJECT_KEY_ID_BYTES
const KEY_BYTES = 32

/** What is blanked by an erasure is left empty. */
export const BLANK = Buffer.alloc(0)

export interface NewSubjectKey {
  id: Buffer
  cipher: Buffer
  /** Whom it is of, once it is stored. */
  subject: Subject
}

/** A new key for a person, sealed by the vault's current one. */
export function createSubjectKey(vault: Vault, recipientHash: Buffer): NewSubjectKey {
  const key = drawBytes(KEY_BYTES)
  const id = toKeyId(key)
  const cipher = vault.seal(key.toString('base64'), toKeyContext(recipientHash))
  return { id, cipher, subject: toSubject(vault, { key, id }) }
}

export function openSubject(vault: Vault, recipientHash: Buffer, keyCipher: Buffer): Subject {
  const key = Buffer.from(vault.open(keyCipher, toKeyContext(recipientHash)), 'base64')
  return toSubject(vault, { key, id: toKeyId(key) })
}

function toSubject(vault: Vault, { key, id }: { key: Buffer; id: Buffer }): Subject {
  const header = Buffer.concat([Buffer.from([SUBJECT_FORMAT]), id])
  return {
    seal: (plaintext, context) => sealWith(key, { header, plaintext, context }),
    open(sealed, context) {
      if (sealed[0] !== SUBJECT_FORMAT) return openDirectly(vault, sealed, context)
      if (!sealed.subarray(1, HEADER_BYTES).equals(id)) return undefined
      return openWith(key, { headerBytes: HEADER_BYTES, sealed, context })
    },
  }
}

/** Where the row of the person's key may be gone. */
export function readSubject(
  vault: Vault,
  recipientHash: Buffer,
  keyCipher: Buffer | null,
): SubjectReader {
  if (keyCipher) return openSubject(vault, recipientHash, keyCipher)
  return {
    open: (sealed, context) =>
      sealed[0] === SUBJECT_FORMAT ? undefined : openDirectly(vault, sealed, context),
  }
}

/** Of a row with its person's key; null for what is not there, or was erased. */
export function openFor(
  vault: Vault,
  person: { recipient_hash: Buffer; key_cipher: Buffer | null },
  sealed: Buffer | null,
  context: string,
): string | null {
  if (sealed === null) return null
  return readSubject(vault, person.recipient_hash, person.key_cipher).open(sealed, context) ?? null
}

/** What was sealed before people had keys of their own. */
function openDirectly(vault: Vault, sealed: Buffer, context: string): string | undefined {
  if (sealed.length === 0) return undefined
  if (sealed[0] !== VAULT_FORMAT) throw new Error('a sealed value has a form that nobody knows')
  return vault.open(sealed, context)
}

/** Tells a value under a destroyed key from one that was tampered with. */
function toKeyId(key: Buffer): Buffer {
  return hash('sha256', key, 'buffer').subarray(0, SUBJECT_KEY_ID_BYTES)
}

function toKeyContext(recipientHash: Buffer): string {
  return `subject key ${recipientHash.toString('hex')}`
}
