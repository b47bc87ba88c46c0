import { Button, Group, Modal, Stack } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { type SubmitEvent, useState } from 'react'
import { useWords } from '../../i18n/words.ts'
import { Refusal } from '../../parts/states.tsx'
import { common } from '../../parts/words.ts'
import { useTemplateActions } from './api.ts'
import { testWords } from './test-words.ts'
import { TestFields, type TestPlan, toRequest } from './TestFields.tsx'

/** Asks how the test is to be made, and starts it. */
export function StartTest({ code, variants }: { code: string; variants: readonly string[] }) {
  const words = useWords(testWords)
  const [opened, { open, close }] = useDisclosure(false)
  return (
    <>
      <Button onClick={open}>{words.start}</Button>
      <Modal opened={opened} onClose={close} title={words.startTitle} centered size="lg">
        <StartForm {...{ code, variants, close }} />
      </Modal>
    </>
  )
}

function StartForm({
  code,
  variants,
  close,
}: {
  code: string
  variants: readonly string[]
  close: () => void
}) {
  const words = useWords(testWords)
  const { cancel } = useWords(common)
  const { startTest } = useTemplateActions(code)
  const [error, setError] = useState<unknown>(null)
  const [isStarting, setStarting] = useState(false)
  const [plan, setPlan] = useState<TestPlan>({
    metric: 'delivered',
    holdOut: 0,
    gets: 'control',
    control: variants[0] ?? '',
    hours: 24,
    alpha: 5,
    auto: false,
  })
  const change = (part: Partial<TestPlan>) => {
    setPlan({ ...plan, ...part })
  }
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    setStarting(true)
    setError(null)
    try {
      await startTest(toRequest(plan))
      close()
    } catch (err) {
      setError(err)
      setStarting(false)
    }
  }
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack>
        <TestFields {...{ plan, variants, change }} />
        <Refusal error={error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={close}>
            {cancel}
          </Button>
          <Button type="submit" loading={isStarting}>
            {words.begin}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
