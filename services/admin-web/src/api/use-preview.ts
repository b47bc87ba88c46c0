import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { PreviewResponse } from '@sms-gateway/contracts/template-preview'
import { request } from './request.ts'

export interface PreviewQuestion {
  code: string
  /** Left out: of the variant that most people get. */
  content?: string | undefined
  template_data: Readonly<Record<string, string>>
}

/** How a text would go out. The last preview stays in sight until the next is there. */
export function usePreview({ code, ...body }: PreviewQuestion) {
  return useQuery({
    queryKey: ['preview', code, body],
    queryFn: ({ signal }) =>
      request<PreviewResponse>(`/templates/${encodeURIComponent(code)}/preview`, {
        method: 'POST',
        body,
        signal,
      }),
    enabled: body.content?.trim() !== '',
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  })
}
