import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { CampaignResponse, EstimateResponse } from '@sms-gateway/contracts/campaigns'
import type { CampaignAction } from '@sms-gateway/domain/campaign-status'
import { request } from '../../api/request.ts'

export const CAMPAIGNS = '/campaigns'

const RUNNING_MS = 2_000
const WAITING_MS = 15_000
/** As long as the gateway gives an upload. */
const UPLOAD_MS = 30 * 60_000

export function pathOf(id: string, rest = ''): string {
  return `${CAMPAIGNS}/${encodeURIComponent(id)}${rest}`
}

/** Asked again while it may change by itself: often while it runs. */
export function useCampaign(id: string) {
  return useQuery({
    queryKey: [CAMPAIGNS, id],
    queryFn: ({ signal }) => request<CampaignResponse>(pathOf(id), { signal }),
    refetchInterval: ({ state }) => intervalOf(state.data),
  })
}

function intervalOf(campaign: CampaignResponse | undefined): number | false {
  switch (campaign?.status) {
    case 'running':
      return RUNNING_MS
    case 'finished':
      // Its receipts may still come.
      return campaign.counts.by_status['sent'] ? RUNNING_MS : false
    case 'scheduled':
    case 'paused':
    case 'halted':
      return WAITING_MS
    case 'draft':
    case 'cancelled':
    case undefined:
      return false
  }
}

export function useEstimate(id: string) {
  return useQuery({
    queryKey: [CAMPAIGNS, id, 'estimate'],
    queryFn: ({ signal }) => request<EstimateResponse>(pathOf(id, '/estimate'), { signal }),
  })
}

export function createDraft(
  fields: Readonly<Record<string, string>>,
  file: File,
): Promise<CampaignResponse> {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  form.set('file', file)
  return request<CampaignResponse>(CAMPAIGNS, { method: 'POST', body: form, limitMs: UPLOAD_MS })
}

export function useCampaignActions(id: string) {
  const client = useQueryClient()
  return {
    act: async (action: CampaignAction) => {
      const campaign = await request<CampaignResponse>(pathOf(id, `/${action}`), { method: 'POST' })
      client.setQueryData([CAMPAIGNS, id], campaign)
      await client.invalidateQueries({ queryKey: [CAMPAIGNS, 'list'] })
    },
    test: (phone: string) =>
      request<{ id: string }>(pathOf(id, '/test-send'), { method: 'POST', body: { phone } }),
  }
}
