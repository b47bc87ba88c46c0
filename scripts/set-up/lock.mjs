import {
  linkSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Failure } from './failure.mjs'
import { STATE } from './paths.mjs'

const FILE = join(STATE, 'lock')
const WAIT_LIMIT_MS = 15 * 60_000
const BEAT_MS = 2_000
/** A holder that is silent for so long is gone, even where its process id says nothing to us. */
const SILENCE_LIMIT_MS = 20_000

/** Runs `work` alone in this folder: two set-ups at once would write into each other's files. */
export async function withLock(work) {
  await takeLock()
  const beat = setInterval(() => {
    try {
      utimesSync(FILE, new Date(), new Date())
    } catch {
      // Somebody deleted it: the work is still ours to finish.
    }
  }, BEAT_MS)
  const release = () => {
    clearInterval(beat)
    rmSync(FILE, { force: true })
  }
  process.once('exit', release)
  try {
    return await work()
  } finally {
    process.off('exit', release)
    release()
  }
}

async function takeLock() {
  const draft = `${FILE}.${process.pid}`
  writeFileSync(draft, JSON.stringify({ pid: process.pid, host: hostname() }))
  try {
    const deadline = Date.now() + WAIT_LIMIT_MS
    for (let told = false; !tryLink(draft);) {
      const holder = readHolder()
      if (holder === undefined || isGone(holder)) removeStale(holder)
      else told = await waitFor(holder, deadline, told)
    }
  } finally {
    rmSync(draft, { force: true })
  }
}

async function waitFor({ pid }, deadline, told) {
  if (Date.now() > deadline) {
    throw new Failure(`another set-up (process ${pid}) holds ${FILE} for 15 minutes: end it`)
  }
  if (!told) console.log(`waiting for another set-up of this folder (process ${pid}) ...`)
  await sleep(200)
  return true
}

/** A link appears with its content or not at all. */
function tryLink(draft) {
  try {
    linkSync(draft, FILE)
    return true
  } catch (err) {
    if (err.code === 'EEXIST') return false
    throw err
  }
}

/** Two waiters may find the same dead holder: what was moved away is put back unless it is that one. */
function removeStale(holder) {
  if (holder === undefined) return // released this moment
  const aside = `${FILE}.stale.${process.pid}`
  try {
    renameSync(FILE, aside)
    const moved = JSON.parse(readFileSync(aside, 'utf8'))
    if (moved.pid !== holder.pid || moved.host !== holder.host) linkSync(aside, FILE)
  } catch {
    // the other waiter was faster
  }
  rmSync(aside, { force: true })
}

function readHolder() {
  try {
    return {
      ...JSON.parse(readFileSync(FILE, 'utf8')),
      silentMs: Date.now() - statSync(FILE).mtimeMs,
    }
  } catch {
    return undefined
  }
}

function isGone({ pid, host, silentMs }) {
  if (silentMs > SILENCE_LIMIT_MS) return true
  if (host !== hostname()) return false
  // A container gives the same ids again: nobody else can be this process.
  if (pid === process.pid) return true
  try {
    process.kill(pid, 0)
    return false
  } catch (err) {
    return err.code === 'ESRCH'
  }
}
