import type { Request } from 'express'

/** By what a request says who asks: an API key, or the cookie of who has signed in. */
export type Credential = { kind: 'key'; key: string } | { kind: 'session'; token: string }

export const SESSION_COOKIE = 'sms_session'

// RFC 6750's token, within what a key can be.
const BEARER = /^Bearer +([A-Za-z0-9._~+/=-]{1,256})$/i
/** Also of what is none: whoever writes it does not mean the cookie. */
const BEARER_SCHEME = /^Bearer\b/i

/** A key wins over a cookie. Other schemes are none of ours: a proxy in front may ask for a password. */
export function readCredential(req: Request): Credential | undefined {
  const authorization = req.headers.authorization ?? ''
  if (BEARER_SCHEME.test(authorization)) {
    const key = BEARER.exec(authorization)?.[1]
    return key === undefined ? undefined : { kind: 'key', key }
  }
  const token = readCookie(req, SESSION_COOKIE)
  return token === undefined ? undefined : { kind: 'session', token }
}

const COOKIE_VALUE = /^[A-Za-z0-9._~-]{1,4096}$/

/** `undefined` where there are two of the name too: one of them was put there from a neighbouring host. */
export function readCookie({ headers }: Request, name: string): string | undefined {
  const values = (headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1))
  const [value = ''] = values
  return values.length === 1 && COOKIE_VALUE.test(value) ? value : undefined
}
