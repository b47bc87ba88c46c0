import type { KyselyPlugin } from 'kysely'
import type { Db } from '../src/connect.ts'

/** The same database, and every statement that goes to it, as text to look for words in. */
export function tellStatements(db: Db): { db: Db; statements: string[] } {
  const statements: string[] = []
  const plugin: KyselyPlugin = {
    transformQuery({ node }) {
      statements.push(JSON.stringify(node))
      return node
    },
    transformResult: ({ result }) => Promise.resolve(result),
  }
  return { db: db.withPlugin(plugin), statements }
}
