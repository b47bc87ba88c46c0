import type { BaseAdapter } from '@bull-board/api/baseAdapter'
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import { LANES } from '@sms-gateway/domain/lane'
import type { Backend } from './backend.ts'
import { withinLimit } from './within-limit.ts'

export interface BoardQueues {
  adapters: readonly BaseAdapter[]
  close: () => Promise<void>
}

const CLOSE_LIMIT_MS = 3_000

/** The lanes for BullMQ's own board, to be looked at and not to be touched: what waits is decided in PostgreSQL. */
export function openBoardQueues(
  backend: Pick<Backend, 'createQueue'>,
  onError: (err: Error) => void,
): BoardQueues {
  const queues = LANES.map((lane) => backend.createQueue(lane))
  for (const queue of queues) queue.on('error', onError)
  return {
    adapters: queues.map(
      (queue) =>
        // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- they are BullMQ's own; our type names what the gateway uses of them
        new BullMQAdapter(queue as ConstructorParameters<typeof BullMQAdapter>[0], {
          readOnlyMode: true,
          allowRetries: false,
        }),
    ),
    async close() {
      const closing = Promise.allSettled(queues.map((queue) => queue.close()))
      await withinLimit(closing, CLOSE_LIMIT_MS).catch(() => undefined)
    },
  }
}
