import { useSearchParams } from 'react-router'
import { usePrivateState } from '../../api/use-private-state.ts'
import { type Filter, readFilters } from './read-filters.ts'

/**
 * The filters of the URL; a change keeps the others and makes no entry in the history for each letter. The number is in
 * the entry's state, not in its URL: URLs are kept, sent and logged.
 */
export function useFilters() {
  const [params, setParams] = useSearchParams()
  const phone = usePrivateState('phone')
  const filters = { ...readFilters(params), ...(phone !== undefined && { phone }) }
  const set = (changes: Partial<Record<Filter, string | null>>) => {
    const { phone: number, ...rest } = { ...filters, ...changes }
    const next = Object.entries(rest).filter(([, value]) => value)
    setParams(Object.fromEntries(next.map(([name, value]) => [name, String(value)])), {
      replace: true,
      state: number ? { phone: number } : null,
    })
  }
  const clear = () => {
    setParams({}, { replace: true, state: null })
  }
  return { filters, set, clear, isFiltered: Object.keys(filters).length > 0 }
}
