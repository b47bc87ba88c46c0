/** Why a well-formed request is impossible: each is a problem of status 422, but for the one of money. */
export type RefusalCode =
  | 'phone-invalid'
  | 'country-not-allowed'
  | 'text-empty'
  | 'text-too-long'
  | 'metadata-too-large'
  | 'template-not-found'
  | 'template-variables-missing'
  | 'opt-out-link-not-set'
  | 'schedule-in-past'
  | 'expires-in-past'
  | 'budget-exhausted'

export interface Refused {
  kind: 'refused'
  code: RefusalCode
  detail: string
  errors?: readonly { path: string; message: string }[]
}

export function refuse(code: RefusalCode, detail: string, errors?: Refused['errors']): Refused {
  return { kind: 'refused', code, detail, ...(errors && { errors }) }
}

export const BUDGET_EXHAUSTED = refuse(
  'budget-exhausted',
  'A budget of the day or month has no room for it: GET /budgets says which, and where it stands.',
)
