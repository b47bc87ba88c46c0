import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { TYPESCRIPT_FLAGS } from '@sms-gateway/db/test-support/spawn-typescript'
import { makeTestFolder } from '@sms-gateway/db/test-support/test-folder'
import { createCleanUp } from '../src/clean-up.ts'
import type { ScenarioResult } from '../src/run-scenario.ts'
import { listQuickScenarios } from '../src/scenarios.ts'
import { runSuite } from '../src/suite.ts'

const scenarios = listQuickScenarios()
const LIMIT_MS = 800_000

const cleanUp = createCleanUp()
const results = new Map<string, ScenarioResult>()

beforeAll(async () => {
  await runSuite({
    scenarios,
    sideBySide: scenarios.length,
    folder: makeTestFolder(),
    // The processes run from the sources, as Jest does: no build is needed.
    nodeFlags: TYPESCRIPT_FLAGS,
    onResult: (result) => results.set(result.scenario, result),
    cleanUp,
  })
}, LIMIT_MS)
afterAll(() => cleanUp.closeAll())

test.each(scenarios.map(({ name }) => name))('%s', (name) => {
  expect(results.get(name)).toMatchObject({ lost: 0, doubled: 0, broken: [], findings: [] })
})
