import { AppShell, Burger, Group, ScrollArea } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Suspense } from 'react'
import { Link, Outlet } from 'react-router'
import { useWords } from '../i18n/words.ts'
import { Loading } from '../parts/states.tsx'
import { AccountMenu } from './AccountMenu.tsx'
import { Brand } from './Brand.tsx'
import { Navigation } from './Navigation.tsx'
import { LanguageSwitch, ThemeSwitch } from './switches.tsx'
import { shellWords } from './words.ts'

const MAIN = 'main'

/** What stays while pages change: the header, the navigation (behind a burger on narrow screens) and the main part. */
export function Shell() {
  const words = useWords(shellWords)
  const [isOpen, { toggle, close }] = useDisclosure(false)
  return (
    <>
      <a className="skip-link" href={`#${MAIN}`}>
        {words.skip}
      </a>
      <AppShell
        header={{ height: 52 }}
        navbar={{ width: 220, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
        padding={{ base: 'sm', sm: 'lg' }}
      >
        <AppShell.Header bg="var(--surface)">
          <Group h="100%" px="sm" gap="xs" justify="space-between" wrap="nowrap">
            <Group gap="xs" wrap="nowrap" miw={0}>
              <Burger
                opened={isOpen}
                onClick={toggle}
                hiddenFrom="sm"
                size="sm"
                aria-label={isOpen ? words.closeMenu : words.openMenu}
                aria-expanded={isOpen}
              />
              <Link to="/" style={{ color: 'inherit', textDecoration: 'none' }}>
                <Brand />
              </Link>
            </Group>
            <Group gap={2} wrap="nowrap">
              <LanguageSwitch />
              <ThemeSwitch />
              <AccountMenu />
            </Group>
          </Group>
        </AppShell.Header>
        <AppShell.Navbar p="sm" bg="var(--surface)" aria-label={words.navigation}>
          <ScrollArea type="auto" flex={1}>
            <Navigation onGo={close} />
          </ScrollArea>
        </AppShell.Navbar>
        <AppShell.Main id={MAIN} tabIndex={-1}>
          <Suspense fallback={<Loading />}>
            <Outlet />
          </Suspense>
        </AppShell.Main>
      </AppShell>
    </>
  )
}
