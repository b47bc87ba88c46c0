import { fc, test as property } from '@fast-check/jest'
import { describe, expect, test } from '@jest/globals'
import type { RoutingFacts } from './choose-provider.ts'
import { orderProviders } from './choose-provider.ts'
import { ProviderName } from './provider.ts'

const facts: RoutingFacts = {
  candidates: ['twilio', 'chunghwa'],
  tried: [],
  last: null,
  lastWasAbsent: false,
  pinned: null,
}

describe('the providers still to try', () => {
  test.each<[string, Partial<RoutingFacts>, ProviderName[]]>([
    ['at first, in order of preference', {}, ['twilio', 'chunghwa']],
    ['after one was tried, the others', { tried: ['twilio'] }, ['chunghwa']],
    ['after all were tried, none', { tried: ['twilio', 'chunghwa'] }, []],
    ['taken up again, another one than the last first', { last: 'twilio' }, ['chunghwa', 'twilio']],
    [
      'taken up again after the fallback, the primary',
      { last: 'chunghwa' },
      ['twilio', 'chunghwa'],
    ],
    [
      'taken up again with one only, that one',
      { candidates: ['twilio'], last: 'twilio' },
      ['twilio'],
    ],
    [
      'whose last never got it, that one first',
      { last: 'chunghwa', lastWasAbsent: true },
      ['chunghwa', 'twilio'],
    ],
    [
      'whose last never got it and is off now, the others',
      { candidates: ['twilio'], last: 'chunghwa', lastWasAbsent: true },
      ['twilio'],
    ],
    [
      'once one was tried since, the last one of before does not matter',
      { tried: ['chunghwa'], last: 'twilio' },
      ['twilio'],
    ],
    ['when one has a part, that one alone', { pinned: 'chunghwa', last: 'twilio' }, ['chunghwa']],
    ['when that one is off, none', { candidates: ['twilio'], pinned: 'chunghwa' }, []],
    ['when that one was tried, none', { pinned: 'twilio', tried: ['twilio'] }, []],
    ['when none is on, none', { candidates: [] }, []],
  ])('%s', (_name, given, expected) => {
    expect(orderProviders({ ...facts, ...given })).toEqual(expected)
  })

  const provider = fc.constantFrom(...ProviderName.options)
  const anyFacts = fc.record({
    candidates: fc.uniqueArray(provider),
    tried: fc.uniqueArray(provider),
    last: fc.option(provider),
    lastWasAbsent: fc.boolean(),
    pinned: fc.option(provider),
  })
  property.prop([anyFacts])('are candidates that were not tried, each once', (given) => {
    const order = orderProviders(given)
    expect(new Set(order).size).toBe(order.length)
    for (const name of order) {
      expect(given.candidates).toContain(name)
      expect(given.tried).not.toContain(name)
      if (given.pinned) expect(name).toBe(given.pinned)
    }
    const open = given.candidates.filter((name) => !given.tried.includes(name))
    if (!given.pinned) expect(order.toSorted()).toEqual(open.toSorted())
  })
})
