import { once } from 'node:events'
import type { Response } from 'express'

/** Of a reader that has stopped reading. */
const DRAIN_LIMIT_MS = 60_000

/** Waits for a reader that is slower than the database. One that is gone is written for no more. */
export async function writePart(res: Response, text: string): Promise<void> {
  if (text === '' || res.destroyed || res.write(text)) return
  const gone = new AbortController()
  const onClose = () => {
    gone.abort()
  }
  res.once('close', onClose)
  try {
    await once(res, 'drain', {
      signal: AbortSignal.any([gone.signal, AbortSignal.timeout(DRAIN_LIMIT_MS)]),
    })
  } catch {
    // Gone, or as good as gone: there is nobody left to write for.
    res.destroy()
  } finally {
    res.off('close', onClose)
  }
}
