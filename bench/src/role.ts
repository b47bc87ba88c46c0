import { z } from 'zod'

/** What a role answers its parent, by the question's name. */
export type Answers = Record<string, (input: unknown) => Promise<unknown>>
export type RoleStart = (settings: unknown) => Promise<Answers>

const Question = z.object({ id: z.number(), name: z.string(), input: z.unknown() })

/** The first one, without an id, says that the role is ready. */
export const Answer = z.object({
  id: z.number().optional(),
  value: z.unknown(),
  error: z.string().optional(),
})
export type Answer = z.infer<typeof Answer>

/** Starts a role in this process, and ends it with its parent. */
export async function playRole(start: RoleStart, settings: string): Promise<void> {
  process.once('disconnect', () => process.exit(0))
  // Ctrl-C reaches the whole group; the parent ends us in its order.
  process.on('SIGINT', () => undefined)
  process.once('SIGTERM', () => process.exit(0))
  const tell = (answer: Answer) => {
    process.send?.(answer)
  }
  const answers = await start(JSON.parse(settings))
  process.on('message', (message) => {
    const { id, name, input } = Question.parse(message)
    void answer(answers, name, input).then(
      (value) => {
        tell({ id, value })
      },
      (err: unknown) => {
        tell({ id, value: null, error: err instanceof Error ? err.message : String(err) })
      },
    )
  })
  tell({ value: null })
}

async function answer(answers: Answers, name: string, input: unknown): Promise<unknown> {
  const known = answers[name]
  if (!known) throw new Error(`the role knows no ${name}`)
  return known(input)
}
