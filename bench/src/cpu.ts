import { readdir, readFile } from 'node:fs/promises'

/** Linux counts a process's time in these. */
const TICKS_PER_SECOND = 100

/** CPU seconds of a process since its start, with its children (a postmaster's sessions) if asked; 0 where nobody counts. */
export async function readCpuSeconds(pid: number, withChildren = false): Promise<number> {
  const own = await readTimes(pid)
  if (!own) return 0
  if (!withChildren) return own.seconds
  const pids = (await readdir('/proc')).filter((name) => /^[0-9]+$/.test(name)).map(Number)
  const all = await Promise.all(pids.map(readTimes))
  const children = all.filter((times) => times?.parent === pid)
  return own.seconds + own.ofEnded + children.reduce((sum, times) => sum + (times?.seconds ?? 0), 0)
}

/** CPU seconds that the whole machine has worked since its start; 0 where nobody counts. */
export async function readBusySeconds(): Promise<number> {
  const line = await readFile('/proc/stat', 'utf8').catch(() => '')
  const [user = 0, nice = 0, system = 0, , , irq = 0, softIrq = 0] = (line.split('\n')[0] ?? '')
    .split(/ +/)
    .slice(1)
    .map(Number)
  return (user + nice + system + irq + softIrq) / TICKS_PER_SECOND
}

async function readTimes(
  pid: number,
): Promise<{ parent: number; seconds: number; ofEnded: number } | undefined> {
  const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  // Counted from behind the name, which may itself hold spaces and brackets.
  const fields = line
    ?.slice(line.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number)
  if (!fields) return undefined
  const [parent = 0] = fields.slice(1)
  const [user = 0, system = 0, childUser = 0, childSystem = 0] = fields.slice(11)
  return {
    parent,
    seconds: (user + system) / TICKS_PER_SECOND,
    ofEnded: (childUser + childSystem) / TICKS_PER_SECOND,
  }
}
