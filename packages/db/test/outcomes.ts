import type { NextStep } from '@sms-gateway/domain/decide-next'
import { after, DOUBT_ERROR } from './support.ts'

/** The provider is to be asked in five seconds. */
export const DOUBT: NextStep = { kind: 'doubt', checkAt: after(5), error: DOUBT_ERROR }

export const THROTTLED = { kind: 'throttled', code: '429', detail: 'too many' } as const

export const REFUSED = {
  kind: 'refused',
  reason: 'submission',
  code: '21608',
  detail: 'not verified',
} as const
