import { Group, Radio, Stack, Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { useMay, useSession } from '../../api/session.ts'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { ConfirmAction } from '../../parts/ConfirmAction.tsx'
import { Icon } from '../../parts/Icon.tsx'
import { Section } from '../../parts/Section.tsx'
import { Failure, Loading } from '../../parts/states.tsx'
import { Mark } from '../../parts/StatusBadge.tsx'
import { useGateway, useLever, useWaiting } from './api.ts'
import { gatewayWords } from './gateway-words.ts'

/** Whether anything leaves at all. */
export function GatewayLever() {
  const words = useWords(gatewayWords)
  const { dateTime, number } = useFormat()
  const { data, isPending, error, refetch } = useGateway()
  const waiting = useWaiting()
  const { all_clients: isForAll } = useSession()
  const mayPull = useMay()('operate') && isForAll
  const isPaused = data?.state === 'paused'
  return (
    <Section title={words.gateway}>
      {isPending && <Loading lines={1} />}
      {error !== null && !data && <Failure error={error} retry={() => void refetch()} />}
      {data && (
        <Group justify="space-between">
          <Stack gap={2}>
            <Group gap="sm">
              <Mark tone={isPaused ? 'bad' : 'good'} icon={isPaused ? 'pause' : 'play'}>
                {words.gatewayStates[data.state]}
              </Mark>
              {isPaused && data.since !== null && (
                <Text size="sm" c="dimmed">
                  {words.since(dateTime(data.since))}
                </Text>
              )}
            </Group>
            {isPaused && <Text size="sm">{data.reason}</Text>}
            {waiting !== undefined && (
              <Text size="sm" c="dimmed">
                {words.waiting(number(waiting))}
              </Text>
            )}
          </Stack>
          {mayPull && isPaused && <Resume restoredTo={data.restored_to} waiting={waiting} />}
          {mayPull && !isPaused && <Pause waiting={waiting} />}
        </Group>
      )}
    </Section>
  )
}

function Pause({ waiting }: { waiting: number | undefined }) {
  const words = useWords(gatewayWords)
  const { number } = useFormat()
  const pull = useLever()
  const [reason, setReason] = useState('')
  return (
    <ConfirmAction
      label={words.pause}
      title={words.pauseTitle}
      confirm={words.pauseConfirm}
      leftSection={<Icon name="pause" size={16} />}
      isDangerous
      canConfirm={reason.trim() !== ''}
      act={async () => {
        await pull('/gateway/pause', { reason: reason.trim() })
        setReason('')
        notifications.show({ message: words.paused })
      }}
    >
      <Stack gap="sm">
        <Text>{words.pauseText}</Text>
        {waiting !== undefined && <Text>{words.waiting(number(waiting))}</Text>}
        <TextInput
          label={words.reasonRequired}
          required
          maxLength={500}
          value={reason}
          onChange={(event) => {
            setReason(event.currentTarget.value)
          }}
        />
      </Stack>
    </ConfirmAction>
  )
}

function Resume({
  restoredTo,
  waiting,
}: {
  restoredTo: string | null
  waiting: number | undefined
}) {
  const words = useWords(gatewayWords)
  const { dateTime, number } = useFormat()
  const pull = useLever()
  const [held, setHeld] = useState<'end' | 'send'>('end')
  return (
    <ConfirmAction
      label={words.resume}
      title={words.resumeTitle}
      confirm={words.resumeConfirm}
      leftSection={<Icon name="play" size={16} />}
      act={async () => {
        await pull('/gateway/resume', restoredTo === null ? {} : { held })
        notifications.show({ message: words.resumed })
      }}
    >
      <Stack gap="sm">
        <Text>{words.resumeText}</Text>
        {waiting !== undefined && <Text>{words.waiting(number(waiting))}</Text>}
        {restoredTo !== null && (
          <>
            <Text c="var(--wait)">{words.restored(dateTime(restoredTo))}</Text>
            <Radio.Group
              label={words.held}
              value={held}
              onChange={(value) => {
                setHeld(value === 'send' ? 'send' : 'end')
              }}
            >
              <Stack gap={6} mt={6}>
                <Radio value="end" label={words.helds.end} />
                <Radio value="send" label={words.helds.send} />
              </Stack>
            </Radio.Group>
          </>
        )}
      </Stack>
    </ConfirmAction>
  )
}
