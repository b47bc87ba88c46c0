import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import type { RetryFailedResponse } from '@sms-gateway/contracts/retry'
import { request } from '../../api/request.ts'
import {
  addAnswer,
  goesOn,
  nextStart,
  NO_PROGRESS,
  type RetryFilter,
  type RetryProgress,
} from './retry-plan.ts'

/** Calls until nothing is left: one call takes a thousand. What was made stays made when it is stopped, or fails. */
export function useRetry(filter: RetryFilter) {
  const client = useQueryClient()
  const [state, setState] = useState<'asking' | 'working' | 'done'>('asking')
  const [progress, setProgress] = useState<RetryProgress>(NO_PROGRESS)
  const [error, setError] = useState<unknown>(null)
  const isStopped = useRef(false)

  const run = async (rate: number | null) => {
    setState('working')
    let sum = NO_PROGRESS
    let more = true
    try {
      while (more && !isStopped.current) {
        const answer = await request<RetryFailedResponse>('/failed/retry', {
          method: 'POST',
          body: {
            ...filter,
            ...(rate !== null && { per_minute: rate }),
            start_at: nextStart(sum, rate),
          },
        })
        sum = addAnswer(sum, answer)
        more = goesOn(answer)
        setProgress(sum)
      }
    } catch (err) {
      setError(err)
    }
    setState('done')
    await client.invalidateQueries({ queryKey: ['/failed'] })
  }
  const stop = () => {
    isStopped.current = true
  }
  return { state, progress, error, run, stop }
}
