import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { OverviewResponse } from '@sms-gateway/contracts/overview'
import { request } from '../../api/request.ts'
import { useEvents } from '../../api/use-events.ts'

const OVERVIEW = ['/overview'] as const
/** Where events do not come through, the page still does not grow old. */
const FALLBACK_MS = 15_000

/** The snapshot, as it stands second by second. */
export function useOverview() {
  const client = useQueryClient()
  const live = useEvents({
    overview: (data) => {
      client.setQueryData(OVERVIEW, data)
    },
  })
  const query = useQuery({
    queryKey: OVERVIEW,
    queryFn: ({ signal }) => request<OverviewResponse>('/overview', { signal }),
    refetchInterval: live === 'live' ? false : FALLBACK_MS,
  })
  return { ...query, live }
}
