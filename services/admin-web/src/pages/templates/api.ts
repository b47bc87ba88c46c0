import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { ExperimentResponse } from '@sms-gateway/contracts/experiments'
import type { TemplateResponse } from '@sms-gateway/contracts/templates'
import { ApiProblem } from '../../api/problem.ts'
import { request } from '../../api/request.ts'
import type { Draft } from './draft.ts'

export const TEMPLATES = '/templates'

export function pathOf(code: string, rest = ''): string {
  return `${TEMPLATES}/${encodeURIComponent(code)}${rest}`
}

export function useTemplate(code: string) {
  return useQuery({
    queryKey: [TEMPLATES, code],
    queryFn: ({ signal }) => request<TemplateResponse>(pathOf(code), { signal }),
  })
}

/** Null where the template was never tested. */
export function useExperiment(code: string) {
  return useQuery({
    queryKey: [TEMPLATES, code, 'experiment'],
    queryFn: ({ signal }) => findExperiment(code, signal),
    // Its figures are counted anew each 10 s at the most.
    refetchInterval: ({ state }) => (state.data?.ended_at === null ? 15_000 : false),
  })
}

async function findExperiment(
  code: string,
  signal: AbortSignal,
): Promise<ExperimentResponse | null> {
  try {
    return await request<ExperimentResponse>(pathOf(code, '/experiment'), { signal })
  } catch (err) {
    if (err instanceof ApiProblem && err.code === 'experiment-not-found') return null
    throw err
  }
}

/** What changes a template; each makes what was read of it stale. */
export function useTemplateActions(code: string) {
  const client = useQueryClient()
  const act = async <T>(method: 'PUT' | 'POST' | 'DELETE', rest: string, body?: unknown) => {
    const answer = await request<T>(pathOf(code, rest), { method, body })
    await client.invalidateQueries({
      queryKey: [TEMPLATES],
      refetchType: method === 'DELETE' ? 'none' : 'active',
    })
    return answer
  }
  return {
    save: (draft: Draft) => act<TemplateResponse>('PUT', '/variants', draft),
    remove: () => act<undefined>('DELETE', ''),
    rollBack: (version: number) => act<TemplateResponse>('POST', '/rollback', { version }),
    startTest: (body: unknown) => act<ExperimentResponse>('POST', '/experiment', body),
    stopTest: () => act<ExperimentResponse>('POST', '/experiment/stop'),
    promote: (variant: string) => act<TemplateResponse>('POST', '/promote', { variant }),
  }
}
