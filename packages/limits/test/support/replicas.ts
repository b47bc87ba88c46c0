import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { spawnTypeScript } from '@sms-gateway/db/test-support/spawn-typescript'
import type { Arrival } from './recorder.ts'
import type { SenderOptions, Stream } from './sender.ts'

export interface Replicas {
  start(): void
  /** `kill -9` of the one that was started first. */
  killFirst(): Promise<void>
  read(): Promise<Arrival[]>
  /** Until each of those that run has sent; what they sent till then is forgotten. */
  warmUp(): Promise<void>
  end(): Promise<void>
}

const WARM_UP_LIMIT_MS = 60_000

/** A provider, and as many processes as are started that send to it. */
export async function openReplicas(redisUrl: string, streams: Stream[]): Promise<Replicas> {
  const provider = spawnTypeScript(join(import.meta.dirname, 'recorder.ts'))
  const lines = createInterface({ input: provider.stdout })[Symbol.asyncIterator]()
  const readLine = async () => String((await lines.next()).value)
  const options: SenderOptions = { redisUrl, port: Number(await readLine()), streams }
  const senders: ReturnType<typeof spawnTypeScript>[] = []

  const kill = async (child: ReturnType<typeof spawnTypeScript>) => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
  const read = async (): Promise<Arrival[]> => {
    provider.stdin.write('\n')
    return JSON.parse(await readLine()) as Arrival[]
  }
  return {
    start() {
      const child = spawnTypeScript(join(import.meta.dirname, 'sender.ts'), [
        JSON.stringify(options),
      ])
      child.stderr.pipe(process.stderr)
      senders.push(child)
    },
    async killFirst() {
      const [first] = senders.splice(0, 1)
      if (first) await kill(first)
    },
    read,
    async warmUp() {
      const seen = new Set<string>()
      const deadline = Date.now() + WARM_UP_LIMIT_MS
      while (seen.size < senders.length) {
        if (Date.now() > deadline)
          throw new Error(`${seen.size} of ${senders.length} replicas send`)
        await sleep(100)
        for (const { sender } of await read()) seen.add(sender)
      }
    },
    async end() {
      await Promise.all([...senders, provider].map(kill))
    },
  }
}
