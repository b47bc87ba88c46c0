/** Numbers from 0 up to 1, the same ones for the same seed (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Upper-case hex digits. */
export function randomHex(random: () => number, digits: number): string {
  let hex = ''
  while (hex.length < digits) {
    hex += Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0')
  }
  return hex.slice(0, digits).toUpperCase()
}
