/** The life of a campaign: contract.md, 8. */
export const CAMPAIGN_STATUSES = [
  'draft',
  'scheduled',
  'running',
  'paused',
  'halted',
  'cancelled',
  'finished',
] as const
export type CampaignStatus = (typeof CAMPAIGN_STATUSES)[number]

/** What a person may do to one. */
export const CAMPAIGN_ACTIONS = ['start', 'pause', 'resume', 'cancel'] as const
export type CampaignAction = (typeof CAMPAIGN_ACTIONS)[number]

const NEXT: Record<CampaignStatus, readonly CampaignStatus[]> = {
  draft: ['scheduled', 'running', 'cancelled'],
  scheduled: ['running', 'paused', 'cancelled'],
  // Back to `scheduled` between two runs of a recurring one.
  running: ['scheduled', 'paused', 'halted', 'cancelled', 'finished'],
  paused: ['scheduled', 'running', 'cancelled'],
  halted: ['running', 'cancelled'],
  cancelled: [],
  finished: [],
}

export function canCampaignMove(from: CampaignStatus, to: CampaignStatus): boolean {
  return NEXT[from].includes(to)
}

export type ActionResult =
  | { kind: 'move'; to: CampaignStatus }
  /** A second click: it is as it was asked to be. */
  | { kind: 'as-asked' }
  | { kind: 'refused' }

const AS_ASKED: Record<CampaignAction, readonly CampaignStatus[]> = {
  start: ['running'],
  pause: ['paused'],
  resume: ['running'],
  cancel: ['cancelled'],
}

const TAKEN_FROM: Record<CampaignAction, readonly CampaignStatus[]> = {
  start: ['draft', 'scheduled'],
  pause: ['scheduled', 'running'],
  resume: ['paused', 'halted'],
  cancel: ['draft', 'scheduled', 'running', 'paused', 'halted'],
}

/**
 * What a click does. `isBegun`: a run of it is under way, so that resuming goes on with it, not with its schedule.
 * `hasSchedule`: a time of it is to come.
 */
export function actOnCampaign(
  status: CampaignStatus,
  action: CampaignAction,
  { isBegun, hasSchedule }: { isBegun: boolean; hasSchedule: boolean },
): ActionResult {
  if (AS_ASKED[action].includes(status)) return { kind: 'as-asked' }
  if (!TAKEN_FROM[action].includes(status)) return { kind: 'refused' }
  switch (action) {
    case 'start':
      // A draft keeps its time; whoever starts a scheduled one means now.
      return goOn(status === 'draft' && hasSchedule)
    case 'pause':
      return { kind: 'move', to: 'paused' }
    case 'resume':
      return goOn(!isBegun && hasSchedule)
    case 'cancel':
      return { kind: 'move', to: 'cancelled' }
  }
}

function goOn(waits: boolean): ActionResult {
  return { kind: 'move', to: waits ? 'scheduled' : 'running' }
}
