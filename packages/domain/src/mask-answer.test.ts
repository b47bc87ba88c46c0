import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { countPhones } from './answer-phones.ts'
import { maskAnswer } from './mask-answer.ts'
import { maskText } from './mask-text.ts'

describe('an answer', () => {
  test('shows no number, whatever its field is called and however it is written', () => {
    const answer = {
      data: [
        { phone: '+886912345678', to: '0912-345-678', message_id: 'm1', amount: 5, erased: null },
        { metadata: { contact: '886912345678', list: ['+14155552671', '+1415555267100000000'] } },
      ],
    }
    expect(countPhones(answer)).toBe(4)
    expect(maskAnswer(answer)).toEqual({
      data: [
        { phone: '+886912***678', to: '0912-3***678', message_id: 'm1', amount: 5, erased: null },
        { metadata: { contact: '886912***678', list: ['+14155***671', '+1415555267100000000'] } },
      ],
    })
  })

  test('shows the number of its object in no text of it, nor of what is in it', () => {
    const answer = {
      phone: '+886912345678',
      data: [{ message: 'call 0912-345-678, +886 912 345 678 or +886912345678, not 0987654321' }],
      error: { detail: 'The number +8869123456789 and 09123456780 are others' },
    }
    expect(maskAnswer(answer)).toMatchObject({
      data: [{ message: 'call 0912-3***678, +886 91***678 or +886912***678, not 0987654321' }],
      error: answer.error,
    })
  })

  test('shows no code of a one-time password', () => {
    const otp = {
      message_type: 'otp',
      message: '您的驗證碼是 482913,或 X7K-9P,5 分鐘內有效',
      segments: 1,
    }
    expect(maskAnswer(otp)).toEqual({
      ...otp,
      message: '您的驗證碼是 ******,或 ***-**,* 分鐘內有效',
    })
    const order = { ...otp, message_type: 'order_confirmation' }
    expect(maskAnswer(order)).toEqual(order)
  })

  test('shows no code of a one-time password in its metadata either', () => {
    const metadata = { code: '482913', by: 'form', deep: [{ pin: 4829, note: '碼是４８２９' }] }
    const otp = { message_type: 'otp', id: '0192f3a1', metadata }
    expect(maskAnswer(otp)).toEqual({
      ...otp,
      metadata: { code: '******', by: 'form', deep: [{ pin: '****', note: '碼是****' }] },
    })
    expect(maskAnswer({ ...otp, message_type: 'order' })).toEqual({ ...otp, message_type: 'order' })
  })

  test('shows no number of what a producer gave, as whatever it stands there', () => {
    const metadata = {
      next_cursor: '0912345678',
      deep: { provider_message_id: '886912345678', list: [912345678, 42, 1.5] },
      '+886912345678': 'x',
      abroad: 14155552671,
    }
    const answer = { data: [{ phone: '+14155552671', metadata }], sum: 886912345678 }
    expect(countPhones(answer)).toBe(6)
    expect(maskAnswer(answer)).toEqual({
      data: [
        {
          phone: '+14155***671',
          metadata: {
            next_cursor: '0912***678',
            deep: { provider_message_id: '886912***678', list: ['912***678', 42, 1.5] },
            '+886912***678': 'x',
            abroad: '14155***671',
          },
        },
      ],
      sum: '886912***678',
    })
  })

  test('of any size is masked in time that grows with it', () => {
    const letters = 'a'.repeat(250_000)
    const otp = {
      message_type: 'otp',
      message: letters,
      metadata: { letters, more: `${letters}1` },
    }
    expect(maskAnswer(otp)).toEqual({
      ...otp,
      metadata: { letters, more: '*'.repeat(250_001) },
    })

    const many = Array.from({ length: 2_000 }, (_, index) => `09${20_000_000 + index}`)
    const text = `${'1 '.repeat(50)}call 0920-001-999 or +1 415 555 2671`
    const metadata = Object.fromEntries([
      ...many.map((phone, index) => [`phone ${index}`, phone]),
      ...many.map((_, index) => [`text ${index}`, text]),
    ])
    const shown = JSON.stringify(maskAnswer({ phone: '+886912345678', metadata }))
    for (const digits of ['0920001999', '0920-001-999', '415 555 2671']) {
      expect(shown).not.toContain(digits)
    }
  })

  test('keeps ids, cursors, times and money as they are', () => {
    const answer = {
      id: '0192f3a1-0912-7345-8678-091234567812',
      provider_message_id: '0912345678',
      next_cursor: '886912345678',
      at: '2026-11-22T09:12:34.567Z',
      cost: { amount: '0.912', currency: 'TWD' },
      segments: 912345678,
    }
    expect(maskAnswer(answer)).toEqual(answer)
    expect(countPhones(answer)).toBe(0)
  })

  test('never shows a number that it has', () => {
    const digits = fc.stringMatching(/^\+8869\d{8}$/)
    fc.assert(
      fc.property(digits, fc.string(), (phone, text) => {
        const shown = JSON.stringify(maskAnswer([{ a: { phone }, message: text }, [phone]]))
        return !shown.includes(phone) && !maskText(`${phone},"${phone}"`).includes(phone)
      }),
    )
  })
})
