import type { IncomingMessage } from 'node:http'
import { HttpProblem } from '@sms-gateway/service-kit/problem'
import type { UploadLimits } from './upload-limits.ts'

/** Tells of an upload that is silent or takes too long; what it gives back ends the watch. */
export function watchUpload(
  req: IncomingMessage,
  { idleMs, totalMs }: Pick<UploadLimits, 'idleMs' | 'totalMs'>,
  onSlow: (problem: HttpProblem) => void,
): () => void {
  const onIdle = () => {
    // It is we who let it wait while what came is stored.
    if (req.isPaused()) idle.refresh()
    else onSlow(tooSlow(`Nothing came for ${toSeconds(idleMs)} s.`))
  }
  const idle = setTimeout(onIdle, idleMs)
  const total = setTimeout(() => {
    onSlow(tooSlow(`It was not whole within ${toSeconds(totalMs)} s.`))
  }, totalMs)
  const onData = () => idle.refresh()
  req.on('data', onData)
  return () => {
    req.off('data', onData)
    clearTimeout(idle)
    clearTimeout(total)
  }
}

function tooSlow(why: string): HttpProblem {
  const detail = `The upload was given up, and nothing of it is kept. ${why}`
  // What may still come of it is nobody's: the connection ends with the answer.
  return new HttpProblem('upload-too-slow', detail, { headers: { connection: 'close' } })
}

function toSeconds(ms: number): number {
  return Math.ceil(ms / 1_000)
}
