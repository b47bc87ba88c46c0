import { test as property } from '@fast-check/jest'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  admit,
  type Circuit,
  type CircuitSignal,
  CLOSED_CIRCUIT,
  readSignal,
  recordSignal,
  releaseProbe,
  startProbe,
} from './circuit.ts'

const policy = { failuresToOpen: 3, resetMs: 300_000, probeMs: 15_000 }
const start = new Date('2026-11-22T12:00:00Z')
const later = (ms: number) => new Date(start.getTime() + ms)
const failure: CircuitSignal = { kind: 'failure', reason: 'unreachable: ECONNREFUSED' }
const success: CircuitSignal = { kind: 'success' }

function recordAll(signals: readonly CircuitSignal[], from = CLOSED_CIRCUIT): Circuit {
  return signals.reduce((circuit, signal) => recordSignal(circuit, signal, policy, start), from)
}

describe('a circuit', () => {
  test('opens at the third failure in a row, and not before', () => {
    expect(recordAll([failure, failure]).state).toBe('closed')
    expect(recordAll([failure, failure, failure])).toMatchObject({
      state: 'open',
      openedAt: start,
      reason: failure.reason,
    })
  })

  test('forgets its failures at a success', () => {
    expect(recordAll([failure, failure, success, failure, failure]).state).toBe('closed')
  })

  test('lets nobody through for five minutes, then one probe', () => {
    const open = recordAll([failure, failure, failure])
    expect(admit(open, policy, later(299_999))).toEqual({ kind: 'open', until: later(300_000) })
    expect(admit(open, policy, later(300_000))).toEqual({ kind: 'probe' })
    const probing = startProbe(open, policy, later(300_000))
    expect(probing).toMatchObject({ state: 'half_open' })
    expect(startProbe(probing ?? open, policy, later(300_001))).toBeUndefined()
  })

  test('closes when the probe succeeds, opens for five more minutes when it fails', () => {
    const open = recordAll([failure, failure, failure])
    const probing = startProbe(open, policy, later(300_000)) ?? open
    expect(recordSignal(probing, success, policy, later(300_100)).state).toBe('closed')
    const again = recordSignal(probing, failure, policy, later(300_100))
    expect(admit(again, policy, later(600_099)).kind).toBe('open')
    expect(admit(again, policy, later(600_100)).kind).toBe('probe')
  })

  test('sends another probe when one was lost, and at once when one brought no verdict', () => {
    const open = recordAll([failure, failure, failure])
    const probing = startProbe(open, policy, later(300_000)) ?? open
    expect(admit(probing, policy, later(314_999)).kind).toBe('open')
    expect(admit(probing, policy, later(315_000)).kind).toBe('probe')
    expect(admit(releaseProbe(probing), policy, later(300_001)).kind).toBe('probe')
  })

  test('hears nothing of submissions from before it opened', () => {
    const open = recordAll([failure, failure, failure])
    expect(recordSignal(open, success, policy, later(1))).toBe(open)
    expect(recordSignal(open, failure, policy, later(1))).toBe(open)
  })

  const signal = fc.constantFrom<CircuitSignal>(failure, success)
  property.prop([fc.array(signal, { maxLength: 60 })])(
    'is open exactly when the failures in a row have reached the limit once',
    (signals) => {
      let row = 0
      let opened = false
      for (const { kind } of signals) {
        row = kind === 'failure' ? row + 1 : 0
        opened ||= row >= policy.failuresToOpen
      }
      expect(recordAll(signals).state).toBe(opened ? 'open' : 'closed')
    },
  )

  const step = fc.record({
    afterMs: fc.integer({ min: 0, max: 400_000 }),
    action: fc.constantFrom('failure', 'success', 'probe', 'release'),
  })
  property.prop([fc.array(step, { maxLength: 80 })])(
    'never has two probes out at once, and always lets one go in the end',
    (steps) => {
      let circuit: Circuit = CLOSED_CIRCUIT
      let now = start
      for (const { afterMs, action } of steps) {
        now = new Date(now.getTime() + afterMs)
        const before = admit(circuit, policy, now)
        if (action === 'probe') {
          const next = startProbe(circuit, policy, now)
          expect(next !== undefined).toBe(before.kind === 'probe')
          circuit = next ?? circuit
        } else if (action === 'release') circuit = releaseProbe(circuit)
        else {
          const signalled = action === 'failure' ? failure : success
          circuit = recordSignal(circuit, signalled, policy, now)
        }
      }
      const muchLater = new Date(now.getTime() + policy.resetMs + policy.probeMs)
      expect(admit(circuit, policy, muchLater).kind).not.toBe('open')
    },
  )
})

describe('what a submission says of its provider', () => {
  const facts = { code: '1', detail: 'x' }
  test.each([
    ['accepted', { kind: 'accepted', taken: [] }, 'success'],
    ['a number refused', { kind: 'refused', reason: 'number', ...facts }, 'success'],
    ['a text refused', { kind: 'refused', reason: 'text', ...facts }, 'success'],
    ['an opt-out', { kind: 'refused', reason: 'opted-out', ...facts }, 'success'],
    ['its own refusal', { kind: 'refused', reason: 'provider', ...facts }, 'failure'],
    ['unreachable', { kind: 'unreachable', ...facts }, 'failure'],
    ['in doubt', { kind: 'in_doubt', taken: [], ...facts }, 'failure'],
    ['throttled', { kind: 'throttled', ...facts }, undefined],
    ['unsent', { kind: 'unsent' }, undefined],
  ] as const)('%s', (_name, result, kind) => {
    expect(readSignal(result)?.kind).toBe(kind)
  })
})
