import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { FormModal } from './form-parts.tsx'
import { Icon, type IconName } from './Icon.tsx'

/** A button, and the form that it opens. */
export function FormButton({
  label,
  ariaLabel,
  title = label,
  icon,
  isQuiet = false,
  children,
}: {
  label: string
  /** Where several buttons of a page have the same label: which one it is. */
  ariaLabel?: string
  /** Over the form, where it says more than the button. */
  title?: string
  icon?: IconName
  /** Not the first thing to do where it stands. */
  isQuiet?: boolean
  children: (close: () => void) => ReactNode
}) {
  const [opened, { open, close }] = useDisclosure(false)
  return (
    <>
      <Button
        size="sm"
        variant={isQuiet ? 'default' : undefined}
        onClick={open}
        aria-label={ariaLabel}
        leftSection={icon && <Icon name={icon} size={16} />}
      >
        {label}
      </Button>
      <FormModal title={title} opened={opened} onClose={close}>
        {children(close)}
      </FormModal>
    </>
  )
}
