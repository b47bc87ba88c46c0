import { TextInput, type TextInputProps } from '@mantine/core'

interface DayFieldProps extends Pick<TextInputProps, 'error' | 'max' | 'w'> {
  label: string
  /** As `2026-11-22`. */
  day: string | undefined
  /** '' where it was cleared, and as long as it is no day. */
  onDay: (day: string) => void
}

/** One day of a filter. */
export function DayField({ day = '', onDay, ...rest }: DayFieldProps) {
  return (
    <TextInput
      type="date"
      size="sm"
      value={day}
      onChange={(event) => {
        onDay(event.currentTarget.value)
      }}
      {...rest}
    />
  )
}
