import type { NewMessage } from './load.ts'

export interface MessageMix {
  /** Drawn in turn. */
  types?: readonly string[]
  /** So many messages go to one number with one text: nothing but their count tells them apart. */
  twins?: number
  /** Of several parts at Chunghwa. */
  long?: boolean
}

const FIRST_NUMBER = 12_000_000
const PRIORITIES = ['normal', 'normal', 'bulk', 'urgent'] as const
const LONG_TEXT = '您的瓦斯將於今日送達，請留意司機的來電，並請備妥空桶以便更換。'

/** Each number gets one message, unless twins are wished for: the witness counts by number. */
export function makeMessage(
  index: number,
  { types = ['notice', 'otp', 'notice'], twins = 1, long = false }: MessageMix,
): NewMessage {
  const number = Math.floor(index / twins)
  const text = `第 ${number} 號通知`
  const priority = PRIORITIES[index % PRIORITIES.length]
  return {
    phone: `+8869${FIRST_NUMBER + number}`,
    message: long ? `${text}${LONG_TEXT.repeat(3)}` : text,
    message_type: types[number % types.length] ?? 'notice',
    ...(priority !== undefined && { priority }),
  }
}
