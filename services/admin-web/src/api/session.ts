import { type QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { SessionResponse, SignInMethodsResponse } from '@sms-gateway/contracts/session'
import { ApiProblem } from './problem.ts'
import { request } from './request.ts'

export type Session = SessionResponse
export type Scope = Session['scopes'][number]

export const SESSION = ['session'] as const

/** `null` while nobody is signed in. */
export function useSessionQuery() {
  return useQuery({ queryKey: SESSION, queryFn: findSession, staleTime: 60_000 })
}

async function findSession(): Promise<Session | null> {
  try {
    return await request<Session>('/session')
  } catch (err) {
    if (err instanceof ApiProblem && err.status === 401) return null
    throw err
  }
}

/** Who is signed in; behind the sign-in alone. */
export function useSession(): Session {
  const { data } = useSessionQuery()
  if (!data) throw new Error('nobody is signed in')
  return data
}

/** Whether the session has a scope: what it may not do is not offered. */
export function useMay(): (scope: Scope) => boolean {
  const { scopes } = useSession()
  return (scope) => scopes.includes(scope)
}

export function useSignInMethods() {
  return useQuery({
    queryKey: ['session', 'methods'],
    queryFn: () => request<SignInMethodsResponse>('/session/methods'),
    staleTime: Infinity,
  })
}

export function useSignIn() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (apiKey: string) =>
      request<Session>('/session', { method: 'POST', body: { api_key: apiKey } }),
    onSuccess: (session) => {
      forgetAll(client)
      client.setQueryData(SESSION, session)
    },
  })
}

/**
 * Nothing that was read stays behind for the next person at this screen. The session's own query stays: a removed one
 * tells nobody that it has changed.
 */
function forgetAll(client: QueryClient): void {
  client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION[0] })
  client.getMutationCache().clear()
}

/** The page of nobody: the sign-in, and nothing behind it. */
export function endSession(client: QueryClient): void {
  client.setQueryData(SESSION, null)
  forgetAll(client)
}

export function useSignOut() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => request('/session', { method: 'DELETE' }),
    onSettled: () => {
      endSession(client)
    },
  })
}

/** Ends every session of the key. Unlike the own one, the others are not over if the call fails. */
export function useSignOutEverywhere() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => request('/session', { method: 'DELETE', query: { all: true } }),
    onSuccess: () => {
      endSession(client)
    },
  })
}
