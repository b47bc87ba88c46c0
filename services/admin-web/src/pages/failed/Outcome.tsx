import { Alert, Button, Group, Progress, Stack, Text } from '@mantine/core'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { Refusal } from '../../parts/states.tsx'
import { common } from '../../parts/words.ts'
import type { RetryProgress } from './retry-plan.ts'
import { words as pageWords } from './words.ts'

export function Working({ done, all, stop }: { done: number; all: number; stop: () => void }) {
  const words = useWords(pageWords)
  const { number } = useFormat()
  return (
    <Stack role="status">
      <Text>{words.working(number(done), number(all))}</Text>
      <Progress value={all === 0 ? 0 : (done / all) * 100} aria-label={words.retryTitle} animated />
      <Group justify="flex-end">
        <Button variant="default" onClick={stop}>
          {words.stop}
        </Button>
      </Group>
    </Stack>
  )
}

/** What was done, also where it was stopped or failed half way. */
export function Done({
  progress,
  error,
  close,
}: {
  progress: RetryProgress
  error: unknown
  close: () => void
}) {
  const words = useWords(pageWords)
  const shared = useWords(common)
  const { number, dateTime } = useFormat()
  const { retried, remaining, lastAt } = progress
  return (
    <Stack role="status">
      <Alert color="jade" title={words.doneTitle}>
        <Text c="var(--ink)">{words.done(number(retried))}</Text>
        {lastAt !== null && retried > 0 && (
          <Text c="var(--ink)">{words.lastAt(dateTime(lastAt))}</Text>
        )}
        {remaining > 0 && <Text c="var(--ink)">{words.rest(number(remaining))}</Text>}
      </Alert>
      <Refusal error={error} />
      <Group justify="flex-end">
        <Button onClick={close}>{shared.close}</Button>
      </Group>
    </Stack>
  )
}
