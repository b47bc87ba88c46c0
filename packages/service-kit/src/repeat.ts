import type { Logger } from './logger.ts'

export interface Beat {
  name: string
  kind: 'done' | 'failed'
  durationMs: number
}

export interface RepeatOptions {
  name: string
  /** From the end of one run to the start of the next. */
  everyMs: number
  /** One run. It has to give up when the signal aborts: until it has settled there is no other. */
  run: (signal: AbortSignal) => Promise<unknown>
  logger: Logger
  /** When the signal of a run aborts. */
  limitMs?: number
  /** After each run: for a heartbeat that somebody misses when it stops. */
  onBeat?: (beat: Beat) => void
}

export interface Repeating {
  /** Starts no more runs, and waits for the one that is going. */
  stop(): Promise<void>
  /** A run that starts now, or as soon as the one that is going has ended. Resolves when it is over. */
  runNow(): Promise<void>
}

const RUN_LIMIT_MS = 30_000

/** Runs at once and then again and again, never twice at the same time, whatever a run does. */
export function startRepeating(options: RepeatOptions): Repeating {
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let current: Promise<void> | undefined
  let next: Promise<void> | undefined

  const begin = (): Promise<void> => {
    clearTimeout(timer)
    next = undefined
    current = runOnce(options).then(() => {
      current = undefined
      // A run asked for meanwhile follows by itself, and sets the timer after it.
      if (!stopped && !next) timer = setTimeout(() => void begin(), options.everyMs)
    })
    return current
  }
  const runNow = async (): Promise<void> => {
    if (stopped) return
    if (next) return next
    if (!current) return begin()
    // Whoever asks while one is going shares the one that follows: it sees what they want seen.
    next = current.then(() => (stopped ? undefined : begin()))
    return next
  }

  void begin()
  return {
    runNow,
    async stop() {
      stopped = true
      clearTimeout(timer)
      await current
    },
  }
}

/** Never rejects. */
async function runOnce(options: RepeatOptions): Promise<void> {
  const { name, run, logger, limitMs = RUN_LIMIT_MS, onBeat } = options
  const startedAt = performance.now()
  const limit = new AbortController()
  const timer = setTimeout(() => {
    logger.error({ name, limitMs }, 'run is over its limit')
    limit.abort()
  }, limitMs)
  let kind: Beat['kind'] = 'done'
  try {
    await run(limit.signal)
  } catch (err) {
    kind = 'failed'
    logger.error({ err, name }, 'run failed')
  } finally {
    clearTimeout(timer)
  }
  try {
    onBeat?.({ name, kind, durationMs: performance.now() - startedAt })
  } catch (err) {
    logger.error({ err, name }, 'beat failed')
  }
}
