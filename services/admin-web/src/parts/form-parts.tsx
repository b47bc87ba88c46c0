import { Button, Group, Modal, Select, Stack } from '@mantine/core'
import type { ReactNode, SubmitEvent } from 'react'
import { useWords } from '../i18n/words.ts'
import { Refusal } from './states.tsx'
import { common } from './words.ts'

export function FormModal({
  title,
  opened,
  onClose,
  children,
}: {
  title: string
  opened: boolean
  onClose: () => void
  children: ReactNode
}) {
  return (
    <Modal opened={opened} onClose={onClose} title={title} centered>
      {children}
    </Modal>
  )
}

/** Fields, what went wrong, and the button that saves. */
export function Fields({
  children,
  error,
  isSaving,
  submit,
  saveLabel,
}: {
  children: ReactNode
  error: unknown
  isSaving: boolean
  submit: () => void
  /** Where "save" is not what it does. */
  saveLabel?: string
}) {
  const words = useWords(common)
  return (
    <form
      noValidate
      onSubmit={(event: SubmitEvent) => {
        event.preventDefault()
        submit()
      }}
    >
      <Stack gap="sm">
        {children}
        <Refusal error={error} />
        <Group justify="flex-end">
          <Button type="submit" loading={isSaving}>
            {saveLabel ?? words.save}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

/** A closed list, typed. */
export function Choice<T extends string>({
  label,
  options,
  names,
  value,
  onChange,
}: {
  label: string
  options: readonly T[]
  names: Readonly<Record<T, string>>
  value: T
  onChange: (value: T) => void
}) {
  return (
    <Select
      label={label}
      allowDeselect={false}
      data={options.map((option) => ({ value: option, label: names[option] }))}
      value={value}
      onChange={(chosen) => {
        const found = options.find((option) => option === chosen)
        if (found !== undefined) onChange(found)
      }}
    />
  )
}
