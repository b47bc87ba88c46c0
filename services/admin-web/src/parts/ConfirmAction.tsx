import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { Confirm, type Question } from './Confirm.tsx'

/** A button that says what will happen, to how many, and asks before it does it. */
export function ConfirmAction({
  label,
  ariaLabel,
  leftSection,
  disabled = false,
  ...question
}: Question & {
  label: string
  /** Where several buttons of a page have the same label: which one it is. */
  ariaLabel?: string
  leftSection?: ReactNode
  disabled?: boolean
}) {
  return (
    <Confirm
      {...question}
      opener={(ask) => (
        <Button
          variant="default"
          size="sm"
          c={question.isDangerous ? 'var(--bad)' : undefined}
          leftSection={leftSection}
          disabled={disabled}
          aria-label={ariaLabel}
          onClick={ask}
        >
          {label}
        </Button>
      )}
    />
  )
}
