import { useSearchParams } from 'react-router'
import { type Filter, readFilters } from './read-filters.ts'

/** The filters of the URL; a change keeps the others and makes no entry in the history for each letter. */
export function useFilters() {
  const [params, setParams] = useSearchParams()
  const filters = readFilters(params)
  const set = (changes: Partial<Record<Filter, string | null>>) => {
    const next = Object.entries({ ...filters, ...changes }).filter(([, value]) => value)
    setParams(Object.fromEntries(next.map(([name, value]) => [name, String(value)])), {
      replace: true,
    })
  }
  const clear = () => {
    setParams({}, { replace: true })
  }
  return { filters, set, clear, isFiltered: Object.keys(filters).length > 0 }
}
