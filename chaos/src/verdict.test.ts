import { expect, test } from '@jest/globals'
import type { Facts, MessageRow, TakenPart } from './verdict.ts'
import { isTooBusyToTell, judge } from './verdict.ts'

const PHONE = '+886912000000'

function row(given: Partial<MessageRow> = {}): MessageRow {
  const usual = { id: 'a', status: 'delivered', inDoubt: false, possibleDuplicate: false }
  return { ...usual, provider: 'twilio', ...given }
}

function taken(given: Partial<TakenPart> = {}): TakenPart {
  return { provider: 'twilio', phone: PHONE, part: 1, parts: 1, ...given }
}

function factsOf(given: Partial<Facts> & { type?: string }): Facts {
  const { type = 'notice', ...rest } = given
  const accepted = [{ id: 'a', phone: PHONE, type }]
  return { accepted, rows: [row()], taken: [taken()], receiptsMayBeLost: false, ...rest }
}

const FIRST = taken({ provider: 'chunghwa', parts: 2 })
const SECOND = taken({ provider: 'chunghwa', parts: 2, part: 2 })
const MARKED = row({ possibleDuplicate: true })
const HELD = row({ status: 'sending', inDoubt: true, provider: 'chunghwa' })
const TWINS = [
  { id: 'a', phone: PHONE, type: 'notice' },
  { id: 'b', phone: PHONE, type: 'notice' },
]
const TWIN_ROWS = [row(), row({ id: 'b' })]

test.each<[string, Partial<Facts> & { type?: string }, object]>([
  ['taken once and delivered', {}, { lost: 0, doubled: 0 }],
  ['accepted, and no row', { rows: [] }, { lost: 1 }],
  ['left in the queue', { rows: [row({ status: 'queued' })], taken: [] }, { lost: 1 }],
  ['told to be delivered, never taken', { taken: [] }, { lost: 1 }],
  ['sent, and its receipt still due', { rows: [row({ status: 'sent' })] }, { lost: 1 }],
  [
    'sent, and its receipt lost by the provider',
    { rows: [row({ status: 'sent' })], receiptsMayBeLost: true },
    { lost: 0 },
  ],
  ['in doubt at Chunghwa', { rows: [HELD], taken: [] }, { lost: 0, inDoubt: 1 }],
  ['in doubt at Twilio', { rows: [{ ...HELD, provider: 'twilio' }] }, { lost: 1 }],
  ['taken twice', { taken: [taken(), taken()] }, { lost: 0, doubled: 1 }],
  [
    'taken twice, its mark no excuse',
    { taken: [taken(), taken()], rows: [MARKED] },
    { doubled: 1 },
  ],
  [
    'an otp taken by both, and marked',
    { taken: [taken(), taken({ provider: 'chunghwa' })], rows: [MARKED], type: 'otp' },
    { doubled: 0, markedDuplicates: 1 },
  ],
  [
    'an otp taken by both, and not marked',
    { taken: [taken(), taken({ provider: 'chunghwa' })], type: 'otp' },
    { doubled: 1, markedDuplicates: 0 },
  ],
  ['all of its parts', { taken: [FIRST, SECOND] }, { lost: 0, doubled: 0 }],
  ['one of its parts', { taken: [FIRST] }, { lost: 1 }],
  ['one of its parts twice', { taken: [FIRST, SECOND, SECOND] }, { lost: 0, doubled: 1 }],
  ['two rows of one request', { rows: TWIN_ROWS }, { doubled: 1 }],
  [
    'twins',
    { accepted: TWINS, rows: TWIN_ROWS, taken: [taken(), taken()] },
    { lost: 0, doubled: 0 },
  ],
  ['a twin that is missing', { accepted: TWINS, rows: TWIN_ROWS }, { lost: 1 }],
])('judges %s', (_, given, expected) => {
  expect(judge(factsOf(given))).toMatchObject(expected)
})

const DOUBLED = { lost: 0, doubled: 1 }
const STILL = { stoodStillMs: 3_001, faults: 0 }
test.each([
  ['is repeated that doubled one while the simulators stood still', DOUBLED, STILL, true],
  ['stands that doubled one by itself', DOUBLED, { ...STILL, stoodStillMs: 3_000 }, false],
  ['stands that doubled none', { lost: 0, doubled: 0 }, STILL, false],
  ['stands that lost one too', { lost: 1, doubled: 1 }, STILL, false],
  ['stands that broke another promise too', DOUBLED, { ...STILL, faults: 1 }, false],
])('a run %s', (_, verdict, run, expected) => {
  expect(isTooBusyToTell(verdict, run)).toBe(expected)
})
