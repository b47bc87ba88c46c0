interface Options {
  /** `PGOPTIONS` */
  ofEnvironment: string | undefined
  ours: string | undefined
}

/**
 * The driver takes the options of the address, or ours, or those of the environment, and forgets the others: here all of them
 * hold. PostgreSQL goes by the last of a setting that comes twice, so ours are last, and the address wins over the environment.
 */
export function joinOptions(
  url: string,
  { ofEnvironment, ours }: Options,
): { connectionString: string; options: string } {
  const start = url.indexOf('?')
  const parts = start < 0 ? [] : url.slice(start + 1).split('&')
  const others = parts.filter((part) => optionsOf(part) === null)
  const ofUrl = parts.map(optionsOf).findLast((each) => each !== null)
  const base = start < 0 ? url : url.slice(0, start)
  return {
    // The rest stays as it is written: some addresses that the driver understands are none by the standard.
    connectionString: others.length > 0 ? `${base}?${others.join('&')}` : base,
    options: [ofEnvironment, ofUrl, ours].filter(Boolean).join(' '),
  }
}

function optionsOf(part: string): string | null {
  return new URLSearchParams(part).get('options')
}
