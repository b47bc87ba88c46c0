import { expect, test } from '@jest/globals'
import { checkConsent, NEW_CONSENT, toConsentRequest } from './consent-form.ts'

const whole = { ...NEW_CONSENT, source: ' web form ', wording: '2026-01' }

test('a consent names where it was said and of which words', () => {
  expect(checkConsent(NEW_CONSENT)).toEqual({ source: 'needed', wording: 'needed' })
  expect(checkConsent({ ...whole, wording: ' ' })).toEqual({ wording: 'needed' })
  expect(checkConsent({ ...whole, wording: 'v'.repeat(51), proof: 'p'.repeat(2_001) })).toEqual({
    wording: 'tooLong',
    proof: 'tooLong',
  })
  expect(checkConsent(whole)).toEqual({})
})

test('a proof that is not given is not said', () => {
  expect(toConsentRequest(whole)).toEqual({
    kind: 'marketing',
    granted: true,
    source: 'web form',
    wording_version: '2026-01',
  })
  expect(toConsentRequest({ ...whole, answer: 'no', proof: 'R-1 ' })).toMatchObject({
    granted: false,
    proof: 'R-1',
  })
})
