import { Select, TextInput } from '@mantine/core'
import { useWords } from '../../i18n/words.ts'
import { formWords } from './form-words.ts'
import type { When } from './plan.ts'

const ZONES = Intl.supportedValuesOf('timeZone')

/** One time or a rule, and by whose clocks. */
export function ScheduleFields({
  when,
  change,
  error,
}: {
  when: When
  change: (part: Partial<When>) => void
  error?: string | undefined
}) {
  const words = useWords(formWords)
  return (
    <>
      {when.start === 'at' ? (
        <TextInput
          type="datetime-local"
          label={words.at}
          required
          value={when.at}
          error={error}
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
          value={when.cron}
          error={error}
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
        // Browsers list no UTC.
        data={ZONES.includes(when.zone) ? ZONES : [when.zone, ...ZONES]}
        value={when.zone}
        onChange={(zone) => {
          change({ zone: zone ?? when.zone })
        }}
      />
    </>
  )
}
