import { KEYWORDS } from '@sms-gateway/domain/keywords'

const FILTERS = ['keyword', 'start_date', 'end_date', 'customer_id'] as const
export type Filter = (typeof FILTERS)[number]
export type Filters = Partial<Record<Filter, string>>

const DAY = /^\d{4}-\d{2}-\d{2}$/

/** What `GET /inbound` takes of the page's URL; a word that it would refuse is no filter. */
export function readFilters(params: URLSearchParams): Filters {
  return Object.fromEntries(
    FILTERS.flatMap((name) => {
      const value = params.get(name)?.trim() ?? ''
      return isGiven(name, value) ? [[name, value]] : []
    }),
  )
}

function isGiven(name: Filter, value: string): boolean {
  if (name === 'keyword') return KEYWORDS.some((keyword) => keyword === value)
  return name === 'customer_id' ? value !== '' : DAY.test(value)
}
