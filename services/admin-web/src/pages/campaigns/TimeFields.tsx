import { Group, Input, SegmentedControl, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { useWords } from '../../i18n/words.ts'
import { Section } from '../../parts/Section.tsx'
import { formWords } from './form-words.ts'
import { type Plan, STARTS } from './plan.ts'
import { ScheduleFields } from './ScheduleFields.tsx'

/** When it begins, by whose clocks, and in which hours people get it. */
export function TimeFields({
  plan,
  change,
}: {
  plan: Plan
  change: (part: Partial<Plan>) => void
}) {
  const words = useWords(formWords)
  return (
    <Section title={words.when}>
      <Stack gap="sm">
        <SegmentedControl
          aria-label={words.start}
          value={plan.start}
          data={STARTS.map((value) => ({ value, label: words.starts[value] }))}
          style={{ alignSelf: 'flex-start' }}
          onChange={(value) => {
            change({ start: STARTS.find((each) => each === value) ?? 'now' })
          }}
        />
        {plan.start !== 'now' && (
          <SimpleGrid cols={{ base: 1, xs: 2 }} maw={640} style={{ alignItems: 'end' }}>
            <ScheduleFields when={plan} change={change} />
          </SimpleGrid>
        )}
        <Input.Wrapper label={words.hours} labelElement="div">
          <Group gap="sm" mt={4}>
            <TextInput
              type="time"
              label={words.from}
              w={140}
              value={plan.from}
              onChange={(event) => {
                change({ from: event.currentTarget.value })
              }}
            />
            <TextInput
              type="time"
              label={words.until}
              w={140}
              value={plan.until}
              onChange={(event) => {
                change({ until: event.currentTarget.value })
              }}
            />
          </Group>
        </Input.Wrapper>
      </Stack>
    </Section>
  )
}
