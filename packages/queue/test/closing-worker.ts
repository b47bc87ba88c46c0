// A program that works off a lane until it is told to stop, then says that it has stopped. What BullMQ cannot close
// while its store is away would keep a test's own process alive; a service exits all the same.
import { connectBackend } from '../src/backend.ts'
import { startLaneWorker } from '../src/lane-worker.ts'

const worker = startLaneWorker(connectBackend({ kind: 'redis', url: process.argv[2] ?? '' }), {
  lane: 'normal',
  concurrency: 1,
  process: () => {
    process.stdout.write('took a job\n')
    return Promise.resolve()
  },
  onError: () => undefined,
})
process.stdin.once('data', () => {
  void worker.close(1_000).then(() => {
    process.stdout.write('stopped\n')
    process.exit()
  })
})
