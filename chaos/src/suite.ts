import { join } from 'node:path'
import type { CleanUp } from './clean-up.ts'
import { createCleanUp } from './clean-up.ts'
import type { ScenarioResult } from './run-scenario.ts'
import { runScenario } from './run-scenario.ts'
import type { Scenario } from './scenario.ts'
import { startPostgres, startRedis } from './stores.ts'
import type { SharedStores } from './world.ts'

export interface SuiteOptions {
  scenarios: readonly Scenario[]
  /** Scenarios side by side: most of their time they wait. */
  sideBySide: number
  /** For data and logs; the caller's to remove. */
  folder: string
  nodeFlags: readonly string[]
  onResult: (result: ScenarioResult) => void
  /** Ends whatever is still running when the suite is broken off. */
  cleanUp: CleanUp
}

/** A machine that is too busy to tell once may tell the next time. */
const REPEATS = 2

/** Runs them all, and ends what each of them started, however it went. */
export async function runSuite(options: SuiteOptions): Promise<ScenarioResult[]> {
  const { scenarios, sideBySide, folder, nodeFlags, onResult, cleanUp } = options
  const [redis, postgres] = await Promise.all([
    startRedis(join(folder, 'shared'), cleanUp),
    startPostgres(join(folder, 'shared'), cleanUp),
  ])
  const waiting = [...scenarios]
  const results: ScenarioResult[] = []
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const stores = { redis, postgres, folder, nodeFlags }
      let result = await runAlone(next, stores, cleanUp)
      for (let again = 0; result.isInconclusive && again < REPEATS; again++) {
        result = await runAlone(next, stores, cleanUp)
      }
      results.push(result)
      onResult(result)
    }
  }
  await Promise.all(Array.from({ length: sideBySide }, work))
  return results
}

async function runAlone(
  scenario: Scenario,
  stores: SharedStores,
  cleanUp: CleanUp,
): Promise<ScenarioResult> {
  const own = createCleanUp()
  cleanUp.add(() => own.closeAll())
  const result = await runScenario(scenario, stores, own).catch((err: unknown) =>
    toFailed(scenario, err),
  )
  await own.closeAll()
  return result
}

/** A scenario that could not be run has proven nothing. */
function toFailed({ name, processes }: Scenario, err: unknown): ScenarioResult {
  const nothing = { messages: 0, lost: 0, doubled: 0, markedDuplicates: 0, inDoubt: 0, unsent: 0 }
  return {
    ...nothing,
    scenario: name,
    processes: processes.length,
    kills: {},
    answers: {},
    slowestMs: 0,
    crashes: [],
    broken: [
      `it could not be run: ${err instanceof Error ? (err.stack ?? err.message) : String(err)}`,
    ],
    isInconclusive: false,
    findings: [],
    seconds: 0,
  }
}

export function hasPassed({ lost, doubled, broken }: ScenarioResult): boolean {
  return lost === 0 && doubled === 0 && broken.length === 0
}
