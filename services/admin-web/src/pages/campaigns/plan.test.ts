import { describe, expect, test } from '@jest/globals'
import { missingOf, NEW_PLAN, type Plan, toFields } from './plan.ts'

const mapping = { phone: '手機', name: null }
const plan: Plan = { ...NEW_PLAN, name: ' Spring ', template: 'sale' }

describe('the fields of the upload', () => {
  test('of a campaign that goes at once: a draft, which judges itself as the gateway would', () => {
    expect(toFields(plan, mapping)).toEqual({
      name: 'Spring',
      template_code: 'sale',
      message_type: 'promotion',
      draft: 'true',
      column_map: '{"phone":"手機"}',
      halt: '{"failure_rate":0.2,"opt_out_rate":0.05,"min_results":50}',
    })
  })

  test.each<[string, Partial<Plan>, Record<string, string>]>([
    ['a text', { content: 'text', text: '大家好' }, { message: '大家好' }],
    [
      'one time, by the clocks of a zone',
      { start: 'at', at: '2026-12-01T09:00', zone: 'Asia/Tokyo' },
      { schedule_at: '2026-12-01T09:00', time_zone: 'Asia/Tokyo' },
    ],
    [
      'again and again',
      { start: 'again', cron: ' 0 9 * * 1 ' },
      { cron: '0 9 * * 1', time_zone: 'Asia/Taipei' },
    ],
    ['hours', { from: '10:00', until: '20:00' }, { deliver_between: '10:00-20:00' }],
    [
      'a canary of its own',
      { canary: 'own', percent: 2 },
      { canary: '{"percent":2,"at_least":100,"wait_minutes":5}' },
    ],
    ['no canary', { canary: 'none' }, { canary: 'null' }],
    [
      'no judgement by failures',
      { failureRate: '', optOutRate: 1 },
      { halt: '{"failure_rate":null,"opt_out_rate":0.01,"min_results":50}' },
    ],
  ])('say %s', (_, change, fields) => {
    expect(toFields({ ...plan, ...change }, mapping)).toMatchObject(fields)
  })
})

test.each<[string, Partial<Plan>, boolean, Record<string, string | null>, string[]]>([
  ['nothing', {}, true, mapping, []],
  ['all of a new one', { name: ' ', template: '' }, false, {}, ['name', 'file', 'template']],
  ['the column of the number', {}, true, { phone: null }, ['phone']],
  ['a text', { content: 'text' }, true, mapping, ['text']],
  ['a time', { start: 'at' }, true, mapping, ['at']],
  ['the end of the hours', { from: '10:00' }, true, mapping, ['until']],
])('misses %s', (...[, change, hasFile, columns, missing]) => {
  expect(missingOf({ ...plan, ...change }, hasFile, columns)).toEqual(missing)
})
