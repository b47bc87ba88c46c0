import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']

/** The Chromium of this machine, by `CHROMIUM_PATH` or along `PATH`. */
export function findChromium(env: NodeJS.ProcessEnv): string | undefined {
  const path = env['CHROMIUM_PATH']
  return path !== undefined && isProgram(path) ? path : findProgram(NAMES, env)
}

/** The first of them along `PATH`. */
export function findProgram(names: readonly string[], env: NodeJS.ProcessEnv): string | undefined {
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isProgram)
}

function isProgram(path: string): boolean {
  if (path === '') return false
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
