import { useQuery, useQueryClient } from '@tanstack/react-query'
import type {
  ConversationResponse,
  InboundListResponse,
  InboundResponse,
} from '@sms-gateway/contracts/conversations'
import { request } from '../../api/request.ts'
import { PAGE, readTurns } from './read-turns.ts'

const EVERY_MS = 5_000

/**
 * Whom a text is from, in full: asked for once, for the audit keeps each look. Null where there is no such text. It is
 * forgotten with the page that shows it.
 */
export function useInbound(id: string, mayOpen: boolean) {
  return useQuery({
    queryKey: ['/inbound', 'whole', id],
    queryFn: async ({ signal }): Promise<InboundResponse | null> => {
      const options = { query: { id }, unmask: true, signal }
      const { data } = await request<InboundListResponse>('/inbound', options)
      return data[0] ?? null
    },
    enabled: mayOpen,
    staleTime: Infinity,
    gcTime: 0,
  })
}

/** Both directions, again each few seconds while somebody looks; its texts come masked like all others. */
export function useConversation(phone: string | null | undefined) {
  const client = useQueryClient()
  const path = toPath(phone ?? '')
  const queryKey = ['/conversations', path]
  const result = useQuery({
    queryKey,
    queryFn: ({ signal }) => {
      const known = client.getQueryData<ConversationResponse[]>(queryKey) ?? []
      return readTurns(known, (cursor) =>
        request<ConversationResponse>(path, { query: { limit: PAGE, cursor }, signal }),
      )
    },
    enabled: typeof phone === 'string',
    refetchInterval: EVERY_MS,
    gcTime: 0,
  })
  return {
    turns: result.data?.flatMap(({ data }) => data),
    optedOut: result.data?.at(-1)?.opted_out ?? false,
    isWhole: result.data?.at(-1)?.next_cursor === null,
    error: result.data ? null : result.error,
    readAgain: () => void result.refetch(),
  }
}

export function toPath(phone: string, rest = ''): string {
  return `/conversations/${encodeURIComponent(phone)}${rest}`
}
