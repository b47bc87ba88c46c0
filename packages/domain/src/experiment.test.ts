import { describe, expect, test } from '@jest/globals'
import { assignVariant, findHoldOut, listArms, type TemplateInForce } from './experiment.ts'

const variant = (name: string, weight: number, active = true) => ({
  variant: name,
  content: name,
  weight,
  active,
})
const variants = [variant('A', 75), variant('B', 25), variant('C', 0), variant('D', 10, false)]
const template = (experiment: TemplateInForce['experiment']): TemplateInForce => ({
  code: 'x',
  version: 1,
  name: 'x',
  language: 'en',
  author: null,
  createdAt: new Date(0),
  variants,
  experiment,
})
const running = { id: 'e', holdOut: 0.1, holdOutGets: 'nothing' as const, control: 'B' }

describe('who gets what', () => {
  test.each([
    [0, 'A'],
    [0.7499, 'A'],
    [0.75, 'B'],
    [0.9999, 'B'],
  ])('at %d it is %s, whether a test runs or not', (point, expected) => {
    const points = { variant: point, holdOut: 0.1 }
    expect(assignVariant(template(null), points)).toEqual({
      variant: expect.objectContaining({ variant: expected }),
      experiment: null,
      holdOutGets: null,
    })
    expect(assignVariant(template(running), points)).toEqual({
      variant: expect.objectContaining({ variant: expected }),
      experiment: { id: 'e', heldOut: false },
      holdOutGets: null,
    })
  })

  test('who is held out has the control, whatever else they would get', () => {
    expect(assignVariant(template(running), { variant: 0, holdOut: 0.0999 })).toMatchObject({
      variant: { variant: 'B' },
      experiment: { id: 'e', heldOut: true },
      holdOutGets: 'nothing',
    })
  })

  test('without a variant that is active nobody gets anything', () => {
    const none = { ...template(null), variants: [variant('A', 0), variant('B', 1, false)] }
    expect(assignVariant(none, { variant: 0, holdOut: 0 })).toBeUndefined()
  })
})

test('only variants that people get are tested', () => {
  expect(listArms(variants).map((each) => each.variant)).toEqual(['A', 'B'])
})

test('only marketing is ever kept from somebody for a test', () => {
  const policy = { marketingTypes: ['promotion'] }
  expect(findHoldOut('promotion', 'nothing', policy)).toMatchObject({ code: 'hold-out' })
  expect(findHoldOut('otp', 'nothing', policy)).toBeUndefined()
  expect(findHoldOut('promotion', 'control', policy)).toBeUndefined()
  expect(findHoldOut('promotion', null, policy)).toBeUndefined()
})
