import { z } from 'zod'
import { ProviderName } from '@sms-gateway/domain/provider'

export const Role = z.enum(['ingest', 'webhooks', 'scheduler', 'dispatcher'])
export type Role = z.infer<typeof Role>

/** Where a process may kill itself. The first five are the steps of an attempt, the last two those of a request. */
export const Step = z.enum([
  'claimed',
  'opened',
  'held',
  'answered',
  'settling',
  'committed',
  'rung',
])
export type Step = z.infer<typeof Step>

/** At the `at`-th time it comes to the step, or each time with a probability. */
export const Death = z.object({
  step: Step,
  at: z.int().positive().optional(),
  rate: z.number().min(0).max(1).default(0),
  /** So much later: while the provider holds the request, or while the answer is being stored. */
  afterMs: z.number().min(0).default(0),
})
export type Death = z.input<typeof Death>

/** All that a process of the gateway is told, as JSON in its one argument. */
export const Settings = z.object({
  name: z.string(),
  roles: z.array(Role),
  port: z.int(),
  databaseUrl: z.string(),
  redis: z.object({ url: z.string(), prefix: z.string() }),
  /** base64. */
  encryptionKey: z.string(),
  lookupKey: z.string(),
  twilio: z.object({
    accountSid: z.string(),
    authToken: z.string(),
    from: z.string(),
    baseUrl: z.string(),
    webhookUrl: z.string(),
    timeoutMs: z.number(),
  }),
  chunghwa: z.object({
    account: z.string(),
    password: z.string(),
    baseUrl: z.string(),
    webhookSecret: z.string(),
    timeoutMs: z.number(),
  }),
  order: z.array(ProviderName),
  circuit: z.object({ failuresToOpen: z.int(), resetMs: z.number(), probeMs: z.number() }),
  retry: z.object({ maxAttempts: z.int(), baseMs: z.number(), maxMs: z.number() }),
  spoolDir: z.string(),
  deaths: z.array(Death),
  /** The step at which the process killed itself is written here, so that it can be counted. */
  lastWords: z.string(),
})
export type Settings = z.output<typeof Settings>
