import { Button, Group, Modal, Stack } from '@mantine/core'
import { useEffect } from 'react'
import { useBlocker } from 'react-router'
import { useWords } from '../../i18n/words.ts'
import { editorWords } from './editor-words.ts'

/** Asks before what was typed is lost: on the way to another page, and when the tab is closed. */
export function LeaveGuard({ isOn }: { isOn: boolean }) {
  const words = useWords(editorWords)
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      isOn && currentLocation.pathname !== nextLocation.pathname,
  )
  useEffect(() => {
    if (!isOn) return
    const ask = (event: BeforeUnloadEvent) => {
      event.preventDefault()
    }
    window.addEventListener('beforeunload', ask)
    return () => {
      window.removeEventListener('beforeunload', ask)
    }
  }, [isOn])
  const stay = () => {
    blocker.reset?.()
  }
  return (
    <Modal opened={blocker.state === 'blocked'} onClose={stay} title={words.leave} centered>
      <Stack>
        {words.leaveText}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={() => blocker.proceed?.()}>
            {words.leaveYes}
          </Button>
          <Button onClick={stay} data-autofocus>
            {words.stay}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
