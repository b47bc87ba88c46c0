import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { cleanWord, isTwilioKeyword, languageOfWord, matchKeyword } from './keywords.ts'

const STOP = [
  ...['退訂', '取消訂閱', '拒收', '停止', 'N', 'STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END'],
  ...['QUIT', 'REVOKE', 'OPTOUT'],
]
const START = ['START', 'UNSTOP', '恢復']
const HELP = ['HELP', 'INFO', '說明']
const WORDS = [
  ...STOP.map((word) => ({ word, keyword: 'stop' as const })),
  ...START.map((word) => ({ word, keyword: 'start' as const })),
  ...HELP.map((word) => ({ word, keyword: 'help' as const })),
]

function toFullWidth(text: string): string {
  return text.replace(/[!-~]/g, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0))
}

describe('keywords', () => {
  test.each(WORDS)('$word is $keyword', ({ word, keyword }) => {
    for (const text of [
      word,
      word.toLowerCase(),
      toFullWidth(word),
      toFullWidth(word).toLowerCase(),
    ]) {
      expect({ text, keyword: matchKeyword(text) }).toEqual({ text, keyword })
    }
  })

  test.each([
    ...[
      '「退訂」',
      '退訂。',
      ' 退 訂 \n',
      '"STOP"',
      'Stop!!!',
      '“stop”',
      'STOP.',
      '(stop)',
      'opt-out',
    ],
    ...[
      'Opt Out',
      'STOP ALL',
      '\u200bSTOP\ufeff',
      'STOP\r\n',
      'ｓｔｏｐ．',
      '🛑 STOP',
      'ＳＴＯＰ！',
      'n.',
      '【拒收】',
    ],
    ...['取消\u3000訂閱', '退订', '𝐒𝐓𝐎𝐏', 'ſtop', '\u202eSTOP\u202c', 'STOP\0', '✋️stop✋🏽'],
  ])('%j is stop', (text) => {
    expect(matchKeyword(text)).toBe('stop')
  })

  test.each([
    ...[
      '',
      ' ',
      '!!!',
      'STOP please',
      'please stop',
      'STOP1',
      'no',
      'NN',
      'NO',
      'YES',
      'Y',
      'do not stop',
    ],
    ...[
      '我要退訂',
      '退訂嗎我不要',
      '取消',
      '不要停止',
      'SТOP',
      'STOPP',
      '退',
      'END of the week',
      '0',
      'ｎo',
    ],
  ])('%j is for a person to read', (text) => {
    expect(matchKeyword(text)).toBeUndefined()
  })

  test('nothing around a word changes it, and nothing that has other letters is a word', () => {
    const noise = fc.string({
      unit: fc.constantFrom(' ', '\n', '\t', '!', '。', '「', '」', '"', '\u200b', '　', '-', '🙂'),
      maxLength: 5,
    })
    fc.assert(
      fc.property(fc.constantFrom(...WORDS), noise, noise, ({ word, keyword }, before, after) => {
        expect(matchKeyword(`${before}${word}${after}`)).toBe(keyword)
        expect(matchKeyword(`${before}${word}${after}x`)).toBeUndefined()
      }),
    )
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        const word = cleanWord(text)
        expect(cleanWord(word)).toBe(word)
        expect(matchKeyword(text) !== undefined).toBe(WORDS.some((each) => each.word === word))
      }),
    )
  })

  test('Twilio answers its own words, and none of ours', () => {
    expect(['stop', 'Start', 'help', 'UNSTOP', 'yes', 'Quit.'].map(isTwilioKeyword)).toEqual(
      Array.from({ length: 6 }, () => true),
    )
    expect(['退訂', 'N', '恢復', '說明', 'STOP please'].map(isTwilioKeyword)).toEqual(
      Array.from({ length: 5 }, () => false),
    )
  })

  test('a word is answered in its language', () => {
    expect(['退訂', 'N', '說明', 'stop', 'HELP'].map(languageOfWord)).toEqual([
      ...['zh', 'zh', 'zh', 'en', 'en'],
    ])
  })
})
