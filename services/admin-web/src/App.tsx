import { MantineProvider, mergeThemeOverrides } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { RouterProvider } from 'react-router'
import { createQueryClient } from './api/query-client.ts'
import { useSessionQuery } from './api/session.ts'
import { useLanguage } from './i18n/language.ts'
import { useWords } from './i18n/words.ts'
import { SignInPage } from './pages/sign-in/SignInPage.tsx'
import { Loading } from './parts/states.tsx'
import { common } from './parts/words.ts'
import { createRouter } from './router.tsx'
import { resolveVariables, theme } from './theme.ts'

export function App() {
  const [client] = useState(createQueryClient)
  const language = useLanguage()
  useEffect(() => {
    document.documentElement.lang = language
  }, [language])
  const { close } = useWords(common)
  const spoken = useMemo(() => nameCloseButtons(close), [close])
  return (
    <MantineProvider
      theme={spoken}
      cssVariablesResolver={resolveVariables}
      defaultColorScheme="auto"
    >
      <Notifications position="bottom-right" limit={3} />
      <QueryClientProvider client={client}>
        <SignedIn />
      </QueryClientProvider>
    </MantineProvider>
  )
}

/** A cross alone says nothing to who cannot see it. */
function nameCloseButtons(close: string) {
  const named = { defaultProps: { closeButtonProps: { 'aria-label': close } } }
  return mergeThemeOverrides(theme, { components: { Modal: named, Notification: named } })
}

/** The console behind its door: who is not signed in stays at the address that was asked for. */
function SignedIn() {
  const [router] = useState(createRouter)
  const { data, isPending, error } = useSessionQuery()
  if (isPending) return <Loading />
  if (!data) return <SignInPage error={error} />
  return <RouterProvider router={router} />
}
