import { Alert, Button, CopyButton, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useWords } from '../../i18n/words.ts'
import { Icon } from '../../parts/Icon.tsx'
import { common } from '../../parts/words.ts'
import { words as pageWords } from './words.ts'

/** A key that was just made. It is closed by its button alone: a stray click must not lose it. */
export function ShownOnce({ apiKey, onClose }: { apiKey: string | null; onClose: () => void }) {
  const words = useWords(pageWords)
  const shared = useWords(common)
  return (
    <Modal
      opened={apiKey !== null}
      onClose={onClose}
      title={words.newKey}
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
      centered
    >
      <Stack>
        <Alert color="yellow" icon={<Icon name="key" />}>
          {words.shownOnce}
        </Alert>
        <TextInput
          label={words.newKey}
          readOnly
          value={apiKey ?? ''}
          className="mono"
          onFocus={(event) => {
            event.currentTarget.select()
          }}
        />
        <Group justify="flex-end" gap="xs">
          <CopyButton value={apiKey ?? ''}>
            {({ copied, copy }) => (
              <Button variant="default" onClick={copy} leftSection={<Icon name="copy" size={16} />}>
                {copied ? shared.copied : shared.copy}
              </Button>
            )}
          </CopyButton>
          <Button onClick={onClose}>{words.done}</Button>
        </Group>
      </Stack>
    </Modal>
  )
}
