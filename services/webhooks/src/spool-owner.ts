import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { readProcessStart } from '@sms-gateway/db/embedded-postgres-owner'

/** What is left by a spool that was closed. */
export const NOBODY = 'nobody'

const HOST = toWord(hostname())

/**
 * One open spool, as it stands in the names of its segments: host, process, start of the process, and chance. The id
 * of a process alone would not do: a container gives the same ones again after each restart.
 */
export async function createOwner(): Promise<string> {
  const start = toWord((await readProcessStart(process.pid)) ?? '')
  return [HOST, process.pid, start, randomBytes(4).toString('hex')].join('_')
}

/** A process of another host, which shares the folder, counts as alive: only time tells whether it is. */
export async function mayBeAlive(owner: string): Promise<boolean> {
  if (owner === NOBODY) return false
  const [host, pid, start] = owner.split('_')
  if (host !== HOST) return true
  const actual = await readProcessStart(Number(pid))
  return actual !== undefined && toWord(actual) === start
}

function toWord(text: string): string {
  return text.replaceAll(/[^0-9A-Za-z]/g, '-')
}
