import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { type ReactNode, useState } from 'react'
import { useWords } from '../i18n/words.ts'
import { Refusal } from './states.tsx'
import { common } from './words.ts'

/** What is asked before something is done. */
export interface Question {
  title: string
  /** What happens, with the number of what it touches. */
  children: ReactNode
  /** What the button says that does it: a verb, never "OK". */
  confirm: string
  act: () => Promise<unknown>
  isDangerous?: boolean
  /** False while what it needs, such as a reason, is not given. */
  canConfirm?: boolean
}

/**
 * Asks before it does what its opener stands for. It stays open with the reason when `act` fails, and nothing is done
 * twice by an impatient click.
 */
export function Confirm({
  title,
  children,
  confirm,
  act,
  isDangerous = false,
  canConfirm = true,
  opener,
}: Question & { opener: (ask: () => void) => ReactNode }) {
  const words = useWords(common)
  const [opened, { open, close }] = useDisclosure(false)
  const [isActing, setActing] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const ask = () => {
    setError(null)
    open()
  }
  const run = async () => {
    setActing(true)
    setError(null)
    try {
      await act()
      close()
    } catch (err) {
      setError(err)
    } finally {
      setActing(false)
    }
  }
  return (
    <>
      {opener(ask)}
      <Modal opened={opened} onClose={close} title={title} centered>
        <Stack>
          <Text component="div">{children}</Text>
          <Refusal error={error} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close} data-autofocus={isDangerous || undefined}>
              {words.notNow}
            </Button>
            <Button
              color={isDangerous ? 'red.9' : undefined}
              loading={isActing}
              disabled={!canConfirm}
              onClick={() => void run()}
              data-autofocus={!isDangerous || undefined}
            >
              {confirm}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  )
}
