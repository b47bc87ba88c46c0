import { mkdtempSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createCleanUp } from './clean-up.ts'
import { killUnderCampaign } from './process-scenarios.ts'
import type { ScenarioResult } from './run-scenario.ts'
import { listLongScenarios, listQuickScenarios } from './scenarios.ts'
import { hasPassed, runSuite } from './suite.ts'
import { toTable } from './table.ts'

const CAMPAIGN_KILLS = 20
const CAMPAIGN_KILL_MS = 4_000
const RESULTS = join(import.meta.dirname, '..', 'results.json')

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    /** Only the scenarios whose name contains it. */
    only: { type: 'string', default: '' },
    /** One campaign of so many people through twenty kills, and nothing else. */
    campaign: { type: 'string' },
    'side-by-side': { type: 'string' },
    /** Keeps data and logs. */
    keep: { type: 'boolean', default: false },
  },
})
const listed = values.quick ? listQuickScenarios() : listLongScenarios()
const scenarios =
  values.campaign === undefined
    ? listed.filter(({ name }) => name.includes(values.only))
    : [killUnderCampaign(Number(values.campaign), CAMPAIGN_KILLS, CAMPAIGN_KILL_MS)]
const cleanUp = createCleanUp()
const folder = mkdtempSync(join(tmpdir(), 'sms-gateway-chaos-'))
cleanUp.add(async () => {
  if (values.keep) console.log(`data and logs are in ${folder}`)
  else await rm(folder, { recursive: true, force: true, maxRetries: 5 })
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void cleanUp.closeAll().finally(() => process.exit(130))
  })
}
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.once(event, (err: unknown) => {
    console.error(err)
    void cleanUp.closeAll().finally(() => process.exit(1))
  })
}
/** Written as they come: what a run that is broken off has found must not be lost. */
const write = (all: readonly ScenarioResult[]) => {
  writeFileSync(RESULTS, `${JSON.stringify(all, null, 2)}\n`)
}
const done: ScenarioResult[] = []
const results = await runSuite({
  cleanUp,
  scenarios,
  sideBySide: Number(values['side-by-side'] ?? (values.quick ? 7 : 6)),
  folder,
  nodeFlags: [],
  onResult(result) {
    done.push(result)
    write(done)
    const { scenario, seconds, lost, doubled } = result
    console.log(`${scenario}: ${lost} lost, ${doubled} doubled, ${seconds} s`)
  },
})
const order = scenarios.map(({ name }) => name)
results.sort((a, b) => order.indexOf(a.scenario) - order.indexOf(b.scenario))
write(results)
console.log(`\n${toTable(results)}\n`)
for (const { scenario, broken, crashes } of results) {
  for (const promise of new Set(broken)) console.log(`${scenario}: ${promise}`)
  for (const crash of crashes)
    console.log(`${scenario}: a process ended by itself: ${crash.slice(0, 300)}`)
}
await cleanUp.closeAll()
process.exitCode = results.every(hasPassed) ? 0 : 1
