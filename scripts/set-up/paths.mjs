import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../../', import.meta.url))
/** Logs and locks; safe to delete while nothing runs. */
export const STATE = join(ROOT, '.cache', 'set-up')

/** The folders of the workspace that have a package.json, the root first. */
export function listPackages() {
  const folders = ['packages', 'services'].flatMap((group) =>
    readdirSync(join(ROOT, group)).map((name) => join(ROOT, group, name)),
  )
  return [ROOT, ...folders, join(ROOT, 'bench'), join(ROOT, 'chaos'), join(ROOT, 'tour')].flatMap(
    (folder) => {
      try {
        const text = readFileSync(join(folder, 'package.json'), 'utf8')
        return [{ folder, text }]
      } catch {
        return [] // what an editor or a removed package left behind
      }
    },
  )
}
