import { timingSafeEqual } from 'node:crypto'
import { Phone } from '@sms-gateway/domain/phone'
import type { PermissionKind } from '@sms-gateway/domain/suppression'
import type { Vault } from './vault.ts'

type Keys = Pick<Vault, 'mac'>

/** Whom a link is for, and of what it opts them out. */
export interface OptOutLink {
  phone: Phone
  kind: PermissionKind
}

const TAGS = 'opt-out link tag 1'
const MASKS = 'opt-out link mask 1'
const TAG_BYTES = 10
const BODY_BYTES = 10
const DAY_MS = 86_400_000
const KINDS: readonly PermissionKind[] = ['marketing', 'all']

/**
 * 27 characters, since each of a text costs: `tag (10) | body (10)`, in base64url. The body is kind, last day and number;
 * the tag is its code under a key of the links' own, and the body is masked by what follows from the tag under another
 * (a synthetic IV). So nobody reads a number in it, makes one, or needs a row to open it.
 */
export function makeOptOutToken(keys: Keys, { phone, kind }: OptOutLink, expiresAt: Date): string {
  const body = Buffer.alloc(BODY_BYTES)
  body.writeUInt8(KINDS.indexOf(kind), 0)
  body.writeUInt16BE(Math.ceil(expiresAt.getTime() / DAY_MS), 1)
  body.write(BigInt(phone.slice(1)).toString(16).padStart(14, '0'), 3, 'hex')
  const tag = tagOf(keys, body)
  return Buffer.concat([tag, mask(keys, tag, body)]).toString('base64url')
}

export type OptOutTokenReading =
  ({ kind: 'ok' } & { link: OptOutLink }) | { kind: 'forged' | 'expired' }

export function readOptOutToken(keys: Keys, token: string, now: Date): OptOutTokenReading {
  if (!/^[A-Za-z0-9_-]{27}$/.test(token)) return { kind: 'forged' }
  const bytes = Buffer.from(token, 'base64url')
  const tag = bytes.subarray(0, TAG_BYTES)
  const body = mask(keys, tag, bytes.subarray(TAG_BYTES))
  if (!timingSafeEqual(tag, tagOf(keys, body))) return { kind: 'forged' }
  const kind = KINDS[body.readUInt8(0)]
  const phone = Phone.safeParse(`+${BigInt(`0x${body.toString('hex', 3)}`)}`)
  if (!kind || !phone.success) return { kind: 'forged' }
  if (body.readUInt16BE(1) * DAY_MS < now.getTime()) return { kind: 'expired' }
  return { kind: 'ok', link: { kind, phone: phone.data } }
}

function tagOf(keys: Keys, body: Buffer): Buffer {
  return keys.mac(TAGS, body.toString('hex')).subarray(0, TAG_BYTES)
}

function mask(keys: Keys, tag: Buffer, body: Buffer): Buffer {
  const stream = keys.mac(MASKS, tag.toString('hex'))
  return Buffer.from(body.map((byte, index) => byte ^ (stream[index] ?? 0)))
}
