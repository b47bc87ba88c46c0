import { writeFileSync } from 'node:fs'
import type { Permits } from '@sms-gateway/dispatcher/dispatch-limits'
import type { Provider, ProviderName } from '@sms-gateway/domain/provider'
import type { LaneQueues } from '@sms-gateway/queue/lane-queues'
import type { Settings, Step } from './settings.ts'

/** Decides at which step this process dies, by its own hand and without a word to anybody. */
export interface Fate {
  meet(step: Step): void
  /** From now on it lives. */
  relent(): void
}

export function createFate({ deaths, lastWords }: Pick<Settings, 'deaths' | 'lastWords'>): Fate {
  const met = new Map<Step, number>()
  let relented = false
  const die = (step: Step) => {
    if (relented) return
    writeFileSync(lastWords, step)
    process.kill(process.pid, 'SIGKILL')
  }
  return {
    meet(step) {
      const count = (met.get(step) ?? 0) + 1
      met.set(step, count)
      for (const death of deaths) {
        if (death.step !== step) continue
        if (count !== death.at && Math.random() >= death.rate) continue
        if (death.afterMs === 0) die(step)
        else setTimeout(die, death.afterMs, step)
      }
    },
    relent() {
      relented = true
    },
  }
}

/** `send` begins when the attempt is committed, and ends with the provider's answer. */
export function withFate(
  providers: ReadonlyMap<ProviderName, Provider>,
  fate: Fate,
): ReadonlyMap<ProviderName, Provider> {
  return new Map([...providers].map(([name, provider]) => [name, wrap(provider, fate)]))
}

function wrap(provider: Provider, fate: Fate): Provider {
  return {
    ...provider,
    async send(submission, limits) {
      fate.meet('opened')
      const answer = provider.send(submission, limits)
      fate.meet('held')
      const outcomes = await answer
      fate.meet('answered')
      return outcomes
    },
  }
}

/** Permits are asked for when a message is claimed and has no attempt yet. There is no limit here. */
export function permitAll(fate: Fate) {
  return (_message: unknown, _provider: ProviderName, parts: number): Promise<Permits> => {
    fate.meet('claimed')
    return Promise.resolve({
      kind: 'permit',
      windows: Array.from({ length: parts }, () => ({ from: 0, until: Infinity })),
    })
  }
}

/** Rung for is what was just committed. */
export function withFateAtRing(queues: LaneQueues, fate: Fate): LaneQueues {
  return {
    ...queues,
    async requestDispatch(lane, ids) {
      if (ids.length > 0) fate.meet('committed')
      const isRung = await queues.requestDispatch(lane, ids)
      if (ids.length > 0) fate.meet('rung')
      return isRung
    },
  }
}
