import { Tabs } from '@mantine/core'
import type { ReactNode } from 'react'
import { useSearchParams } from 'react-router'

interface UrlTab {
  /** As the URL has it. */
  id: string
  name: string
  panel: ReactNode
  /** It stays while one looks at another, with what was typed there. */
  isKept?: boolean
}

/** Tabs whose open one is in the URL. The first has no parameter there; one alone needs no tabs. */
export function UrlTabs({ label, tabs }: { label: string; tabs: readonly [UrlTab, ...UrlTab[]] }) {
  const [params, setParams] = useSearchParams()
  const [first] = tabs
  const open = tabs.find(({ id }) => id === params.get('tab')) ?? first
  if (tabs.length === 1) return first.panel
  return (
    <Tabs
      value={open.id}
      keepMounted={false}
      // Of a kept panel the effects go on too: it is what asks before unsaved text is lost.
      keepMountedMode="display-none"
      onChange={(next) => {
        setParams(next === null || next === first.id ? {} : { tab: next })
      }}
    >
      <Tabs.List mb="md" aria-label={label}>
        {tabs.map(({ id, name }) => (
          <Tabs.Tab key={id} value={id}>
            {name}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map(({ id, panel, isKept = false }) => (
        <Tabs.Panel key={id} value={id} keepMounted={isKept}>
          {panel}
        </Tabs.Panel>
      ))}
    </Tabs>
  )
}
