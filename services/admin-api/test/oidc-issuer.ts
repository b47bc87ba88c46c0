import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import type { CleanUp } from '../../all-in-one/test-support/clean-up.ts'

export interface Issuer {
  url: string
  /** Whom it says is there, and what of it is wrong. */
  says: { claims: Record<string, unknown>; change?: Record<string, unknown>; userInfo?: object }
  /** Of the answers it has given, by path. */
  asked: string[]
  /** Takes requests and never answers. */
  hang: boolean
  close: () => Promise<void>
}

export const CLIENT = { clientId: 'sms-gateway', clientSecret: 'a secret: with + and %' }

/** A small OpenID provider: the code flow with PKCE, each code once, RS256. */
export async function startIssuer(cleanUp: CleanUp): Promise<Issuer> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const codes = new Map<string, URLSearchParams>()
  const issuer: Issuer = {
    ...{ url: '', says: { claims: { sub: 'u-1' } }, asked: [], hang: false },
    close: () => Promise.resolve(),
  }
  const signToken = (claims: object) => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const input = `${part({ alg: 'RS256', kid: 'k1' })}.${part(claims)}`
    return `${input}.${sign('sha256', Buffer.from(input), privateKey).toString('base64url')}`
  }
  const answers: Record<string, (req: IncomingMessage, url: URL) => Promise<Answer>> = {
    '/.well-known/openid-configuration': () =>
      json({
        issuer: issuer.url,
        authorization_endpoint: `${issuer.url}/authorize`,
        token_endpoint: `${issuer.url}/token`,
        userinfo_endpoint: `${issuer.url}/userinfo`,
        jwks_uri: `${issuer.url}/jwks`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
        code_challenge_methods_supported: ['S256'],
      }),
    '/jwks': () =>
      json({
        keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'RS256', use: 'sig' }],
      }),
    '/authorize': (_req, { searchParams }) => {
      const code = randomBytes(16).toString('hex')
      codes.set(code, searchParams)
      const back = new URL(searchParams.get('redirect_uri') ?? '')
      back.searchParams.set('code', code)
      back.searchParams.set('state', searchParams.get('state') ?? '')
      return Promise.resolve({ status: 302, headers: { location: back.href }, body: '' })
    },
    '/token': async (req) => {
      const form = new URLSearchParams(await text(req))
      const code = form.get('code') ?? ''
      const asked = codes.get(code)
      codes.delete(code)
      const challenge = createHash('sha256')
        .update(form.get('code_verifier') ?? '')
        .digest('base64url')
      const isClient = isOurs(req.headers.authorization)
      if (!asked || !isClient || challenge !== asked.get('code_challenge')) {
        return json({ error: 'invalid_grant' }, 400)
      }
      const now = Math.floor(Date.now() / 1_000)
      const token = {
        ...{ iss: issuer.url, aud: CLIENT.clientId, iat: now, exp: now + 60 },
        ...{ nonce: asked.get('nonce'), ...issuer.says.claims, ...issuer.says.change },
      }
      return json({ access_token: 'at', token_type: 'Bearer', id_token: signToken(token) })
    },
    '/userinfo': () => json({ sub: issuer.says.claims['sub'], ...issuer.says.userInfo }),
  }
  const server = createServer((req, res) => {
    void answer(req, res)
  })
  const answer = async (req: IncomingMessage, res: ServerResponse) => {
    const url = new URL(req.url ?? '', issuer.url)
    issuer.asked.push(url.pathname)
    if (issuer.hang) return
    const { status, headers, body } = (await answers[url.pathname]?.(req, url)) ?? {
      ...{ status: 404, headers: {}, body: '' },
    }
    res.writeHead(status, headers).end(body)
  }
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  issuer.url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  issuer.close = () =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  cleanUp(() => issuer.close())
  return issuer
}

interface Answer {
  status: number
  headers: Record<string, string>
  body: string
}

function json(value: object, status = 200): Promise<Answer> {
  const headers = { 'content-type': 'application/json' }
  return Promise.resolve({ status, headers, body: JSON.stringify(value) })
}

/** RFC 6749, 2.3.1: both are form-encoded before they become a Basic credential. */
function isOurs(authorization = ''): boolean {
  const [, credentials = ''] = authorization.split(' ')
  const [id, secret] = Buffer.from(credentials, 'base64')
    .toString()
    .split(':')
    .map((part) => new URLSearchParams(`a=${part}`).get('a'))
  return id === CLIENT.clientId && secret === CLIENT.clientSecret
}
