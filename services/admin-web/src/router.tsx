import { createBrowserRouter, Navigate } from 'react-router'
import { useMay } from './api/session.ts'
import { type Page, PAGES } from './pages.ts'
import { Loading } from './parts/states.tsx'
import { Crashed, NotFound } from './shell/messages.tsx'
import { Shell } from './shell/Shell.tsx'

export function createRouter() {
  return createBrowserRouter([
    {
      path: '/',
      Component: Shell,
      HydrateFallback: Loading,
      children: [
        {
          ErrorBoundary: Crashed,
          children: [
            { index: true, element: <Navigate to={`/${PAGES[0]?.path ?? ''}`} replace /> },
            ...PAGES.map((page) => ({ path: `${page.path}/*`, lazy: () => loadPage(page) })),
            { path: '*', Component: NotFound },
          ],
        },
      ],
    },
  ])
}

async function loadPage({ load, scope }: Page) {
  const Content = await load()
  function Guarded() {
    const may = useMay()
    return may(scope) ? <Content /> : <NotFound />
  }
  return { Component: Guarded }
}
