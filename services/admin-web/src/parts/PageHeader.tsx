import { Group, Text, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import { type ReactNode, useEffect, useRef } from 'react'
import { useLocation } from 'react-router'
import { useWords } from '../i18n/words.ts'
import { common } from './words.ts'

/** The key of the entry that the page was opened with: the focus stays where the browser puts it then. */
const FIRST_ENTRY = 'default'

/** The one h1 of a page, and its `document.title`. After a move to another page it takes the focus. */
export function PageHeader({
  title,
  description,
  actions,
}: {
  title: string
  description?: ReactNode
  /** What can be done here: buttons, at the end of the line. */
  actions?: ReactNode
}) {
  const { product } = useWords(common)
  const { pathname, key } = useLocation()
  const heading = useRef<HTMLHeadingElement>(null)
  useDocumentTitle(`${title} · ${product}`)
  useEffect(() => {
    if (key !== FIRST_ENTRY) heading.current?.focus({ preventScroll: true })
    // The path alone: filters in the URL change while somebody types.
    // eslint-disable-next-line react-hooks/exhaustive-deps -- see above
  }, [pathname])
  return (
    <Group justify="space-between" align="flex-start" gap="sm" mb="md">
      <div>
        <Title order={1} ref={heading} tabIndex={-1}>
          {title}
        </Title>
        {description !== undefined && (
          <Text component="div" c="dimmed" mt={2} maw={720}>
            {description}
          </Text>
        )}
      </div>
      {actions !== undefined && <Group gap="xs">{actions}</Group>}
    </Group>
  )
}
