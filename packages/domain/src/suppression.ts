import { z } from 'zod'

/** What somebody refuses: `marketing` alone, or `all` that would reach them on a channel. */
export const PermissionKind = z.enum(['marketing', 'all'])
export type PermissionKind = z.infer<typeof PermissionKind>

/** What a person lets us send on a channel, as far as it is recorded. */
export interface Permissions {
  optOuts: readonly PermissionKind[]
  /** What they said last of marketing; `null` where nothing is recorded. */
  marketingConsent: boolean | null
  /** Of the message: it confirms an opt-out, which the opt-out itself must not stop. */
  exemptFromOptOut: boolean
}

export const NOTHING_RECORDED: Permissions = {
  optOuts: [],
  marketingConsent: null,
  exemptFromOptOut: false,
}

export interface SuppressionPolicy {
  /** `SMS_MARKETING_TYPES` */
  marketingTypes: readonly string[]
  /** `SMS_REQUIRE_CONSENT` */
  requireConsent: boolean
}

export interface Suppression {
  code: 'opted-out' | 'no-consent' | 'hold-out'
  detail: string
}

/** Why a message may not reach its recipient; `undefined` where it may. An opt-out of all stops an otp too. */
export function findSuppression(
  messageType: string,
  { optOuts, marketingConsent, exemptFromOptOut }: Permissions,
  { marketingTypes, requireConsent }: SuppressionPolicy,
): Suppression | undefined {
  if (exemptFromOptOut) return undefined
  if (optOuts.includes('all')) {
    return { code: 'opted-out', detail: 'the recipient has opted out' }
  }
  if (!marketingTypes.includes(messageType)) return undefined
  if (optOuts.includes('marketing')) {
    return { code: 'opted-out', detail: 'the recipient has opted out of marketing' }
  }
  if (requireConsent && marketingConsent !== true) {
    return { code: 'no-consent', detail: 'no consent of the recipient to marketing is recorded' }
  }
  return undefined
}
