import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { ApiClientResponse } from '@sms-gateway/contracts/api-clients'
import type { StatsResponse } from '@sms-gateway/contracts/stats'
import { request } from '../../api/request.ts'
import { useMay } from '../../api/session.ts'
import { toList } from '../../api/to-list.ts'
import type { StatBy } from './filters.ts'
import type { Range } from './ranges.ts'
import type { StatRow } from './series.ts'

export const BUDGETS = '/budgets'
export const PRICES = '/prices'

const LIMIT = 500
/** Of the file: as many rows as anybody opens in a spreadsheet. */
const MOST_PAGES = 40
const FIRST: string | null = null

function readStats(
  { by, from, to }: Range & { by: StatBy },
  cursor: string | null,
  signal?: AbortSignal,
): Promise<StatsResponse> {
  const query = { group_by: by, start_date: from, end_date: to, limit: LIMIT, cursor }
  return request('/stats', { query, ...(signal && { signal }) })
}

/** The totals, and a page of the groups that grows. */
export function useStats({ by, from, to }: Range & { by: StatBy }, enabled: boolean) {
  const result = useInfiniteQuery({
    queryKey: ['/stats', by, from, to],
    queryFn: ({ pageParam, signal }) => readStats({ by, from, to }, pageParam, signal),
    initialPageParam: FIRST,
    getNextPageParam: (last) => last.next_cursor,
    enabled,
  })
  return {
    ...toList<StatRow>(result),
    totals: result.data?.pages[0]?.totals,
    isPending: result.isPending && enabled,
  }
}

/** Every group there is, not only what the page shows. */
export async function readAllStats(question: Range & { by: StatBy }): Promise<StatRow[]> {
  const rows: StatRow[] = []
  let cursor = FIRST
  for (let page = 0; page < MOST_PAGES; page++) {
    const { data, next_cursor: next } = await readStats(question, cursor)
    rows.push(...data)
    if (next === null) break
    cursor = next
  }
  return rows
}

/** Names of API clients by their ids: for admins, who alone see more than one. */
export function useClientNames(): ReadonlyMap<string, string> {
  const may = useMay()
  const { data } = useQuery({
    queryKey: ['/api-clients', 'names'],
    queryFn: () =>
      request<{ data: ApiClientResponse[] }>('/api-clients', { query: { limit: LIMIT } }),
    enabled: may('admin'),
    staleTime: 60_000,
  })
  return new Map(data?.data.map(({ id, name }) => [id, name]))
}
