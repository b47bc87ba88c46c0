import { ActionIcon, Menu, useMantineColorScheme } from '@mantine/core'
import { type Language, LANGUAGES, switchLanguage, useLanguage } from '../i18n/language.ts'
import { useWords } from '../i18n/words.ts'
import { Icon, type IconName } from '../parts/Icon.tsx'
import { shellWords } from './words.ts'

const THEMES = [
  ['light', 'sun'],
  ['dark', 'moon'],
  ['auto', 'system'],
] as const satisfies readonly (readonly [string, IconName])[]

/** Each in its own language, so that who reads no other finds it. */
const NAMES: Record<Language, string> = { 'zh-Hant': '繁體中文', en: 'English' }

export function ThemeSwitch() {
  const words = useWords(shellWords)
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const icon = THEMES.find(([name]) => name === colorScheme)?.[1] ?? 'system'
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={words.theme}>
          <Icon name={icon} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown aria-label={words.theme}>
        {THEMES.map(([name, shape]) => (
          <Menu.Item
            key={name}
            leftSection={<Icon name={shape} size={16} />}
            rightSection={name === colorScheme ? <Icon name="check" size={14} /> : null}
            aria-current={name === colorScheme}
            onClick={() => {
              setColorScheme(name)
            }}
          >
            {words.themes[name]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

export function LanguageSwitch() {
  const words = useWords(shellWords)
  const current = useLanguage()
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={words.language}>
          <Icon name="language" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown aria-label={words.language}>
        {LANGUAGES.map((language) => (
          <Menu.Item
            key={language}
            lang={language}
            rightSection={language === current ? <Icon name="check" size={14} /> : null}
            aria-current={language === current}
            onClick={() => {
              switchLanguage(language)
            }}
          >
            {NAMES[language]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
