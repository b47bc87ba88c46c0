import { expect, test } from '@jest/globals'
import { Phone } from '@sms-gateway/domain/phone'
import { NOTHING_RECORDED } from '@sms-gateway/domain/suppression'
import { askGates, readAllowedRecipients } from './gates.ts'

const now = new Date('2026-11-22T15:00:00Z')
const facts = {
  phone: Phone.parse('+886912345678'),
  messageType: 'promotion',
  timeZone: null,
  campaign: null,
  pinnedProvider: null,
  permissions: NOTHING_RECORDED,
  expiresAt: new Date('2026-11-23T15:00:00Z'),
  expiredInPause: false,
  gatewayRuns: true,
}
const quiet = {
  window: { startMinute: 21 * 60, endMinute: 8 * 60 },
  timeZone: 'Asia/Taipei',
  exemptTypes: ['otp'],
}
const suppression = { marketingTypes: ['promotion'], requireConsent: false }
const open = { allowedRecipients: undefined, quiet: { ...quiet, window: null }, suppression }

const of = (status: 'running' | 'paused' | 'halted' | 'cancelled', window = null) => ({
  ...facts,
  campaign: { status, window },
})
const noon = { startMinute: 12 * 60, endMinute: 13 * 60 }

test.each([
  ['goes', facts, open, { kind: 'go' }],
  [
    'comes while the gateway stands still',
    { ...facts, gatewayRuns: false },
    open,
    { kind: 'stand-still' },
  ],
  [
    'has expired, half out, while the gateway stands still',
    { ...facts, gatewayRuns: false, pinnedProvider: 'chunghwa' as const, expiresAt: now },
    open,
    { kind: 'stand-still' },
  ],
  ['is of a campaign that runs', of('running'), open, { kind: 'go' }],
  [
    'is of a paused campaign',
    of('paused'),
    open,
    { kind: 'hold', reason: 'campaign-stopped', until: new Date('2026-11-22T15:01:00Z') },
  ],
  ['is of a halted campaign', of('halted'), open, { kind: 'hold', reason: 'campaign-stopped' }],
  [
    'is of a cancelled campaign',
    of('cancelled'),
    open,
    { kind: 'end', status: 'cancelled', error: { code: 'campaign-cancelled' } },
  ],
  [
    'is half out when its campaign is cancelled',
    { ...of('cancelled'), pinnedProvider: 'chunghwa' as const },
    open,
    { kind: 'go' },
  ],
  [
    'is late for the hours of its campaign',
    { ...facts, campaign: { status: 'running' as const, window: noon } },
    open,
    { kind: 'hold', reason: 'deliver-between', until: new Date('2026-11-23T04:00:00Z') },
  ],
  [
    'has expired while its campaign is paused',
    { ...of('paused'), expiresAt: now },
    open,
    { kind: 'hold', reason: 'campaign-stopped', until: new Date('2026-11-22T15:01:00Z') },
  ],
  [
    'is an otp that has expired while its campaign is paused',
    { ...of('paused'), messageType: 'otp', expiresAt: now },
    open,
    { kind: 'end', status: 'expired', error: { code: 'campaign-paused' } },
  ],
  [
    'has expired, half out, while its campaign is paused',
    { ...of('paused'), pinnedProvider: 'chunghwa' as const, expiresAt: now },
    open,
    { kind: 'end', status: 'expired' },
  ],
  [
    'has expired while the gateway was paused',
    { ...facts, expiresAt: now, expiredInPause: true },
    open,
    { kind: 'end', status: 'expired', error: { code: 'gateway-paused' } },
  ],
  ['has expired', { ...facts, expiresAt: now }, open, { kind: 'end', status: 'expired' }],
  [
    'is opted out of',
    { ...facts, permissions: { ...NOTHING_RECORDED, optOuts: ['marketing' as const] } },
    open,
    { kind: 'end', status: 'suppressed', error: { code: 'opted-out' } },
  ],
  [
    'has no consent and needs one',
    facts,
    { ...open, suppression: { ...suppression, requireConsent: true } },
    { kind: 'end', status: 'suppressed', error: { code: 'no-consent' } },
  ],
  [
    'is not on the staging list',
    facts,
    { ...open, allowedRecipients: readAllowedRecipients(['0987654321']) },
    { kind: 'end', error: { code: 'recipient-not-allowed' } },
  ],
  [
    'is on the staging list, as it is written at home',
    facts,
    { ...open, allowedRecipients: readAllowedRecipients(['0912-345-678']) },
    { kind: 'go' },
  ],
  [
    'comes in the night',
    facts,
    { ...open, quiet },
    { kind: 'hold', reason: 'quiet-hours', until: new Date('2026-11-23T00:00:00Z') },
  ],
  [
    'comes in the night, but exempt',
    { ...facts, messageType: 'otp' },
    { ...open, quiet },
    { kind: 'go' },
  ],
])('a message that %s', (_name, message, rules, verdict) => {
  expect(askGates(message, now, rules)).toMatchObject(verdict)
})

test('an end counts more than a hold: what has expired does not wait for the morning', () => {
  expect(askGates({ ...facts, expiresAt: now }, now, { ...open, quiet }).kind).toBe('end')
})
