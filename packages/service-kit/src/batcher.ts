/** Rejects an item that came while as many as allowed were waiting already. Nothing was done with it. */
export class OverloadedError extends Error {
  override readonly name = 'OverloadedError'

  constructor(waiting: number) {
    super(`${waiting} items are waiting already`)
  }
}

export interface BatcherOptions<I, O> {
  /** Items a flush takes at most. */
  maxSize: number
  /** Flushes that run at once at most. */
  maxConcurrent: number
  /** All or nothing: when it rejects, none of the items were taken. The outcomes are in the items' order. */
  flush: (items: I[]) => Promise<O[]>
  /** Items that wait for a flush at most; more are rejected with {@link OverloadedError}. */
  maxWaiting?: number
  /** Says that no item is to blame, so that flushing them one by one would only fail as often. */
  isOutage?: (err: unknown) => boolean
}

export interface Batcher<I, O> {
  add(item: I): Promise<O>
  /** Takes no more; resolves when everything taken before has its outcome. */
  close(): Promise<void>
}

interface Entry<I, O> {
  item: I
  resolve: (outcome: O) => void
  reject: (err: unknown) => void
}

const MAX_WAITING = 10_000

/**
 * Group commit. An item that comes alone is flushed in the same turn of the event loop; what comes while every
 * slot is busy goes together in the next flush, so the batches grow with the load and nobody waits for a timer.
 */
export function createBatcher<I, O>(options: BatcherOptions<I, O>): Batcher<I, O> {
  const { maxSize, maxConcurrent, maxWaiting = MAX_WAITING } = options
  const waiting: Entry<I, O>[] = []
  let running = 0
  let woken = false
  let closed = false
  let onDrained: (() => void) | undefined
  const drained = new Promise<void>((resolve) => {
    onDrained = resolve
  })

  const run = async (batch: Entry<I, O>[]) => {
    running++
    try {
      await settleBatch(batch, options)
    } catch (err) {
      // A bug in `flush` or `isOutage`. Those who have an outcome keep it.
      for (const entry of batch) entry.reject(err)
    }
    running--
    pump()
  }
  const pump = () => {
    while (running < maxConcurrent && waiting.length > 0) void run(waiting.splice(0, maxSize))
    if (closed && running === 0 && waiting.length === 0) onDrained?.()
  }
  const wake = () => {
    if (woken || running >= maxConcurrent) return
    woken = true
    // After the sockets that are readable now have all been read, so that their requests go together.
    setImmediate(() => {
      woken = false
      pump()
    })
  }

  return {
    add(item) {
      if (closed) return Promise.reject(new Error('the batcher is closed'))
      if (waiting.length >= maxWaiting) return Promise.reject(new OverloadedError(waiting.length))
      return new Promise((resolve, reject) => {
        waiting.push({ item, resolve, reject })
        wake()
      })
    },
    close() {
      closed = true
      pump()
      return drained
    },
  }
}

/** Gives every entry its outcome. */
async function settleBatch<I, O>(
  batch: readonly Entry<I, O>[],
  options: BatcherOptions<I, O>,
): Promise<void> {
  const failure = await flushTogether(batch, options)
  if (failure === undefined) return
  const { err, splittable } = failure
  if (splittable && batch.length > 1) await settleSingly(batch, options)
  else for (const entry of batch) entry.reject(err)
}

/** One bad item must not fail its neighbours; but when an outage begins half-way, the rest share it. */
async function settleSingly<I, O>(
  batch: readonly Entry<I, O>[],
  options: BatcherOptions<I, O>,
): Promise<void> {
  for (const [index, entry] of batch.entries()) {
    const failure = await flushTogether([entry], options)
    if (failure === undefined) continue
    entry.reject(failure.err)
    if (failure.splittable) continue
    for (const rest of batch.slice(index + 1)) rest.reject(failure.err)
    return
  }
}

interface FlushFailure {
  err: unknown
  splittable: boolean
}

/** Resolves every entry, or none and says why. */
async function flushTogether<I, O>(
  batch: readonly Entry<I, O>[],
  { flush, isOutage = () => false }: BatcherOptions<I, O>,
): Promise<FlushFailure | undefined> {
  let outcomes: readonly O[]
  try {
    outcomes = await flush(batch.map(({ item }) => item))
  } catch (err) {
    return { err, splittable: !isOutage(err) }
  }
  if (outcomes.length !== batch.length) {
    // The flush has happened, so nothing of it may be repeated.
    const err = new Error(`a flush of ${batch.length} items gave ${outcomes.length} outcomes`)
    return { err, splittable: false }
  }
  outcomes.forEach((outcome, index) => batch[index]?.resolve(outcome))
  return undefined
}
