import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { ApiKeysResponse } from '@sms-gateway/contracts/api-keys'
import type { GatewayResponse } from '@sms-gateway/contracts/gateway'
import type { OverviewResponse } from '@sms-gateway/contracts/overview'
import type { PricesResponse } from '@sms-gateway/contracts/prices'
import type { ProviderHistoryResponse } from '@sms-gateway/contracts/provider-history'
import type { ProvidersResponse } from '@sms-gateway/contracts/providers'
import { request } from '../../api/request.ts'
import { useMay } from '../../api/session.ts'
import { type RangeName, RANGES } from './history.ts'

const PROVIDERS = '/providers'
const GATEWAY = '/gateway'
const REFRESH_MS = 5_000

export function useProviders() {
  return useQuery({
    queryKey: [PROVIDERS, 'all'],
    queryFn: ({ signal }) => request<ProvidersResponse>(PROVIDERS, { signal }),
    refetchInterval: REFRESH_MS,
  })
}

export function useHistory(name: string, range: RangeName) {
  return useQuery({
    queryKey: [PROVIDERS, name, range],
    queryFn: ({ signal }) =>
      request<ProviderHistoryResponse>(`${PROVIDERS}/${name}/history`, {
        query: { minutes: RANGES[range] },
        signal,
      }),
    refetchInterval: 15_000,
  })
}

export function useGateway() {
  return useQuery({
    queryKey: [GATEWAY],
    queryFn: ({ signal }) => request<GatewayResponse>(GATEWAY, { signal }),
    refetchInterval: REFRESH_MS,
  })
}

/** Everything that is to go now, in whichever lane. */
export function useWaiting(): number | undefined {
  const { data } = useQuery({
    queryKey: ['/overview'],
    queryFn: ({ signal }) => request<OverviewResponse>('/overview', { signal }),
    refetchInterval: REFRESH_MS,
  })
  return data?.lanes.reduce((sum, { depth }) => sum + depth, 0)
}

/** What a segment in Taiwan costs at each provider now. */
export function usePrices(): ReadonlyMap<string, PricesResponse['data'][number]['price']> {
  const { data } = useQuery({
    queryKey: ['/prices', 'all'],
    queryFn: ({ signal }) => request<PricesResponse>('/prices', { query: { limit: 500 }, signal }),
    staleTime: 60_000,
  })
  const inForce = data?.data.filter(({ in_force: isInForce }) => isInForce) ?? []
  // The price of the country comes after that of every other one, and wins.
  const ordered = ['*', 'TW'].flatMap((each) => inForce.filter(({ country }) => country === each))
  return new Map(ordered.map(({ provider, price }) => [provider, price]))
}

/** Names of API keys by their ids, where they may be read. */
export function useKeyNames(): ReadonlyMap<string, string> {
  const may = useMay()
  const { data } = useQuery({
    queryKey: ['/api-keys', 'names'],
    queryFn: () => request<ApiKeysResponse>('/api-keys', { query: { limit: 500 } }),
    enabled: may('admin'),
    staleTime: 60_000,
  })
  return new Map(data?.data.map(({ id, name }) => [id, name]))
}

/** Pulls a lever, and reads anew what it changed. */
export function useLever() {
  const client = useQueryClient()
  return async (path: string, body: object) => {
    await request(path, { method: 'POST', body })
    await Promise.all(
      [PROVIDERS, GATEWAY, '/overview'].map((key) => client.invalidateQueries({ queryKey: [key] })),
    )
  }
}
