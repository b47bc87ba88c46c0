import type { KyselyPlugin, QueryId } from 'kysely'
import type { Db } from '../src/connect.ts'

/** The same database, and every statement that it has answered, as text to look for words in. */
export function tellStatements(db: Db): { db: Db; statements: string[] } {
  const statements: string[] = []
  const texts = new WeakMap<QueryId, string>()
  const plugin: KyselyPlugin = {
    // Of the parts of a statement too, which are none themselves.
    transformQuery({ node, queryId }) {
      texts.set(queryId, JSON.stringify(node))
      return node
    },
    transformResult({ result, queryId }) {
      statements.push(texts.get(queryId) ?? '')
      return Promise.resolve(result)
    },
  }
  return { db: db.withPlugin(plugin), statements }
}

/** The same database, and every statement and part of one that was asked of it, whether it answers or not. */
export function noteStatements(db: Db): { db: Db; asked: readonly string[] } {
  const asked: string[] = []
  const plugin: KyselyPlugin = {
    transformQuery({ node }) {
      asked.push(JSON.stringify(node))
      return node
    },
    transformResult: ({ result }) => Promise.resolve(result),
  }
  return { db: db.withPlugin(plugin), asked }
}
