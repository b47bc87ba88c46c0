import { randomBytes } from 'node:crypto'
import { isIPv6 } from 'node:net'
import { findApiClient, hashApiKey } from '@sms-gateway/db/api-keys'
import type { Db } from '@sms-gateway/db/connect'
import { deleteSession, deleteSessionsOfKey, insertSession } from '@sms-gateway/db/sessions'
import type { Vault } from '@sms-gateway/db/vault'
import { hashKey } from '@sms-gateway/service-kit/key-cache'
import type { CountInWindows } from '@sms-gateway/service-kit/rate-limit'

/** Who has just signed in: the cookie is for their browser alone, and its value is kept nowhere. */
export interface SignedIn {
  token: string
  expiresAt: Date
}

export interface Sessions {
  /** `undefined`: a key that is none, or no longer; which of them is not told. */
  findKey: (key: string) => ReturnType<typeof findApiClient>
  /** A new token each time: one that somebody knew before is never made good. */
  open: (keyId: string) => Promise<SignedIn>
  /** Done before, nothing changes. Other processes may know it for 5 s more. */
  close: (token: string) => Promise<void>
  /** All of the key, wherever they are; other processes, and this one, may know them for 5 s more. */
  closeAll: (keyId: string) => Promise<void>
  /** Takes one of the address's tries; how long it has to wait where none is left. */
  takeTry: (address: string) => Promise<{ waitMs: number | undefined }>
  /** It was a good one: only wrong ones count. */
  giveTryBack: (address: string) => Promise<void>
}

export interface SessionDeps {
  db: Db
  vault: Vault
  countInWindows: CountInWindows
  forget: (token: string) => void
}

const TOKEN_BYTES = 32
/** Of one address. People mistype; a key is too long to be guessed, so this is against noise. */
const WRONG_A_MINUTE = 10

export function createSessions({ db, vault, countInWindows, forget }: SessionDeps): Sessions {
  const count = async (address: string, tries: number) => {
    const [window] = await countInWindows([{ keyId: windowOf(vault, address), count: tries }])
    return window ?? { used: 0, resetMs: 0 }
  }
  return {
    findKey: (key) => findApiClient(db, hashApiKey(key)),
    async open(keyId) {
      const token = randomBytes(TOKEN_BYTES).toString('base64url')
      const { expiresAt } = await insertSession(db, { tokenHash: hashToken(token), keyId })
      return { token, expiresAt }
    },
    async close(token) {
      await deleteSession(db, hashToken(token))
      forget(token)
    },
    closeAll: (keyId) => deleteSessionsOfKey(db, keyId),
    async takeTry(address) {
      const { used, resetMs } = await count(address, 1)
      return { waitMs: used > WRONG_A_MINUTE ? resetMs : undefined }
    },
    async giveTryBack(address) {
      await count(address, -1)
    },
  }
}

function hashToken(token: string): Buffer {
  return Buffer.from(hashKey(token), 'hex')
}

/** Counted where the requests of keys are, under an id that tells nothing. Who has one IPv6 address has all of its /64. */
function windowOf(vault: Vault, address: string): string {
  const network = isIPv6(address) ? networkOf(address) : address
  const hex = vault.mac('sign-in', network).toString('hex')
  return hex.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

function networkOf(address: string): string {
  const [plain = ''] = address.split('%')
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain)?.[1]
  if (mapped !== undefined) return mapped
  // As the URL parser writes it, each address has one form; `::` stands for the zeros that fill it up to eight.
  const [before = '', after] = new URL(`http://[${plain}]`).hostname.slice(1, -1).split('::')
  const groups = before === '' ? [] : before.split(':')
  const missing = after === undefined ? 0 : 8 - groups.length - after.split(':').length
  return [...groups, ...Array.from({ length: missing }, () => '0')].slice(0, 4).join(':')
}
