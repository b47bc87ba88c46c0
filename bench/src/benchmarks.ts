import { mkdirSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openAcceptSuite } from './accept-suite.ts'
import { openCampaignSuite } from './campaign-suite.ts'
import type { CleanUp } from './clean-up.ts'
import { createCleanUp } from './clean-up.ts'
import type { Benchmark } from './contender.ts'
import { openFiguresSuite } from './figures-suite.ts'
import { readMachine } from './machine.ts'
import type { Options, Suite } from './options.ts'
import { openPipelineSuite } from './pipeline-suite.ts'
import type { ProcessContext, RoleProcess } from './processes.ts'
import { startRole } from './processes.ts'
import type { BenchmarkResult } from './rounds.ts'
import { runRounds } from './rounds.ts'
import type { Stores } from './stores.ts'
import { makeFolder, startStores } from './stores.ts'
import { toTable } from './table.ts'
import { openUrgentSuite } from './urgent-suite.ts'

type OpenSuite = (
  context: ProcessContext,
  stores: Stores,
  load: RoleProcess,
  options: Options,
) => Promise<Benchmark[]>

const OPEN: Record<Suite, OpenSuite> = {
  accept: openAcceptSuite,
  pipeline: openPipelineSuite,
  urgent: openUrgentSuite,
  figures: openFiguresSuite,
  campaigns: openCampaignSuite,
}
const RESULTS = fileURLToPath(import.meta.resolve('../results.json'))

export async function runBenchmarks(options: Options, cleanUp: CleanUp): Promise<void> {
  const startedAt = performance.now()
  const { rounds, seconds, suites, path } = options
  const profileDir = options.profileDir === undefined ? undefined : resolve(options.profileDir)
  if (profileDir !== undefined) mkdirSync(profileDir, { recursive: true })
  const context = { cleanUp, folder: await makeFolder(cleanUp), profileDir, path }
  const stores = await startStores(context)
  const machine = await readMachine(stores)
  const load = await startRole(context, 'load', {})

  const results: BenchmarkResult[] = []
  for (const suite of suites) {
    // What a suite started is gone before the next: nothing of it runs beside what is measured then.
    const suiteCleanUp = createCleanUp()
    const closeSuite = cleanUp.add(() => suiteCleanUp.closeAll())
    const benchmarks = await OPEN[suite](
      { ...context, cleanUp: suiteCleanUp },
      stores,
      load,
      options,
    )
    for (const benchmark of benchmarks) {
      results.push(await runRounds(benchmark, { rounds, seconds }, report))
    }
    await closeSuite()
  }
  const tookSeconds = Math.round((performance.now() - startedAt) / 1000)
  const all = { machine, rounds, seconds, tookSeconds, benchmarks: results }
  await writeFile(RESULTS, `${JSON.stringify(all, undefined, 2)}\n`)
  console.log(toTable(machine, results))
  console.log(`${rounds} rounds of ${seconds} s in ${tookSeconds} s; all figures: ${RESULTS}`)
}

function report(line: string): void {
  console.log(line)
}
