import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { makeTestFolder } from '@sms-gateway/db/test-support/test-folder'
import { createCleanUp } from '../src/clean-up.ts'
import type { ScenarioResult } from '../src/run-scenario.ts'
import { listQuickScenarios } from '../src/scenarios.ts'
import { runSuite } from '../src/suite.ts'

const scenarios = listQuickScenarios()
const LIMIT_MS = 420_000
/** The processes run from the sources, as Jest does: no build is needed. */
const LOADER = join(import.meta.dirname, '../../packages/db/test-support/typescript.mjs')
const NODE_FLAGS = [
  ...['--no-warnings', '--conditions=source'],
  ...['--import', pathToFileURL(LOADER).href],
]

const cleanUp = createCleanUp()
const results = new Map<string, ScenarioResult>()

beforeAll(async () => {
  await runSuite({
    scenarios,
    sideBySide: scenarios.length,
    folder: makeTestFolder(),
    nodeFlags: NODE_FLAGS,
    onResult: (result) => results.set(result.scenario, result),
    cleanUp,
  })
}, LIMIT_MS)
afterAll(() => cleanUp.closeAll(), 30_000)

test.each(scenarios.map(({ name }) => name))('%s', (name) => {
  expect(results.get(name)).toMatchObject({ lost: 0, doubled: 0, broken: [], findings: [] })
})
