import { z } from 'zod'

/** `POST /gateway/pause`: whoever comes next reads why. */
export const PauseGatewayRequest = z.strictObject({ reason: z.string().trim().min(1).max(500) })
export type PauseGatewayRequest = z.output<typeof PauseGatewayRequest>

/** `POST /gateway/resume` */
export const ResumeGatewayRequest = z.strictObject({
  held: z
    .enum(['end', 'send'])
    .default('end')
    .describe(
      'After a restore alone: what waited at the back-up ends as `unknown`, or is sent after all',
    ),
})
export type ResumeGatewayRequest = z.output<typeof ResumeGatewayRequest>

const Moment = z.iso.datetime({ offset: true })

export const GatewayResponse = z.strictObject({
  state: z.enum(['running', 'paused']),
  reason: z.string(),
  since: Moment.nullable().describe('Null where it was never paused'),
  actor: z.string().nullable().describe('The API key, or the command, that changed it'),
  paused_at: Moment.nullable(),
  resumed_at: Moment.nullable(),
  restored_to: Moment.nullable().describe('When the back-up was taken that it was restored from'),
})
export type GatewayResponse = z.infer<typeof GatewayResponse>
