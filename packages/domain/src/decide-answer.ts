import { KEYWORD_TEXTS } from './keyword-texts.ts'
import type { Keyword } from './keywords.ts'
import { cleanWord, languageOfWord } from './keywords.ts'

/** What is asked before anything answers by itself. */
export interface AnswerQuestion {
  text: string
  keyword: Keyword | undefined
  /** Whether the word has changed our own list: a second STOP changes nothing. */
  hasChangedList: boolean
  /** As the list is now: an answer would not reach them. */
  isOptedOut: boolean
  /** The provider has told the person already. */
  answeredByProvider: boolean
  /** The sender is one of our own numbers. */
  isOwnNumber: boolean
  /** What the client has set for this word. */
  configured: string | undefined
  /** What this number got by itself within the last hour. */
  answersLastHour: number
  /** What else this number has said within the last hour. */
  textsLastHour: readonly string[]
}

export interface AnswerPolicy {
  companyName: string
  /** To one number; confirmations of an opt-out are not counted out by it. */
  answersPerHour: number
}

export type AnswerDecision =
  | { kind: 'answer'; messageType: AnswerType; text: string; confirmsOptOut: boolean }
  | { kind: 'none'; reason: SilenceReason }

export const ANSWER_TYPES = [
  'opt_out_confirmation',
  'opt_in_confirmation',
  'help_answer',
  'keyword_answer',
] as const
export type AnswerType = (typeof ANSWER_TYPES)[number]

export type SilenceReason =
  | 'no-word'
  | 'no-change'
  | 'provider-answers'
  | 'own-number'
  | 'opted-out'
  | 'too-many'
  | 'said-before'

/**
 * What a text is answered with by itself. Two machines must never keep answering each other: nothing goes to our own
 * numbers, a word that was said before within the hour is not answered again, and an hour has so many answers a number.
 * Only a whole text that is a word is answered, and an answer bears the sender's name: so it is no word itself.
 */
export function decideAnswer(question: AnswerQuestion, policy: AnswerPolicy): AnswerDecision {
  const { keyword, configured, text } = question
  const reason = keepsSilent(question) ?? holdsBack(question, policy)
  if (reason) return { kind: 'none', reason }
  if (keyword !== undefined) return confirm(keyword, text, policy)
  const messageType = 'keyword_answer'
  return { kind: 'answer', messageType, text: configured ?? '', confirmsOptOut: false }
}

/** There is nothing to say, or nobody to say it to. */
function keepsSilent(question: AnswerQuestion): SilenceReason | undefined {
  const { keyword, configured, hasChangedList } = question
  if (question.isOwnNumber) return 'own-number'
  if (keyword === undefined && configured === undefined) return 'no-word'
  if (question.answeredByProvider) return 'provider-answers'
  if ((keyword === 'stop' || keyword === 'start') && !hasChangedList) return 'no-change'
  return undefined
}

/** A machine may be writing. What changed the list is told even if the same was said before. */
function holdsBack(
  { keyword, isOptedOut, answersLastHour, ...said }: AnswerQuestion,
  { answersPerHour }: AnswerPolicy,
): SilenceReason | undefined {
  if (keyword === 'stop') return undefined
  if (isOptedOut) return 'opted-out'
  if (answersLastHour >= answersPerHour) return 'too-many'
  return keyword !== 'start' && wasSaid(said) ? 'said-before' : undefined
}

function wasSaid({ text, textsLastHour }: Pick<AnswerQuestion, 'text' | 'textsLastHour'>): boolean {
  const word = cleanWord(text)
  return textsLastHour.some((each) => cleanWord(each) === word)
}

const TYPE_OF: Readonly<Record<Keyword, AnswerType>> = {
  stop: 'opt_out_confirmation',
  start: 'opt_in_confirmation',
  help: 'help_answer',
}

function confirm(keyword: Keyword, said: string, { companyName }: AnswerPolicy): AnswerDecision {
  const text = KEYWORD_TEXTS[keyword][languageOfWord(said)](companyName)
  const messageType = TYPE_OF[keyword]
  return { kind: 'answer', messageType, text, confirmsOptOut: keyword === 'stop' }
}
