// A program that takes one job of a lane, says so, and never finishes it: to be killed.
import { connectBackend } from '../src/backend.ts'
import { startLaneWorker } from '../src/lane-worker.ts'

startLaneWorker(connectBackend(JSON.parse(process.argv[2] ?? '{}')), {
  lane: 'normal',
  concurrency: 1,
  process: (ids) => {
    process.stdout.write(`${ids.join(' ')}\n`)
    return new Promise<never>(() => {})
  },
  onError: (err, what) => process.stderr.write(`${what}: ${err.message}\n`),
})
