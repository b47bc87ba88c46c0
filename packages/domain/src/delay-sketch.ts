/**
 * How long many deliveries took, in little room: a histogram over buckets that each reach 4 % further than the one before
 * (as DDSketch does: Masson, Rim, Lee, VLDB 2019). A quantile of it is at most 2 % from the true one, whatever the values;
 * two sketches make one by adding their counts, and a count can be taken out again.
 */
export type DelaySketch = ReadonlyMap<number, number>

/** How far a bucket reaches beyond the one below: PostgreSQL's `delay_bucket` has it too. */
const DELAY_GAMMA = 1.04

/** Bucket b holds what is over γ^(b-1) and at most γ^b milliseconds; what is below one is one. */
export function delayBucketOf(milliseconds: number): number {
  return Math.ceil(Math.log(Math.max(1, milliseconds)) / Math.log(DELAY_GAMMA))
}

/** In milliseconds; as far from the bucket's lower end as from its upper one, in proportion. */
function valueOf(bucket: number): number {
  return (2 * DELAY_GAMMA ** bucket) / (DELAY_GAMMA + 1)
}

/** In milliseconds: of `q` = 0.95, what 95 of 100 deliveries did not exceed. Null of an empty sketch. */
export function delayQuantile(sketch: DelaySketch, q: number): number | null {
  const buckets = [...sketch].filter(([, count]) => count > 0).sort(([a], [b]) => a - b)
  const total = buckets.reduce((sum, [, count]) => sum + count, 0)
  let rank = Math.max(1, Math.ceil(q * total))
  for (const [bucket, count] of buckets) {
    rank -= count
    if (rank <= 0) return valueOf(bucket)
  }
  return null
}

/** Adds the counts of `other`; those that come to nothing are left out, so that equal sketches are equal maps. */
export function addToSketch(sketch: Map<number, number>, other: Iterable<[number, number]>): void {
  for (const [bucket, count] of other) {
    const sum = (sketch.get(bucket) ?? 0) + count
    if (sum === 0) sketch.delete(bucket)
    else sketch.set(bucket, sum)
  }
}

/**
 * How many buckets, then of each how far it is from the one before and its count, in as many bytes as they need. Of equal
 * sketches the bytes are equal. Several one after the other are one: the sum of them. A count may be below nothing for
 * a moment, while what it is taken from is still on its way.
 */
export function encodeSketch(sketch: DelaySketch): Buffer {
  if (sketch.size === 0) return Buffer.alloc(0)
  const bytes: number[] = []
  writeNumber(bytes, sketch.size)
  let before = 0
  for (const [bucket, count] of [...sketch].sort(([a], [b]) => a - b)) {
    writeNumber(bytes, bucket - before)
    writeNumber(bytes, count < 0 ? -2 * count - 1 : 2 * count)
    before = bucket
  }
  return Buffer.from(bytes)
}

/** Adds what {@link encodeSketch} wrote, once or several times after another. */
export function addEncoded(sketch: Map<number, number>, bytes: Uint8Array): void {
  const reader = { bytes, at: 0 }
  while (reader.at < bytes.length) {
    const size = readNumber(reader)
    let bucket = 0
    for (let index = 0; index < size; index++) {
      bucket += readNumber(reader)
      const code = readNumber(reader)
      addToSketch(sketch, [[bucket, code % 2 === 0 ? code / 2 : -(code + 1) / 2]])
    }
  }
}

/** Seven bits a byte, the lowest first. */
function writeNumber(bytes: number[], value: number): void {
  let rest = value
  while (rest >= 128) {
    bytes.push((rest % 128) + 128)
    rest = Math.floor(rest / 128)
  }
  bytes.push(rest)
}

function readNumber(reader: { bytes: Uint8Array; at: number }): number {
  let value = 0
  for (let scale = 1; ; scale *= 128) {
    const byte = reader.bytes[reader.at++]
    if (byte === undefined) throw new Error('a sketch ends in the middle')
    value += (byte % 128) * scale
    if (byte < 128) return value
  }
}
