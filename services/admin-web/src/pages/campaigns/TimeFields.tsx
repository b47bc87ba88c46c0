import { Group, Input, SegmentedControl, Select, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { useWords } from '../../i18n/words.ts'
import { Section } from '../../parts/Section.tsx'
import { formWords } from './form-words.ts'
import { type Plan, STARTS } from './plan.ts'

const ZONES = Intl.supportedValuesOf('timeZone')

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
          <SimpleGrid cols={{ base: 1, xs: 2 }} maw={640}>
            {plan.start === 'at' ? (
              <TextInput
                type="datetime-local"
                label={words.at}
                required
                value={plan.at}
                onChange={(event) => {
                  change({ at: event.currentTarget.value })
                }}
              />
            ) : (
              <TextInput
                label={words.cron}
                description={words.cronHint}
                required
                classNames={{ input: 'mono' }}
                value={plan.cron}
                onChange={(event) => {
                  change({ cron: event.currentTarget.value })
                }}
              />
            )}
            <Select
              label={words.zone}
              searchable
              allowDeselect={false}
              limit={50}
              style={{ alignSelf: 'end' }}
              data={ZONES}
              value={plan.zone}
              onChange={(zone) => {
                change({ zone: zone ?? plan.zone })
              }}
            />
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
