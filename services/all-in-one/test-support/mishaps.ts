import type { ScriptPatch } from '@sms-gateway/simulators/script'
import type { Simulator } from '@sms-gateway/simulators/simulator'

export type DuringMishap = <T>(patch: ScriptPatch, act: () => Promise<T>) => Promise<T>

const NO_MISHAP = {
  latencyMs: 0,
  holdAnswers: false,
  scope: 'submissions',
  refuseConnectionsMs: 0,
  dropBeforeTakingRate: 0,
  errorRate: 0,
  http502Rate: 0,
  loseAnswerRate: 0,
  hangRate: 0,
} satisfies ScriptPatch

/**
 * Lets a simulator misbehave while `act` runs, one test at a time: a test that runs beside others hands everything it
 * submits to it, with an empty patch where nothing is to go wrong.
 */
export function createMishaps(simulator: Pick<Simulator, 'script' | 'setScript'>): DuringMishap {
  let last: Promise<unknown> = Promise.resolve()
  const receipts = { ...simulator.script.receipts }
  return (patch, act) => {
    const turn = last.then(async () => {
      simulator.setScript(patch)
      try {
        return await act()
      } finally {
        simulator.setScript({ ...NO_MISHAP, receipts })
      }
    })
    last = turn.catch(() => undefined)
    return turn
  }
}
