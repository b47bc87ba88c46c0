import { type Mapping, PHONE, toColumnMap } from './mapping.ts'

export const STARTS = ['now', 'at', 'again'] as const
export const CANARIES = ['auto', 'own', 'none'] as const

/** A campaign as its form has it; shares in percent. */
export interface Plan {
  name: string
  content: 'template' | 'text'
  template: string
  text: string
  type: string
  start: (typeof STARTS)[number]
  /** As an input of the type datetime-local has it, by the clocks of the zone. */
  at: string
  cron: string
  zone: string
  /** Both, or none: only within these hours. */
  from: string
  until: string
  canary: (typeof CANARIES)[number]
  percent: number
  atLeast: number
  waitMinutes: number
  /** Empty judges by that no more. */
  failureRate: number | ''
  optOutRate: number | ''
  minResults: number
}

/** When it begins. */
export type When = Pick<Plan, 'start' | 'at' | 'cron' | 'zone'>

export const NEW_PLAN: Plan = {
  name: '',
  content: 'template',
  template: '',
  text: '',
  type: 'promotion',
  start: 'now',
  at: '',
  cron: '0 10 * * 1',
  zone: 'Asia/Taipei',
  from: '',
  until: '',
  canary: 'auto',
  percent: 1,
  atLeast: 100,
  waitMinutes: 5,
  failureRate: 20,
  optOutRate: 5,
  minResults: 50,
}

export type Missing =
  'name' | 'file' | 'phone' | 'template' | 'text' | 'type' | 'at' | 'cron' | 'until'

/** What is still to be filled in. */
export function missingOf(plan: Plan, hasFile: boolean, mapping: Mapping): Missing[] {
  const content = plan.content === 'template' ? plan.template : plan.text
  return [
    ...(plan.name.trim() === '' ? (['name'] as const) : []),
    ...(hasFile ? [] : (['file'] as const)),
    ...(hasFile && (mapping[PHONE] ?? null) === null ? (['phone'] as const) : []),
    ...(content.trim() === '' ? [plan.content] : []),
    ...(plan.type.trim() === '' ? (['type'] as const) : []),
    ...(plan.start === 'at' && plan.at === '' ? (['at'] as const) : []),
    ...(plan.start === 'again' && plan.cron.trim() === '' ? (['cron'] as const) : []),
    ...((plan.from === '') === (plan.until === '') ? [] : (['until'] as const)),
  ]
}

/** The fields of the upload, beside its file: always a draft, so that its estimate is seen first. */
export function toFields(plan: Plan, mapping: Mapping): Record<string, string> {
  return {
    name: plan.name.trim(),
    ...(plan.content === 'template' ? { template_code: plan.template } : { message: plan.text }),
    message_type: plan.type.trim(),
    draft: 'true',
    column_map: JSON.stringify(toColumnMap(mapping)),
    ...(plan.start === 'at' && { schedule_at: plan.at }),
    ...(plan.start === 'again' && { cron: plan.cron.trim() }),
    ...(plan.start !== 'now' && { time_zone: plan.zone }),
    ...(plan.from !== '' && { deliver_between: `${plan.from}-${plan.until}` }),
    ...toCanary(plan),
    halt: JSON.stringify({
      failure_rate: toShare(plan.failureRate),
      opt_out_rate: toShare(plan.optOutRate),
      min_results: plan.minResults,
    }),
  }
}

function toCanary({ canary, percent, atLeast, waitMinutes }: Plan): Record<string, string> {
  switch (canary) {
    case 'auto':
      return {}
    case 'none':
      return { canary: 'null' }
    case 'own':
      return {
        canary: JSON.stringify({ percent, at_least: atLeast, wait_minutes: waitMinutes }),
      }
  }
}

function toShare(percent: number | ''): number | null {
  return percent === '' ? null : percent / 100
}
