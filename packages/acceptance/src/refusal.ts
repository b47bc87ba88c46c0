/** Why a well-formed request is impossible: each is a problem of status 422. */
export type RefusalCode =
  | 'phone-invalid'
  | 'country-not-allowed'
  | 'text-empty'
  | 'text-too-long'
  | 'template-not-found'
  | 'template-variables-missing'
  | 'opt-out-link-not-set'
  | 'schedule-in-past'
  | 'expires-in-past'

export interface Refused {
  kind: 'refused'
  code: RefusalCode
  detail: string
  errors?: readonly { path: string; message: string }[]
}

export function refuse(code: RefusalCode, detail: string, errors?: Refused['errors']): Refused {
  return { kind: 'refused', code, detail, ...(errors && { errors }) }
}
