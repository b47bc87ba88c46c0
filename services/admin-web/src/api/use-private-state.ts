import { useLocation } from 'react-router'

/** A text that belongs to the entry of the history and is in no URL, such as a number: it outlives a reload. */
export function usePrivateState(name: string): string | undefined {
  const location: { state: unknown } = useLocation()
  const { state } = location
  if (typeof state !== 'object' || state === null) return undefined
  const value: unknown = Object.entries(state).find(([key]) => key === name)?.[1]
  return typeof value === 'string' && value !== '' ? value : undefined
}
