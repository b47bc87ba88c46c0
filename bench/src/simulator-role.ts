import { z } from 'zod'
import { startTwilioSimulator } from '@sms-gateway/simulators/twilio-simulator'
import type { Answers } from './role.ts'

export const SimulatorSettings = z.object({
  port: z.number(),
  accountSid: z.string(),
  authToken: z.string(),
  latencyMs: z.number(),
  deliveryDelayMs: z.number(),
})
export type SimulatorSettings = z.infer<typeof SimulatorSettings>

/** When each of the texts was taken, in ms since 1970; what has not come yet is left out. */
export const Arrivals = z.record(z.string(), z.number())
export type Arrivals = z.infer<typeof Arrivals>

export const Taken = z.object({ submissions: z.number(), texts: z.number() })
export type Taken = z.infer<typeof Taken>

/** Twilio as a process of its own; without receipts, until it is told to send them. */
export async function startSimulator(input: unknown): Promise<Answers> {
  const { port, accountSid, authToken, latencyMs, deliveryDelayMs } = SimulatorSettings.parse(input)
  const simulator = await startTwilioSimulator({
    port,
    accountSid,
    authToken,
    seed: 1,
    script: { latencyMs, deliveryDelayMs, receipts: { lostRate: 1 } },
  })
  return {
    receipts: (enabled) => {
      simulator.setScript({ receipts: { lostRate: z.boolean().parse(enabled) ? 0 : 1 } })
      return Promise.resolve(null)
    },
    /** What was taken, and how many different texts: more of the first is something sent twice. */
    taken: () => {
      const submissions = simulator.submissions()
      const texts = new Set(submissions.map(({ body }) => body)).size
      return Promise.resolve({ submissions: submissions.length, texts })
    },
    arrivals: (texts) => {
      const wanted = new Set(z.array(z.string()).parse(texts))
      const taken = simulator.submissions().filter(({ body }) => wanted.has(body))
      return Promise.resolve(Object.fromEntries(taken.map(({ body, at }) => [body, at.getTime()])))
    },
    reset: async () => {
      await fetch(`${simulator.url}/_reset`, { method: 'POST' })
      return null
    },
  }
}
