/** What kind of thing went wrong: it decides whether sending again can help. */
export type CauseKind = 'number' | 'text' | 'account' | 'passing'

interface Codes {
  number: readonly string[]
  text: readonly string[]
  account: readonly string[]
}

/** As in the tables of packages/providers; what is in none of them may pass by itself. */
const CODES: Readonly<Record<string, Codes>> = {
  twilio: {
    number: ['21211', '21604', '21610', '21614', '30005', '30006'],
    text: ['21602', '21617', '30007'],
    account: [
      '20003',
      '20404',
      '21212',
      '21219',
      '21408',
      '21606',
      '21608',
      '21612',
      '21703',
      '21705',
      '30002',
      '30034',
      'HTTP_401',
      'HTTP_403',
    ],
  },
  chunghwa: {
    number: ['9', '11', '18', '43', '48'],
    text: ['5', '20', '41'],
    account: [
      '14',
      '15',
      '22',
      '23',
      '24',
      '31',
      '32',
      '33',
      '34',
      '35',
      '45',
      '46',
      '47',
      '49',
      '50',
      '52',
      '55',
      '56',
    ],
  },
}

export function causeKindOf(provider: string | null, code: string | null): CauseKind {
  const codes = CODES[provider ?? '']
  if (!codes || code === null) return 'passing'
  if (codes.number.includes(code)) return 'number'
  if (codes.text.includes(code)) return 'text'
  return codes.account.includes(code) ? 'account' : 'passing'
}
