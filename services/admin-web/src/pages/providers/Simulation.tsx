import { Accordion, Button, Group, Select, Stack, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'
import type { RouteAnswerResponse } from '@sms-gateway/contracts/route-question'
import { request } from '../../api/request.ts'
import { useWords } from '../../i18n/words.ts'
import { Refusal } from '../../parts/states.tsx'
import { RouteAnswer } from './RouteAnswer.tsx'
import { simulationWords } from './simulation-words.ts'

const PRIORITIES = ['auto', 'urgent', 'normal', 'bulk'] as const

/** Asks the same functions as the dispatcher does, about a message that is not there. */
export function Simulation() {
  const words = useWords(simulationWords)
  const [type, setType] = useState('order_confirmation')
  const [priority, setPriority] = useState<(typeof PRIORITIES)[number]>('auto')
  const [segments, setSegments] = useState('1')
  const isType = /^[a-z][a-z0-9_]{0,49}$/.test(type)
  const isCount = /^(?:[1-9]|10)$/.test(segments.trim())
  const ask = useMutation({
    mutationFn: () =>
      request<RouteAnswerResponse>('/routes/simulate', {
        method: 'POST',
        body: {
          message_type: type,
          ...(priority !== 'auto' && { priority }),
          segments: Number(segments),
        },
      }),
  })
  return (
    <Accordion variant="contained" order={2}>
      <Accordion.Item value="simulation" className="surface">
        <Accordion.Control>
          <Text fw={650}>{words.simulation}</Text>
          <Text size="sm" c="dimmed">
            {words.simulationText}
          </Text>
        </Accordion.Control>
        <Accordion.Panel>
          <Stack gap="md">
            <form
              noValidate
              onSubmit={(event: SubmitEvent) => {
                event.preventDefault()
                if (isType && isCount) ask.mutate()
              }}
            >
              <Group align="flex-start" gap="sm">
                <TextInput
                  label={words.messageType}
                  size="sm"
                  w={220}
                  value={type}
                  error={isType ? undefined : words.invalidType}
                  onChange={(event) => {
                    setType(event.currentTarget.value)
                  }}
                />
                <Select
                  label={words.priority}
                  size="sm"
                  w={150}
                  allowDeselect={false}
                  data={PRIORITIES.map((value) => ({ value, label: words.priorities[value] }))}
                  value={priority}
                  onChange={(value) => {
                    setPriority(PRIORITIES.find((each) => each === value) ?? 'auto')
                  }}
                />
                <TextInput
                  label={words.segments}
                  size="sm"
                  w={90}
                  inputMode="numeric"
                  value={segments}
                  error={isCount ? undefined : words.invalidSegments}
                  onChange={(event) => {
                    setSegments(event.currentTarget.value)
                  }}
                />
                <Button type="submit" size="sm" mt={22} loading={ask.isPending}>
                  {words.simulate}
                </Button>
              </Group>
            </form>
            <Refusal error={ask.error} />
            <div role="status">{ask.data && <RouteAnswer answer={ask.data} />}</div>
          </Stack>
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  )
}
