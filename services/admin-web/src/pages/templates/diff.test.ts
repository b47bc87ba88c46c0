import { expect, test } from '@jest/globals'
import { diffTexts } from './diff.ts'

const SIGNS = { same: '', removed: '-', added: '+' }
const write = (before: string, after: string) =>
  diffTexts(before, after).map(({ kind, text }) =>
    kind === 'same' ? text : `[${SIGNS[kind]}${text}]`,
  )

test.each([
  ['same', 'same', ['same']],
  ['', '新', ['[+新]']],
  ['舊', '', ['[-舊]']],
  ['您的訂單已送達', '您的瓦斯已送達', ['您的', '[-訂單]', '[+瓦斯]', '已送達']],
  ['at 14:30 today', 'at 15:30 today', ['at ', '[-14]', '[+15]', ':30 today']],
  ['單號 {order_id}。', '單號 {id}。', ['單號 ', '[-{order_id}]', '[+{id}]', '。']],
  ['謝謝👍', '謝謝👎', ['謝謝', '[-👍]', '[+👎]']],
])('%j to %j', (before, after, expected) => {
  expect(write(before, after)).toEqual(expected)
})

test('what is the same and removed is the text before, what is the same and added the one after', () => {
  const before = '【幸福氣】{name} 您好，訂單 {order_id} 今天 {eta} 送達，請備妥現金。\nThank you'
  const after = '【幸福氣】親愛的 {name}，您的訂單 {order_id} 將於 {eta} 前送達。Thanks you'
  const parts = diffTexts(before, after)
  const join = (without: string) =>
    parts
      .filter(({ kind }) => kind !== without)
      .map(({ text }) => text)
      .join('')
  expect(join('added')).toBe(before)
  expect(join('removed')).toBe(after)
})
