/** Behind the button that shows them. */
export const RARE = [
  'message_type',
  'template_code',
  'customer_id',
  'campaign_id',
  'batch_id',
  'hold_reason',
] as const

/** What `GET /logs` takes, and the URL of the page holds, by the same names; all but the number. */
export const FILTERS = [
  'phone',
  'status',
  'provider',
  'start_date',
  'end_date',
  ...RARE,
  'in_doubt',
] as const
export type Filter = (typeof FILTERS)[number]
export type Filters = Partial<Record<Filter, string>>

export function readFilters(params: URLSearchParams): Filters {
  return Object.fromEntries(
    FILTERS.flatMap((name) => {
      if (name === 'phone') return []
      const value = params.get(name)
      return value === null || value === '' ? [] : [[name, value]]
    }),
  )
}
