import { describe, expect, test } from '@jest/globals'
import type { CampaignAction, CampaignStatus } from './campaign-status.ts'
import {
  actOnCampaign,
  CAMPAIGN_ACTIONS,
  CAMPAIGN_STATUSES,
  canCampaignMove,
} from './campaign-status.ts'

/** Of a campaign that has begun, and has a time of its own. */
const MOVES: Record<
  CampaignStatus,
  Partial<Record<CampaignAction, CampaignStatus | 'as-asked'>>
> = {
  draft: { start: 'scheduled', cancel: 'cancelled' },
  scheduled: { start: 'running', pause: 'paused', cancel: 'cancelled' },
  running: { start: 'as-asked', pause: 'paused', resume: 'as-asked', cancel: 'cancelled' },
  paused: { pause: 'as-asked', resume: 'running', cancel: 'cancelled' },
  halted: { resume: 'running', cancel: 'cancelled' },
  cancelled: { cancel: 'as-asked' },
  finished: {},
}

const CASES = CAMPAIGN_STATUSES.flatMap((status) =>
  CAMPAIGN_ACTIONS.map((action) => ({
    status,
    action,
    expected: MOVES[status][action] ?? 'refused',
  })),
)

describe('actOnCampaign', () => {
  test.each(CASES)('$action of one that is $status: $expected', ({ status, action, expected }) => {
    const result = actOnCampaign(status, action, { isBegun: true, hasSchedule: true })
    expect(result.kind === 'move' ? result.to : result.kind).toBe(expected)
    if (result.kind === 'move') expect(canCampaignMove(status, result.to)).toBe(true)
  })

  test.each([
    { isBegun: false, hasSchedule: true, to: 'scheduled' },
    { isBegun: false, hasSchedule: false, to: 'running' },
    { isBegun: true, hasSchedule: true, to: 'running' },
  ])('resumes to $to where begun is $isBegun and scheduled $hasSchedule', ({ to, ...facts }) => {
    expect(actOnCampaign('paused', 'resume', facts)).toEqual({ kind: 'move', to })
  })
})

test.each([
  ['draft', true, 'scheduled'],
  ['draft', false, 'running'],
  ['scheduled', true, 'running'],
] as const)('start of one that is %s, with a time to come: %s', (status, hasSchedule, to) => {
  const facts = { isBegun: false, hasSchedule }
  expect(actOnCampaign(status, 'start', facts)).toEqual({ kind: 'move', to })
})

test.each(['cancelled', 'finished'] as const)('nothing follows %s', (status) => {
  expect(CAMPAIGN_STATUSES.filter((to) => canCampaignMove(status, to))).toEqual([])
})
