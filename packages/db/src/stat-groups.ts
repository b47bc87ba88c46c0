import { isDay } from '@sms-gateway/domain/local-days'

/** By what the figures may be asked for, and where they stand by it. */
export const GROUPS = {
  day: { table: 'stat_day', columns: ['day'], newestFirst: true },
  hour: { table: 'stat_hour', columns: ['hour'], newestFirst: true },
  provider: { table: 'stat_day', columns: ['provider'], newestFirst: false },
  message_type: { table: 'stat_day', columns: ['message_type'], newestFirst: false },
  template: { table: 'stat_day', columns: ['template_code'], newestFirst: false },
  variant: { table: 'stat_day', columns: ['template_code', 'variant'], newestFirst: false },
  campaign: { table: 'stat_day', columns: ['campaign_id'], newestFirst: false },
  customer: { table: 'stat_customer', columns: ['client_id', 'customer_id'], newestFirst: false },
} as const

export type StatGroup = keyof typeof GROUPS

const FORMS: Record<string, (value: string) => boolean> = {
  day: isDay,
  hour: isHour,
  client_id: isUuid,
  campaign_id: isUuid,
}

/** Whether these can be the values of a key of the group: a cursor comes from outside. */
export function isStatKey(group: StatGroup, values: readonly string[]): boolean {
  const { columns } = GROUPS[group]
  return (
    values.length === columns.length &&
    columns.every((column, index) => (FORMS[column] ?? isText)(values[index] ?? ''))
  )
}

function isHour(value: string): boolean {
  return isDay(value.slice(0, 10)) && /^.{10}T(?:[01]\d|2[0-3]):[0-5]\d:00Z$/.test(value)
}

function isUuid(value: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value)
}

function isText(value: string): boolean {
  return !value.includes('\0')
}
