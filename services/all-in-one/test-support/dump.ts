import { Redis } from 'ioredis'
import type pg from 'pg'

/** Every row of every table, as PostgreSQL writes it: bytea as hex. */
export async function dumpSchema(pool: pg.Pool, schema: string): Promise<string> {
  const { rows: tables } = await pool.query<{ name: string }>(
    `select quote_ident(schemaname) || '.' || quote_ident(tablename) as name from pg_tables where schemaname = $1`,
    [schema],
  )
  const dumps = await Promise.all(
    tables.map(async ({ name }) => {
      const { rows } = await pool.query<{ line: string }>(`select t::text as line from ${name} t`)
      return `${name}\n${rows.map(({ line }) => line).join('\n')}`
    }),
  )
  return dumps.join('\n')
}

/** Every key with its value, whatever its type. */
export async function dumpRedis(url: string): Promise<string> {
  const redis = new Redis(url)
  try {
    const keys = await redis.keys('*')
    return (await Promise.all(keys.map((key) => dumpKey(redis, key)))).join('\n')
  } finally {
    redis.disconnect()
  }
}

async function dumpKey(redis: Redis, key: string): Promise<string> {
  return `${key} ${JSON.stringify(await readKey(redis, key))}`
}

async function readKey(redis: Redis, key: string): Promise<unknown> {
  const type = await redis.type(key)
  switch (type) {
    case 'none':
      return null
    case 'string':
      return redis.get(key)
    case 'hash':
      return redis.hgetall(key)
    case 'list':
      return redis.lrange(key, 0, -1)
    case 'set':
      return redis.smembers(key)
    case 'zset':
      return redis.zrange(key, '0', '-1', 'WITHSCORES')
    case 'stream':
      return redis.xrange(key, '-', '+')
    default:
      throw new Error(`a key of the type ${type}, which nobody has looked into`)
  }
}
