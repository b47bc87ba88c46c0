import type { OidcFailure } from './oidc-client.ts'

const AWAY: ReadonlySet<string> = new Set(['OAUTH_TIMEOUT', 'OAUTH_ABORT', 'TimeoutError'])

/** What went wrong in a word: the library's errors hold answers, and those hold tokens. */
export function toIssuerFailure(err: unknown): { kind: OidcFailure; reason: string } {
  if (!(err instanceof Error)) return { kind: 'failed', reason: 'unknown' }
  const reason = 'code' in err && typeof err.code === 'string' ? err.code : err.name
  return { kind: isAway(err) || AWAY.has(reason) ? 'unavailable' : 'failed', reason }
}

/** What Node's fetch says of a connection that was refused or broke off. */
function isAway({ name, message }: Error): boolean {
  return name === 'TypeError' && message === 'fetch failed'
}
