import { septets, weightOf } from './gsm7.ts'

export type Encoding = 'GSM-7' | 'UCS-2'

export interface SplitOptions {
  /** Instead of GSM-7 wherever it fits: a provider's own Latin alphabet may be narrower. */
  encoding?: Encoding
  /** Units kept free in each part of several, besides the header with an 8-bit reference: 1 for a 16-bit reference. */
  reserve?: number
}

export interface TextMeasure {
  encoding: Encoding
  segments: number
  /** Septets in GSM-7, UTF-16 code units in UCS-2. */
  units: number
}

interface Plan {
  encoding: Encoding
  units: number
  /** Units a part may hold. */
  capacity: number
}

const SINGLE_CAPACITY = { 'GSM-7': 160, 'UCS-2': 70 } as const
const PART_CAPACITY = { 'GSM-7': 153, 'UCS-2': 67 } as const

/** As the carriers count and bill: a part that would end inside an escape or surrogate pair ends one unit early. */
export function measureText(text: string, options: SplitOptions = {}): TextMeasure {
  const plan = planParts(text, options)
  let segments = 1
  for (let end = endOfPart(text, 0, plan); end < text.length; end = endOfPart(text, end, plan)) {
    segments += 1
  }
  return { encoding: plan.encoding, segments, units: plan.units }
}

/** The parts for a provider that leaves splitting to us; exactly as many as `measureText` counts. */
export function splitText(text: string, options: SplitOptions = {}): string[] {
  const plan = planParts(text, options)
  const parts: string[] = []
  let start = 0
  do {
    const end = endOfPart(text, start, plan)
    parts.push(text.slice(start, end))
    start = end
  } while (start < text.length)
  return parts
}

function planParts(text: string, { encoding, reserve = 0 }: SplitOptions): Plan {
  const asGsm7 = encoding === 'UCS-2' ? undefined : septets(text)
  if (encoding === 'GSM-7' && asGsm7 === undefined) {
    throw new Error('a text that GSM-7 cannot carry was to be split as GSM-7')
  }
  const chosen = asGsm7 === undefined ? 'UCS-2' : 'GSM-7'
  const units = asGsm7 ?? text.length
  const fitsOne = units <= SINGLE_CAPACITY[chosen]
  const capacity = fitsOne ? SINGLE_CAPACITY[chosen] : PART_CAPACITY[chosen] - reserve
  return { encoding: chosen, units, capacity }
}

function endOfPart(text: string, start: number, plan: Plan): number {
  return plan.encoding === 'GSM-7'
    ? endOfGsm7Part(text, start, plan.capacity)
    : endOfUcs2Part(text, start, plan.capacity)
}

function endOfGsm7Part(text: string, start: number, capacity: number): number {
  let used = 0
  for (let index = start; index < text.length; index++) {
    used += weightOf(text.charCodeAt(index))
    if (used > capacity) return index
  }
  return text.length
}

function endOfUcs2Part(text: string, start: number, capacity: number): number {
  const end = start + capacity
  if (end >= text.length) return text.length
  const cutsPair = isHighSurrogate(text.charCodeAt(end - 1)) && isLowSurrogate(text.charCodeAt(end))
  return cutsPair ? end - 1 : end
}

function isHighSurrogate(codeUnit: number): boolean {
  return codeUnit >= 0xd800 && codeUnit <= 0xdbff
}

function isLowSurrogate(codeUnit: number): boolean {
  return codeUnit >= 0xdc00 && codeUnit <= 0xdfff
}
