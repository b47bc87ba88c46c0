import { runBenchmarks } from './benchmarks.ts'
import { createCleanUp } from './clean-up.ts'
import { readOptions } from './options.ts'
import type { RoleStart } from './role.ts'
import { playRole } from './role.ts'

/** Processes of the benchmark itself: this file started again, with the role's name; its settings, as JSON, are in the environment. */
const ROLES: Record<string, () => Promise<RoleStart>> = {
  load: async () => (await import('./load-role.ts')).startLoad,
  simulator: async () => (await import('./simulator-role.ts')).startSimulator,
  'naive-api': async () => (await import('./naive-api-role.ts')).startNaiveApi,
  'naive-worker': async () => (await import('./naive-worker-role.ts')).startNaiveWorker,
}

const [command = ''] = process.argv.slice(2)
const role = ROLES[command]
if (role) await playRole(await role(), process.env['BENCH_ROLE_SETTINGS'] ?? '')
else await runAll()

async function runAll(): Promise<void> {
  const cleanUp = createCleanUp()
  const interrupted = new AbortController()
  const stop = () => {
    if (interrupted.signal.aborted) return
    interrupted.abort()
    console.log('\nstopping what was started')
    void cleanUp.closeAll().finally(() => process.exit(130))
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  try {
    await runBenchmarks(readOptions(process.argv.slice(2), process.env['PATH'] ?? ''), cleanUp)
  } catch (err) {
    // What breaks after Ctrl-C breaks because of it.
    if (interrupted.signal.aborted) return
    console.error(`the benchmark failed: ${err instanceof Error ? err.message : String(err)}`)
    process.exitCode = 1
  }
  if (!interrupted.signal.aborted) await cleanUp.closeAll()
}
