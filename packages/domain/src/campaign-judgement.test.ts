import { describe, expect, test } from '@jest/globals'
import type { CampaignResults } from './campaign-judgement.ts'
import {
  DEFAULT_CANARY,
  DEFAULT_THRESHOLDS,
  isCanaryOver,
  judgeCampaign,
  sizeOfCanary,
} from './campaign-judgement.ts'

const NONE: CampaignResults = { sent: 0, delivered: 0, failed: 0, optOuts: 0 }

describe('judgeCampaign', () => {
  test.each([
    ['nothing has happened', {}, 'go'],
    ['too few results say nothing', { failed: 49 }, 'go'],
    ['all of the first fifty failed', { failed: 50 }, 'failure-rate'],
    ['at the threshold', { delivered: 80, failed: 20 }, 'go'],
    ['over the threshold', { delivered: 79, failed: 21 }, 'failure-rate'],
    ['one sent is good until its receipt says otherwise', { sent: 300, failed: 50 }, 'go'],
    ['opt-outs at the threshold', { delivered: 100, optOuts: 5 }, 'go'],
    ['opt-outs over the threshold', { delivered: 100, optOuts: 6 }, 'opt-out-rate'],
  ] as const)('%s', (_title, results, expected) => {
    const verdict = judgeCampaign({ ...NONE, ...results }, DEFAULT_THRESHOLDS)
    expect(verdict.kind === 'halt' ? verdict.reason : verdict.kind).toBe(expected)
  })

  test('a threshold that is switched off halts nothing', () => {
    const thresholds = { failureRate: null, optOutRate: null, minResults: 1 }
    expect(judgeCampaign({ ...NONE, failed: 90, optOuts: 90 }, thresholds)).toEqual({ kind: 'go' })
  })

  test('says what it saw', () => {
    const verdict = judgeCampaign({ ...NONE, delivered: 50, failed: 50 }, DEFAULT_THRESHOLDS)
    expect(verdict).toMatchObject({ detail: '50 of 100 failed: over 20 %' })
  })
})

test.each([
  [1_000_000, 10_000],
  [20_000, 200],
  [5_000, 100],
  [30, 30],
])('of %s recipients the canary is %s', (recipients, size) => {
  expect(sizeOfCanary(DEFAULT_CANARY, recipients)).toBe(size)
})

describe('isCanaryOver', () => {
  const now = new Date('2026-03-01T10:00:00Z')
  const facts = { ...NONE, handed: 100, allHandedOver: true, handedOverAt: now }
  const later = (minutes: number) => new Date(now.getTime() + minutes * 60_000)

  test.each([
    ['while some still wait for a provider', { allHandedOver: false, delivered: 100 }, 60, false],
    ['when nearly all receipts are in', { delivered: 85, failed: 5 }, 0, true],
    ['while receipts are missing', { delivered: 89 }, 4, false],
    ['when they were waited for long enough', { delivered: 3 }, 5, true],
    ['when nobody of it could be sent to', { handed: 0 }, 0, true],
  ])('%s', (_title, change, minutes, expected) => {
    expect(isCanaryOver(DEFAULT_CANARY, { ...facts, ...change }, later(minutes))).toBe(expected)
  })
})
