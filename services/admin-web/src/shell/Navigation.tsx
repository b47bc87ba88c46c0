import { NavLink, Stack, Text } from '@mantine/core'
import { NavLink as RouterLink, useLocation } from 'react-router'
import { useMay } from '../api/session.ts'
import { useLanguage } from '../i18n/language.ts'
import { useWords } from '../i18n/words.ts'
import { GROUPS, PAGES } from '../pages.ts'
import { Icon } from '../parts/Icon.tsx'
import { shellWords } from './words.ts'

/** The pages that the session may see, by group. */
export function Navigation({ onGo }: { onGo: () => void }) {
  const words = useWords(shellWords)
  const language = useLanguage()
  const may = useMay()
  const { pathname } = useLocation()
  const pages = PAGES.filter((page) => may(page.scope))
  return (
    <Stack gap="md">
      {GROUPS.map((group) => {
        const own = pages.filter((page) => page.group === group)
        if (own.length === 0) return null
        return (
          <div key={group}>
            <Text size="xs" fw={600} c="dimmed" px="sm" mb={4}>
              {words.groups[group]}
            </Text>
            {own.map((page) => (
              <NavLink
                key={page.path}
                component={RouterLink}
                to={`/${page.path}`}
                label={page.title[language]}
                leftSection={<Icon name={page.icon} />}
                active={pathname.split('/')[1] === page.path}
                variant="light"
                py={7}
                style={{ borderRadius: 'var(--mantine-radius-sm)' }}
                onClick={onGo}
              />
            ))}
          </div>
        )
      })}
    </Stack>
  )
}
