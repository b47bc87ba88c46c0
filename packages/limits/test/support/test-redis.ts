/** A database of the test's own in the Redis of the run, so that it can be wiped; '' where there is no Redis. */
export function urlOfTestRedis(database: number): string {
  const url = process.env['TEST_REDIS_URL']
  return url === undefined ? '' : new URL(`/${database}`, url).href
}
