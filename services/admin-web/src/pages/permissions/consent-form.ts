import type { PermissionKind } from '@sms-gateway/domain/suppression'

export interface ConsentDraft {
  kind: PermissionKind
  answer: 'yes' | 'no'
  source: string
  wording: string
  proof: string
}

export const NEW_CONSENT: ConsentDraft = {
  kind: 'marketing',
  answer: 'yes',
  source: '',
  wording: '',
  proof: '',
}

/** As the contract has them. */
export const LONGEST = { source: 100, wording: 50, proof: 2_000 } as const
export type ConsentField = keyof typeof LONGEST
export type Fault = 'needed' | 'tooLong'

/** The fields that `PUT /consents/:phone` would refuse. */
export function checkConsent(draft: ConsentDraft): Partial<Record<ConsentField, Fault>> {
  const faults: Partial<Record<ConsentField, Fault>> = {}
  for (const field of ['source', 'wording', 'proof'] as const) {
    const { length } = draft[field].trim()
    if (length === 0 && field !== 'proof') faults[field] = 'needed'
    if (length > LONGEST[field]) faults[field] = 'tooLong'
  }
  return faults
}

export function toConsentRequest({ kind, answer, source, wording, proof }: ConsentDraft) {
  return {
    kind,
    granted: answer === 'yes',
    source: source.trim(),
    wording_version: wording.trim(),
    ...(proof.trim() !== '' && { proof: proof.trim() }),
  }
}
