import { Anchor, Button, Group, Modal, Radio, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'react-router'
import type { LogEntry } from '@sms-gateway/contracts/logs'
import type { MessageResponse } from '@sms-gateway/contracts/message-response'
import type { ResolveAction } from '@sms-gateway/domain/resolve-by-hand'
import { request } from '../../api/request.ts'
import { useWords } from '../../i18n/words.ts'
import { Refusal } from '../../parts/states.tsx'
import { common } from '../../parts/words.ts'
import { words as pageWords } from './words.ts'

const ACTIONS = ['resend', 'sent', 'failed'] as const satisfies readonly ResolveAction[]

/** The choices, each with what it risks; none is chosen beforehand. */
export function Decide({ message, state }: { message: LogEntry; state: 'doubt' | 'unknown' }) {
  const words = useWords(pageWords)
  const [opened, { open, close }] = useDisclosure(false)
  return (
    <>
      <Button
        size="xs"
        variant="default"
        onClick={open}
        aria-label={words.decideOf(message.id.slice(-8))}
      >
        {words.decide}
      </Button>
      <Modal opened={opened} onClose={close} title={words.decideTitle} size="lg" centered>
        <Choices message={message} state={state} close={close} />
      </Modal>
    </>
  )
}

function Choices({
  message,
  state,
  close,
}: {
  message: LogEntry
  state: 'doubt' | 'unknown'
  close: () => void
}) {
  const words = useWords(pageWords)
  const { cancel } = useWords(common)
  const client = useQueryClient()
  const [action, setAction] = useState<ResolveAction | null>(null)
  const choices = words.choices[state]
  const resolve = useMutation({
    mutationFn: (wanted: ResolveAction) =>
      request<MessageResponse>(`/messages/${message.id}/resolve`, {
        method: 'POST',
        body: { action: wanted },
      }),
    onSuccess: async (answer, wanted) => {
      await client.invalidateQueries({ queryKey: ['/logs'] })
      notifications.show({
        message: (
          <>
            {wanted === 'resend' ? words.sentAgain : words.done}{' '}
            {answer.id !== message.id && (
              <Anchor component={Link} to={`/messages/${answer.id}`} underline="always">
                {words.openMessage}
              </Anchor>
            )}
          </>
        ),
      })
      close()
    },
  })
  return (
    <Stack>
      <Text>{words.decideIntro(message.doubt?.provider ?? message.provider ?? '–')}</Text>
      <Radio.Group
        label={words.choose}
        value={action}
        onChange={(value) => {
          setAction(ACTIONS.find((each) => each === value) ?? null)
        }}
      >
        <Stack gap="xs" mt="xs">
          {ACTIONS.map((each) => (
            <Radio
              key={each}
              value={each}
              label={choices[each].label}
              description={choices[each].text}
              className="surface"
              p="sm"
              styles={{ label: { fontWeight: 600 } }}
            />
          ))}
        </Stack>
      </Radio.Group>
      <Refusal error={resolve.error} />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={close}>
          {cancel}
        </Button>
        <Button
          disabled={action === null}
          loading={resolve.isPending}
          color={action === 'resend' ? 'red.8' : undefined}
          onClick={() => {
            if (action !== null) resolve.mutate(action)
          }}
        >
          {action === null ? words.choose : choices[action].confirm}
        </Button>
      </Group>
    </Stack>
  )
}
