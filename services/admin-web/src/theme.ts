import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core'

/** Its shade 7 bears white text at 5.4 to 1. */
const JADE: MantineColorsTuple = [
  '#f0fdfa',
  '#ccfbf1',
  '#99f6e4',
  '#5eead4',
  '#2dd4bf',
  '#14b8a6',
  '#0d9488',
  '#0f766e',
  '#115e59',
  '#134e4a',
]

/** Of dark fields and menus: the same grey as styles.css, not Mantine's own. */
const DARK: MantineColorsTuple = [
  '#c9d1d3',
  '#b3bdc0',
  '#8b9a9e',
  '#667579',
  '#3a4548',
  '#2c3538',
  '#20272a',
  '#171c1e',
  '#121617',
  '#0c0f10',
]

const FONTS =
  "-apple-system, BlinkMacSystemFont, 'Segoe UI', 'PingFang TC', 'Microsoft JhengHei', 'Noto Sans TC', 'Noto Sans CJK TC', 'Helvetica Neue', Arial, sans-serif"

const OURS = {
  '--mantine-color-body': 'var(--surface)',
  '--mantine-color-text': 'var(--ink)',
  '--mantine-color-dimmed': 'var(--quiet)',
  '--mantine-color-placeholder': 'var(--quiet)',
  '--mantine-color-default': 'var(--surface)',
  '--mantine-color-default-border': 'var(--line)',
  '--mantine-color-error': 'var(--bad)',
}

/** Mantine's own names for what styles.css decides, in both themes. */
export const resolveVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: OURS,
  dark: OURS,
})

/** Calm and dense: one colour for what can be done, small steps, tabular numbers (styles.css). */
export const theme = createTheme({
  primaryColor: 'jade',
  primaryShade: 7,
  colors: { jade: JADE, dark: DARK },
  fontFamily: FONTS,
  fontFamilyMonospace: "ui-monospace, 'SF Mono', Menlo, Consolas, 'Noto Sans Mono', monospace",
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  lineHeights: { xs: '1.4', sm: '1.45', md: '1.5', lg: '1.5', xl: '1.5' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  headings: {
    fontWeight: '650',
    sizes: {
      h1: { fontSize: '1.375rem', lineHeight: '1.3' },
      h2: { fontSize: '1.0625rem', lineHeight: '1.35' },
      h3: { fontSize: '0.9375rem', lineHeight: '1.4' },
    },
  },
})
