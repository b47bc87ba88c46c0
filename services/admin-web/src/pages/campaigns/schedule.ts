import type { CampaignResponse } from '@sms-gateway/contracts/campaigns'
import type { When } from './plan.ts'

type Timed = Pick<CampaignResponse, 'cron' | 'schedule_at' | 'time_zone'>

/** What it has now. */
export function whenOf({ cron, schedule_at: at, time_zone: zone }: Timed): When {
  return {
    start: cron === null ? 'at' : 'again',
    at: at === null ? '' : toClocks(at, zone),
    cron: cron ?? '',
    zone,
  }
}

/** As an input of the type datetime-local has it: what the clocks of the zone show. */
function toClocks(at: string, timeZone: string): string {
  // Sweden writes dates as machines do.
  const clocks = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'short',
  })
  return clocks.format(new Date(at)).replace(' ', 'T')
}

/** `PUT /campaigns/:id/schedule`; undefined while it lacks its time. */
export function toScheduleRequest({ start, at, cron, zone }: When): object | undefined {
  if (start === 'again')
    return cron.trim() === '' ? undefined : { cron: cron.trim(), time_zone: zone }
  return at === '' ? undefined : { schedule_at: at, time_zone: zone }
}

/** Not one whose run is under way, or was when it was stopped. */
export function mayReschedule({
  status,
  run,
  started_at: startedAt,
  finished_at: finishedAt,
}: Pick<CampaignResponse, 'status' | 'run' | 'started_at' | 'finished_at'>): boolean {
  const isBegun = run > 0 && startedAt !== null && finishedAt === null
  return !isBegun && (status === 'draft' || status === 'scheduled' || status === 'paused')
}
