/** What `POST /api-keys` is asked, as a form has it: `CreateApiKeyRequest` before it is parsed. */
export interface KeyDraft {
  name: string
  client: string
  scopes: string[]
  /** `YYYY-MM-DD`, or nothing. */
  expires: string
  addresses: string
  rate: string
}

export const NEW_KEY: KeyDraft = {
  name: '',
  client: '',
  scopes: ['send', 'read'],
  expires: '',
  addresses: '',
  rate: '',
}

export type KeyFault = 'required' | 'noScope' | 'badRate'
const MAX_RATE = 1_000_000

export function checkKey(draft: KeyDraft): Partial<Record<keyof KeyDraft, KeyFault>> {
  const rate = Number(draft.rate)
  const isRate = draft.rate === '' || (Number.isInteger(rate) && rate >= 1 && rate <= MAX_RATE)
  return {
    ...(draft.name.trim() === '' && { name: 'required' }),
    ...(draft.client.trim() === '' && { client: 'required' }),
    ...(draft.scopes.length === 0 && { scopes: 'noScope' }),
    ...(!isRate && { rate: 'badRate' }),
  }
}

export function toKeyRequest({ name, client, scopes, expires, addresses, rate }: KeyDraft) {
  const allowed = addresses.split(/[\s,，、]+/).filter((address) => address !== '')
  return {
    name: name.trim(),
    client_name: client.trim(),
    scopes,
    ...(expires !== '' && { expires_at: endOfDay(expires) }),
    ...(allowed.length > 0 && { allowed_addresses: allowed }),
    ...(rate !== '' && { rate_per_minute: Number(rate) }),
  }
}

/** Of the browser's time zone. */
function endOfDay(day: string): string {
  return new Date(`${day}T23:59:59.999`).toISOString()
}

export type KeyState = 'active' | 'revoked' | 'expired'

export function stateOf(
  key: { revoked_at: string | null; expires_at: string | null },
  now: Date,
): KeyState {
  if (key.revoked_at !== null) return 'revoked'
  return key.expires_at !== null && new Date(key.expires_at) <= now ? 'expired' : 'active'
}
