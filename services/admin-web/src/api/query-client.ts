import { QueryCache, QueryClient } from '@tanstack/react-query'
import { ApiProblem } from './problem.ts'
import { endSession } from './session.ts'

const STALE_MS = 10_000

/** One for the page. A session that has ended anywhere shows the sign-in everywhere. */
export function createQueryClient(): QueryClient {
  const onError = (err: unknown) => {
    if (err instanceof ApiProblem && err.status === 401) endSession(client)
  }
  const client = new QueryClient({
    queryCache: new QueryCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: STALE_MS,
        retry: (count, err) => count < 2 && isTransient(err),
        refetchOnWindowFocus: true,
      },
      // A change is repeated by a person alone.
      mutations: { retry: false, onError },
    },
  })
  return client
}

function isTransient(err: unknown): boolean {
  return err instanceof ApiProblem && (err.status === 0 || err.status >= 500)
}
