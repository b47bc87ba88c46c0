import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { AnswerQuestion } from './decide-answer.ts'
import { ANSWER_TYPES, decideAnswer } from './decide-answer.ts'
import type { Keyword } from './keywords.ts'
import { cleanWord, matchKeyword } from './keywords.ts'

const POLICY = { companyName: '幸福氣', answersPerHour: 3 }

function ask(changes: Partial<AnswerQuestion> = {}) {
  const text = changes.text ?? 'STOP'
  const question: AnswerQuestion = {
    text,
    keyword: matchKeyword(text),
    hasChangedList: true,
    ...{ isOptedOut: false, answeredByProvider: false, isOwnNumber: false },
    configured: undefined,
    ...{ answersLastHour: 0, textsLastHour: [] },
    ...changes,
  }
  return decideAnswer(question, POLICY)
}

describe('what is answered by itself', () => {
  test.each([
    ['STOP', 'opt_out_confirmation', 'START', true],
    ['「退訂」', 'opt_out_confirmation', '恢復', true],
    ['start', 'opt_in_confirmation', 'STOP', false],
    ['恢復', 'opt_in_confirmation', '退訂', false],
    ['Help?', 'help_answer', 'STOP', false],
    ['說明', 'help_answer', '退訂', false],
  ])('%s', (text, messageType, named, confirmsOptOut) => {
    expect(ask({ text })).toEqual({
      ...{ kind: 'answer', messageType, confirmsOptOut },
      text: expect.stringContaining(named),
    })
  })

  test('a word of the client, with its text', () => {
    expect(ask({ text: '營業時間', configured: '每天 8 到 20 時' })).toMatchObject({
      ...{ kind: 'answer', messageType: 'keyword_answer', text: '每天 8 到 20 時' },
    })
  })

  test.each([
    ['no word', { text: '請問幾點到' }, 'no-word'],
    ['a second STOP', { hasChangedList: false }, 'no-change'],
    ['a START that lifts nothing', { text: 'START', hasChangedList: false }, 'no-change'],
    ['what the provider has answered', { answeredByProvider: true }, 'provider-answers'],
    ['our own number', { isOwnNumber: true }, 'own-number'],
    ['a HELP of who has opted out', { text: 'HELP', isOptedOut: true }, 'opted-out'],
    ['the fourth in an hour', { text: 'HELP', answersLastHour: 3 }, 'too-many'],
    ['the fourth START in an hour', { text: 'START', answersLastHour: 3 }, 'too-many'],
    ['the same again', { text: 'HELP', textsLastHour: ['何時？', ' help! '] }, 'said-before'],
    [
      'the same word of the client again',
      { text: '價格', configured: '800', textsLastHour: ['價格'] },
      'said-before',
    ],
  ])('not %s', (_, changes, reason) => {
    expect(ask(changes)).toEqual({ kind: 'none', reason })
  })

  test('an opt-out is confirmed however much the number got, and though it is opted out now', () => {
    expect(ask({ answersLastHour: 99, isOptedOut: true, textsLastHour: ['STOP'] })).toMatchObject({
      messageType: 'opt_out_confirmation',
    })
  })

  test('no answer is a word that is answered', () => {
    for (const text of ['STOP', '退訂', 'START', '恢復', 'HELP', '說明']) {
      const decision = ask({ text })
      if (decision.kind === 'none') throw new Error('not answered')
      expect(matchKeyword(decision.text)).toBeUndefined()
    }
  })

  test('two machines that answer each other fall silent', () => {
    const word = fc.constantFrom('HELP', 'INFO', '價格', '營業時間', 'START', '恢復', 'hello')
    fc.assert(
      fc.property(fc.array(word, { minLength: 10, maxLength: 60 }), (texts) => {
        let answersLastHour = 0
        const textsLastHour: string[] = []
        for (const text of texts) {
          const configured = cleanWord(text) === '價格' ? '營業時間' : undefined
          const decision = ask({ text, configured, answersLastHour, textsLastHour })
          if (decision.kind === 'answer') answersLastHour += 1
          textsLastHour.push(text)
        }
        expect(answersLastHour).toBeLessThanOrEqual(POLICY.answersPerHour)
      }),
    )
  })

  test('only a confirmation of an opt-out ever passes one', () => {
    const keyword = fc.constantFrom<Keyword | undefined>('stop', 'start', 'help', undefined)
    const facts = fc.record({
      keyword,
      ...{ hasChangedList: fc.boolean(), isOptedOut: fc.boolean(), isOwnNumber: fc.boolean() },
      ...{ answeredByProvider: fc.boolean(), answersLastHour: fc.nat(5) },
      configured: fc.option(fc.string(), { nil: undefined }),
    })
    fc.assert(
      fc.property(facts, (changes) => {
        const decision = ask(changes)
        if (decision.kind === 'none') return
        expect(ANSWER_TYPES).toContain(decision.messageType)
        expect(decision.confirmsOptOut).toBe(decision.messageType === 'opt_out_confirmation')
        if (changes.isOptedOut) expect(decision.confirmsOptOut).toBe(true)
        if (decision.confirmsOptOut) expect(changes.hasChangedList).toBe(true)
      }),
    )
  })
})
