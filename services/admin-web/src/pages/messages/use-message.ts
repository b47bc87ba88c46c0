import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { MessageAttemptsResponse } from '@sms-gateway/contracts/message-attempts'
import type { MessageResponse } from '@sms-gateway/contracts/message-response'
import { request } from '../../api/request.ts'
import { useEvents } from '../../api/use-events.ts'

/** A message, read again whenever the gateway says that it is not as it was. */
export function useMessage(id: string) {
  const client = useQueryClient()
  const key = ['/messages', id]
  const readAgain = () => void client.invalidateQueries({ queryKey: key })
  const live = useEvents({ message: readAgain }, { messages: [id], onReopen: readAgain })
  const message = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => request<MessageResponse>(`/messages/${id}`, { signal }),
  })
  const traces = useQuery({
    queryKey: [...key, 'attempts'],
    queryFn: ({ signal }) =>
      request<MessageAttemptsResponse>(`/messages/${id}/attempts`, { signal }),
  })
  return { message, traces, live, readAgain }
}
