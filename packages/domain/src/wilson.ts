/** Of the normal distribution, for 95 %. */
const Z = 1.959963984540054

export interface Interval {
  low: number
  high: number
}

/**
 * Wilson's score interval of 95 % for a share: it stays within 0 and 1, and is right for few and for rare events
 * (Wilson 1927; Brown, Cai and DasGupta 2001). Of one look: it is no licence to look until it suits.
 */
export function wilsonInterval(successes: number, trials: number): Interval {
  if (trials === 0) return { low: 0, high: 1 }
  const share = successes / trials
  const weight = (Z * Z) / trials
  const middle = share + weight / 2
  const half = Z * Math.sqrt((share * (1 - share)) / trials + weight / trials / 4)
  return {
    low: successes === 0 ? 0 : (middle - half) / (1 + weight),
    high: successes === trials ? 1 : (middle + half) / (1 + weight),
  }
}
