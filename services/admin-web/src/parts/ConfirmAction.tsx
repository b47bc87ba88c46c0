import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { type ReactNode, useState } from 'react'
import { useWords } from '../i18n/words.ts'
import { Refusal } from './states.tsx'
import { common } from './words.ts'

/**
 * A button that says what will happen, to how many, and asks before it does it. It stays open with the reason when
 * `act` fails, and nothing is done twice by an impatient click.
 */
export function ConfirmAction({
  label,
  ariaLabel,
  title,
  children,
  confirm,
  act,
  isDangerous = false,
  leftSection,
  disabled = false,
  canConfirm = true,
}: {
  label: string
  /** Where several buttons of a page have the same label: which one it is. */
  ariaLabel?: string
  title: string
  /** What happens, with the number of what it touches. */
  children: ReactNode
  /** What the button says that does it: a verb, never "OK". */
  confirm: string
  act: () => Promise<unknown>
  isDangerous?: boolean
  leftSection?: ReactNode
  disabled?: boolean
  /** False while what it needs, such as a reason, is not given. */
  canConfirm?: boolean
}) {
  const words = useWords(common)
  const [opened, { open, close }] = useDisclosure(false)
  const [isActing, setActing] = useState(false)
  const [error, setError] = useState<unknown>(null)
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
  const color = isDangerous ? 'red.9' : undefined
  return (
    <>
      <Button
        variant="default"
        size="sm"
        c={isDangerous ? 'var(--bad)' : undefined}
        leftSection={leftSection}
        disabled={disabled}
        aria-label={ariaLabel}
        onClick={() => {
          setError(null)
          open()
        }}
      >
        {label}
      </Button>
      <Modal opened={opened} onClose={close} title={title} centered>
        <Stack>
          <Text component="div">{children}</Text>
          <Refusal error={error} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close} data-autofocus={isDangerous || undefined}>
              {words.notNow}
            </Button>
            <Button
              color={color}
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
