import type { CampaignFields } from '@sms-gateway/contracts/campaign-request'
import type { CampaignContent, CampaignPlan } from '@sms-gateway/domain/campaign'
import { DEFAULT_THRESHOLDS, type HaltThresholds } from '@sms-gateway/domain/campaign-judgement'
import { isCron, readMoment } from '@sms-gateway/domain/campaign-schedule'
import { findOpening, readDeliverWindow } from '@sms-gateway/domain/deliver-window'
import type { TemplateInForce } from '@sms-gateway/domain/experiment'
import { isTimeZone } from '@sms-gateway/domain/quiet-hours'
import type { ProblemCode } from '@sms-gateway/service-kit/problem-codes'
import type { CampaignDeps } from './campaign-deps.ts'

export interface Refused {
  kind: 'refused'
  code: ProblemCode
  detail: string
}

export interface Planned {
  kind: 'ok'
  plan: CampaignPlan
  /** As it is pinned: everybody gets this version. */
  template: TemplateInForce | undefined
}

const OTP = 'otp'

/** Makes a plan of what was asked for, or says why that is impossible. */
export async function planCampaign(
  { templateOf, rules, now, checkFraud }: CampaignDeps,
  fields: CampaignFields,
): Promise<Planned | Refused> {
  // An otp answers somebody who has just asked for it: a list of them is what toll fraud looks like, and is checked nowhere.
  if (checkFraud && fields.message_type === OTP) {
    const detail = 'SMS_FRAUD_LIMITS is set, and otps are checked one by one: use POST /send.'
    return refuse('campaign-of-otps', detail)
  }
  const code = fields.template_code
  const template = code === undefined ? undefined : await templateOf(code)
  const content = toContent(fields, template)
  if (!content) return refuse('template-not-found', `There is no active template "${code ?? ''}".`)
  const timing = readTiming(fields, rules.quiet.timeZone, now())
  if (timing.kind === 'refused') return timing

  const window = readDeliverWindow(fields.deliver_between ?? '') ?? null
  const { message_type: messageType } = fields
  const question = { messageType, timeZone: null, window }
  if (findOpening(question, rules.quiet, now()).kind === 'never') {
    const detail = 'deliver_between lies within the quiet hours: give hours of the day.'
    return refuse('window-impossible', detail)
  }
  const { timeZone, scheduleAt, cron } = timing
  const times = { timeZone, scheduleAt, cron, window }
  return { kind: 'ok', plan: toPlan(fields, content, times), template }
}

function toPlan(
  fields: CampaignFields,
  content: CampaignContent,
  times: Pick<CampaignPlan, 'timeZone' | 'scheduleAt' | 'cron' | 'window'>,
): CampaignPlan {
  return {
    name: fields.name,
    content,
    messageType: fields.message_type,
    lane: fields.priority ?? 'bulk',
    customerId: fields.customer_id ?? null,
    ...times,
    missedAfterSeconds: fields.missed_after_seconds,
    thresholds: toThresholds(fields.halt),
  }
}

function toContent(
  { message }: CampaignFields,
  template: TemplateInForce | undefined,
): CampaignContent | undefined {
  if (message !== undefined) return { kind: 'text', text: message }
  return (
    template && {
      kind: 'template',
      templateCode: template.code,
      templateVersion: template.version,
    }
  )
}

function toThresholds(halt: CampaignFields['halt']): HaltThresholds {
  const { failure_rate: failureRate, opt_out_rate: optOutRate, min_results: minResults } = halt
  return {
    ...DEFAULT_THRESHOLDS,
    ...(failureRate !== undefined && { failureRate }),
    ...(optOutRate !== undefined && { optOutRate }),
    ...(minResults !== undefined && { minResults }),
  }
}

export interface Timing {
  kind: 'ok'
  timeZone: string
  scheduleAt: Date | null
  cron: string | null
}

interface TimingFields {
  schedule_at?: string | undefined
  cron?: string | undefined
  time_zone?: string | undefined
}

/** A clock that is a little behind ours is no reason to refuse a campaign that is to go "now". */
const SCHEDULE_GRACE_MS = 5_000

export function readTiming(
  { schedule_at: text, cron, time_zone: zone }: TimingFields,
  defaultZone: string,
  now: Date,
): Timing | Refused {
  const timeZone = zone ?? defaultZone
  if (!isTimeZone(timeZone)) {
    return refuse(
      'time-zone-unknown',
      'time_zone is not an IANA zone: use one such as Asia/Taipei.',
    )
  }
  if (cron !== undefined) {
    const detail = 'cron is not five fields that ever come true: use such as 0 9 * * 1.'
    if (!isCron(cron)) return refuse('cron-invalid', detail)
    return { kind: 'ok', timeZone, scheduleAt: null, cron }
  }
  if (text === undefined) {
    return { kind: 'ok', timeZone, scheduleAt: null, cron: null }
  }
  const at = readMoment(text, timeZone)
  if (!at || at.getTime() < now.getTime() - SCHEDULE_GRACE_MS) {
    const detail = at ? 'schedule_at has passed.' : 'There is no such moment.'
    return refuse('schedule-in-past', `${detail} Give a moment to come, or leave it out.`)
  }
  return { kind: 'ok', timeZone, scheduleAt: at, cron: null }
}

function refuse(code: ProblemCode, detail: string): Refused {
  return { kind: 'refused', code, detail }
}
