import { Cluster, Redis } from 'ioredis'

const CLUSTER_SCHEME = 'redis-cluster:'
const CONNECT_LIMIT_MS = 5_000
const MAX_RECONNECT_DELAY_MS = 2_000

/** `redis://`, `rediss://`, or `redis-cluster://host:port,host:port`. It reconnects by itself, for ever. */
export function connectRedis(url: string): Redis | Cluster {
  const options = {
    // BullMQ's workers need it: a blocking command waits for Redis to come back.
    maxRetriesPerRequest: null,
    connectTimeout: CONNECT_LIMIT_MS,
    retryStrategy: (tries: number) => Math.min(tries * 100, MAX_RECONNECT_DELAY_MS),
  }
  const connection = url.startsWith(CLUSTER_SCHEME)
    ? new Cluster(readClusterNodes(url), {
        clusterRetryStrategy: options.retryStrategy,
        redisOptions: { ...options, ...readCredentials(url) },
      })
    : new Redis(url, options)
  // Without a listener an outage would end the process; readiness and the workers' own listeners tell of it.
  connection.on('error', () => undefined)
  return connection
}

export function readClusterNodes(url: string): { host: string; port: number }[] {
  const authority = url.slice(CLUSTER_SCHEME.length + 2).replace(/^[^@]*@/, '')
  return authority
    .replace(/\/.*$/, '')
    .split(',')
    .map((node) => new URL(`redis://${node}`))
    .map(({ hostname, port }) => ({ host: hostname, port: Number(port || 6379) }))
}

function readCredentials(url: string): { username?: string; password?: string } {
  const credentials = /^[^/]*\/\/([^@/]*)@/.exec(url)?.[1]
  if (!credentials) return {}
  const [username = '', password = ''] = credentials.split(':').map(decodeURIComponent)
  return { ...(username && { username }), ...(password && { password }) }
}
