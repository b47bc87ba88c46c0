export const OPT_OUTS = '/opt-outs'
export const CONSENTS = '/consents'

/** The two lists; both are imported and exported in the same way. */
export type List = 'opt-outs' | 'consents'

export function pathOf(list: string, phone: string): string {
  return `${list}/${encodeURIComponent(phone.trim())}`
}
