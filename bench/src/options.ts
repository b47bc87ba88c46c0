import { parseArgs } from 'node:util'

export const SUITES = ['accept', 'pipeline', 'urgent', 'figures', 'campaigns'] as const
export type Suite = (typeof SUITES)[number]

export interface Options {
  rounds: number
  /** How long each round is under load. */
  seconds: number
  suites: readonly Suite[]
  /** How many the figures are of. */
  messages: number
  /** Of the campaign. */
  rows: number
  /** A folder for `--cpu-prof` of the gateway's and the baselines' processes. */
  profileDir: string | undefined
  /** Where programs are found. */
  path: string
}

const DEFAULT_MESSAGES = 200_000
const USUAL = { rounds: 5, seconds: 3, rows: 100_000 }
const QUICK = { rounds: 1, seconds: 2, rows: 20_000 }
const MAX_ROWS = 1_000_000
const MAX_MESSAGES = 50_000_000

const USAGE =
  'usage: npm run bench -- [--quick] [--rounds N] [--seconds N] [--only accept|pipeline|urgent|figures|campaigns] [--messages N] [--rows N] [--profile FOLDER]'

export function readOptions(args: readonly string[], path: string): Options {
  const { values } = parse(args)
  const only = SUITES.find((suite) => suite === values.only)
  if (values.only !== undefined && only === undefined) throw new Error(USAGE)
  const unless = values.quick ? QUICK : USUAL
  return {
    rounds: toNumber(values.rounds) ?? unless.rounds,
    seconds: toNumber(values.seconds) ?? unless.seconds,
    suites: only === undefined ? SUITES : [only],
    messages: toNumber(values.messages, MAX_MESSAGES) ?? DEFAULT_MESSAGES,
    rows: toNumber(values.rows, MAX_ROWS) ?? unless.rows,
    profileDir: values.profile,
    path,
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        quick: { type: 'boolean', default: false },
        rounds: { type: 'string' },
        seconds: { type: 'string' },
        only: { type: 'string' },
        messages: { type: 'string' },
        rows: { type: 'string' },
        profile: { type: 'string' },
      },
    })
  } catch (cause) {
    throw new Error(USAGE, { cause })
  }
}

function toNumber(text: string | undefined, max = 100): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (!(value >= 1 && value <= max)) throw new Error(USAGE)
  return value
}
