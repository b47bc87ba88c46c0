import type { CallOptions } from '../../test-support/api.ts'

/** What a test knows that an attacker may know too. */
export interface Target {
  /** Of the gateway. */
  url: string
  /** Of an API client with every scope but `admin` and `privacy`. */
  mallory: string
  /** Of another client: a message that waits, and one that a provider took. */
  held: string
  sent: string
  sentReference: string
  others: { callback: string; campaign: string }
}

export interface HostileInput {
  name: string
  path: string
  options: CallOptions
  status: number
  code: string
}

/** All under `/api/v1/sms` but for a path that begins with `!`, which is taken as it stands. */
export function hostile(
  name: string,
  path: string,
  options: CallOptions,
  [status, code]: [number, string],
): HostileInput {
  const full = path.startsWith('!') ? path.slice(1) : `/api/v1/sms${path}`
  return { name, path: full, options, status, code }
}

export const BAD_JSON: [number, string] = [400, 'invalid-json']
export const BAD_REQUEST: [number, string] = [400, 'invalid-request']
