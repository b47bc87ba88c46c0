import { expect, test } from '@jest/globals'
import { findSuppression, NOTHING_RECORDED } from './suppression.ts'

const policy = { marketingTypes: ['promotion', 'marketing'], requireConsent: false }
const strict = { ...policy, requireConsent: true }
const refusesMarketing = { ...NOTHING_RECORDED, optOuts: ['marketing' as const] }
const refusesAll = { ...NOTHING_RECORDED, optOuts: ['all' as const] }
const granted = { ...NOTHING_RECORDED, marketingConsent: true }
const revoked = { ...NOTHING_RECORDED, marketingConsent: false }

const CASES = [
  ['promotion', 'somebody who said nothing', NOTHING_RECORDED, policy, undefined],
  ['promotion', 'somebody who revoked, where none is asked for', revoked, policy, undefined],
  ['promotion', 'somebody who refuses marketing', refusesMarketing, policy, 'opted-out'],
  ['marketing', 'somebody who refuses marketing', refusesMarketing, policy, 'opted-out'],
  ['otp', 'somebody who refuses marketing', refusesMarketing, policy, undefined],
  ['promotion', 'somebody who refuses all', refusesAll, policy, 'opted-out'],
  ['otp', 'somebody who refuses all', refusesAll, policy, 'opted-out'],
  ['emergency', 'somebody who refuses all', refusesAll, policy, 'opted-out'],
  ['promotion', 'somebody who said nothing, strictly', NOTHING_RECORDED, strict, 'no-consent'],
  ['promotion', 'somebody who revoked, strictly', revoked, strict, 'no-consent'],
  ['promotion', 'somebody who agreed, strictly', granted, strict, undefined],
  [
    'order_confirmation',
    'somebody who said nothing, strictly',
    NOTHING_RECORDED,
    strict,
    undefined,
  ],
  [
    'promotion',
    'somebody who agreed and then opted out',
    { ...granted, optOuts: ['marketing' as const] },
    strict,
    'opted-out',
  ],
  [
    'opt_out_confirmation',
    'somebody who has just opted out',
    { ...refusesAll, exemptFromOptOut: true },
    strict,
    undefined,
  ],
] as const

test.each(CASES.map(([type, who, ...rest]) => [`${type} to ${who}`, type, rest] as const))(
  '%s',
  (_name, messageType, [permissions, rules, code]) => {
    expect(findSuppression(messageType, permissions, rules)?.code).toBe(code)
  },
)
