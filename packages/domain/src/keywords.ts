/** What a person can always say to us, whatever the conversation: contract.md, 5; providers.md, 4.5 and 8.2. */
export const KEYWORDS = ['stop', 'start', 'help'] as const
export type Keyword = (typeof KEYWORDS)[number]

export type WordLanguage = 'zh' | 'en'

/**
 * The words as `cleanWord` leaves them. `YES` brings nobody back: it answers our questions more often than it asks for
 * texts, and a number that Twilio has let in again only stays on our own list, which is the safe side.
 */
const WORDS: Readonly<Record<Keyword, readonly string[]>> = {
  stop: [
    ...['退訂', '取消訂閱', '拒收', '停止', '退订', '取消订阅', 'N'],
    ...['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT'],
  ],
  start: ['恢復', '恢复', 'START', 'UNSTOP'],
  help: ['說明', '说明', 'HELP', 'INFO'],
}

const KEYWORD_OF: ReadonlyMap<string, Keyword> = new Map(
  KEYWORDS.flatMap((keyword) => WORDS[keyword].map((word) => [word, keyword] as const)),
)

/** What Twilio answers by itself on long codes unless it is told not to: a text of ours would be the second. */
const TWILIO_WORDS: ReadonlySet<string> = new Set([
  ...['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT'],
  ...['START', 'UNSTOP', 'YES', 'HELP', 'INFO'],
])

/** Blanks, punctuation, symbols, and what nobody sees (controls, zero-width marks, the selectors of emoji). */
const NOISE = /[\p{P}\p{S}\p{Z}\p{C}\u{fe00}-\u{fe0f}]/gu

/** As words are compared: full width as half width, capitals, nothing but letters and digits. */
export function cleanWord(text: string): string {
  return text.normalize('NFKC').replace(NOISE, '').toUpperCase().normalize('NFKC')
}

/**
 * The whole text must be the word: "STOP please" is for a person to read, and so is "I cannot stop laughing". Inside
 * the word blanks and dashes do not count: "opt-out" and "stop all" are meant.
 */
export function matchKeyword(text: string): Keyword | undefined {
  return KEYWORD_OF.get(cleanWord(text))
}

export function isTwilioKeyword(text: string): boolean {
  return TWILIO_WORDS.has(cleanWord(text))
}

/** Whose words these are; `N` is asked for in Chinese texts. */
export function languageOfWord(text: string): WordLanguage {
  const word = cleanWord(text)
  return word === 'N' || /\p{Script=Han}/u.test(word) ? 'zh' : 'en'
}
