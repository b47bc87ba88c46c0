/** PostgreSQL's own words for "another transaction was in the way: try again". */
const TRANSIENT_CODES = ['40001', '40P01']
const TRIES = 5

/** Repeats a transaction that lost to another one. Only for work that is safe to repeat from its start. */
export async function retryDeadlock<T>(run: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await run()
    } catch (err) {
      if (tries === TRIES || !isTransient(err)) throw err
    }
  }
}

function isTransient(err: unknown): boolean {
  return err instanceof Error && 'code' in err && TRANSIENT_CODES.includes(String(err.code))
}
