const { log } = Math
const HALF_LOG_2_PI = 0.5 * log(2 * Math.PI)
const LANCZOS_G = 7
const LANCZOS_FIRST = 0.99999999999980993
/** For g = 7 and n = 9: fifteen digits. */
const LANCZOS = [
  676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
]

/** The logarithm of the gamma function, of a number over 0, by Lanczos' approximation. */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x)
  let series = LANCZOS_FIRST
  let divisor = x
  for (const coefficient of LANCZOS) series += coefficient / divisor++
  const t = x + LANCZOS_G - 0.5
  return HALF_LOG_2_PI + (x - 0.5) * log(t) - t + log(series)
}

export function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b)
}

const PRECISION = 1e-15
const MAX_STEPS = 10_000

/** The chance that chi-square with so many degrees of freedom is `value` or more. */
export function chiSquareTail(value: number, degrees: number): number {
  if (value <= 0) return 1
  const [a, x] = [degrees / 2, value / 2]
  const scale = Math.exp(a * Math.log(x) - x - logGamma(a))
  return x < a + 1 ? 1 - scale * lowerSeries(a, x) : scale * upperFraction(a, x)
}

/** The incomplete gamma function by its power series: quick below its mean. */
function lowerSeries(a: number, x: number): number {
  let term = 1 / a
  let sum = term
  for (let step = 1; step < MAX_STEPS && term > sum * PRECISION; step++) {
    term *= x / (a + step)
    sum += term
  }
  return sum
}

/** Its complement by Legendre's continued fraction, in Lentz's way: quick above its mean. */
function upperFraction(a: number, x: number): number {
  let b = x + 1 - a
  let c = Number.MAX_VALUE
  let d = 1 / b
  let result = d
  for (let step = 1; step < MAX_STEPS; step++) {
    const factor = step * (a - step)
    b += 2
    d = 1 / (b + factor * d)
    c = b + factor / c
    result *= c * d
    if (Math.abs(c * d - 1) < PRECISION) return result
  }
  return result
}
