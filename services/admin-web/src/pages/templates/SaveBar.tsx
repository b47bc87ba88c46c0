import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { type SubmitEvent, useState } from 'react'
import { ApiProblem } from '../../api/problem.ts'
import { useSentence } from '../../api/use-sentence.ts'
import { useWords } from '../../i18n/words.ts'
import { ConfirmAction } from '../../parts/ConfirmAction.tsx'
import { useExperiment } from './api.ts'
import { editorWords } from './editor-words.ts'

/** Whether something is unsaved, and the way to save it. */
export function SaveBar({
  code,
  isChanged,
  isComplete: canSave,
  isNew,
  isSendable: isAnySendable,
  save,
  discard,
}: {
  code: string
  isChanged: boolean
  isComplete: boolean
  isNew: boolean
  isSendable: boolean
  save: () => Promise<void>
  discard: () => void
}) {
  const words = useWords(editorWords)
  const toSentence = useSentence()
  const [error, setError] = useState<unknown>(null)
  const [isSaving, setSaving] = useState(false)
  const isPassed = error instanceof ApiProblem && error.code === 'template-changed'
  const run = async (event: SubmitEvent) => {
    event.preventDefault()
    setSaving(true)
    setError(null)
    try {
      await save()
    } catch (err) {
      setError(err)
    } finally {
      setSaving(false)
    }
  }
  const label = isNew ? words.create : words.save
  const reset = () => {
    setError(null)
    discard()
  }
  return (
    <Stack
      component="form"
      gap="xs"
      className="surface"
      p="sm"
      onSubmit={(event: SubmitEvent) => void run(event)}
    >
      {!isAnySendable && (
        <Text c="var(--wait)" size="sm">
          {words.nobodyGets}
        </Text>
      )}
      {error !== null && (
        <Alert role="alert" color="red" p="sm">
          {isPassed ? `${words.somebodyElse} ${words.reloadText}` : toSentence(error)}
          {isPassed && (
            <Button mt="xs" size="xs" variant="default" display="block" onClick={reset}>
              {words.reload}
            </Button>
          )}
        </Alert>
      )}
      <Group justify="space-between" gap="xs">
        <Text size="sm" c="dimmed" role="status">
          {isChanged ? words.changed : words.unchanged}
        </Text>
        <Group gap="xs">
          {isChanged && !isNew && (
            <Button variant="default" onClick={reset}>
              {words.discard}
            </Button>
          )}
          <SaveButton {...{ code, label, isSaving, save }} disabled={!isChanged || !canSave} />
        </Group>
      </Group>
    </Stack>
  )
}

/** Asks where saving ends a test. */
function SaveButton({
  code,
  label,
  isSaving,
  disabled,
  save,
}: {
  code: string
  label: string
  isSaving: boolean
  disabled: boolean
  save: () => Promise<void>
}) {
  const words = useWords(editorWords)
  const { data: experiment } = useExperiment(code)
  if (experiment?.ended_at === null) {
    return (
      <ConfirmAction
        label={label}
        title={words.endTest}
        confirm={label}
        disabled={disabled}
        act={save}
      >
        {words.testRuns}
      </ConfirmAction>
    )
  }
  return (
    <Button type="submit" loading={isSaving} disabled={disabled}>
      {label}
    </Button>
  )
}
