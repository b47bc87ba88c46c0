import { globalIgnores } from 'eslint/config'
import reactHooks from 'eslint-plugin-react-hooks'
import simpleImportSort from 'eslint-plugin-simple-import-sort'
import tseslint from 'typescript-eslint'
import { dependencyRules } from './scripts/dependency-rules.mjs'

const TYPESCRIPT = ['**/*.ts', '**/*.tsx']
const WEB = ['services/admin-web/**/*.{ts,tsx}']
const TESTS = ['**/*.test.ts', '**/test/**/*.ts', '**/test-support/**/*.ts']
const READS_ENVIRONMENT = ['**/main.ts', '**/config.ts', '**/*-command.ts', ...TESTS]

const PROCESS_ENV = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'Only main.ts and config.ts read the environment; take the value as an argument.',
}
const DEFAULT_EXPORT = {
  selector: 'ExportDefaultDeclaration',
  message: 'Exports are named.',
}
const CLOCK_AND_CHANCE = [
  {
    selector: "MemberExpression[object.name='Date'][property.name='now']",
    message: 'The domain is told the time: take `now` as an argument.',
  },
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'The domain is told the time: take `now` as an argument.',
  },
  {
    selector: "MemberExpression[object.name='Math'][property.name='random']",
    message: 'The domain is given its randomness: take `random` as an argument.',
  },
]

export default tseslint.config(
  globalIgnores(['**/dist/', '**/node_modules/', '.data/', '.cache/', 'coverage/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    plugins: { 'simple-import-sort': simpleImportSort },
    rules: {
      // Four groups: node:, packages, ours, relative. They are sorted, not spaced.
      'simple-import-sort/imports': [
        'error',
        { groups: [['^\\u0000', '^node:', '^@?\\w', '^@sms-gateway/', '^\\.']] },
      ],
      'simple-import-sort/exports': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'no-unreachable-loop': 'error',
      'no-self-compare': 'error',
      'no-template-curly-in-string': 'error',
      'no-promise-executor-return': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
      'max-lines': ['warn', { max: 200, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['warn', { max: 50, skipBlankLines: true, skipComments: true }],
      'max-params': ['warn', { max: 4 }],
      // A `try` round a loop counts as one.
      'max-depth': ['warn', 3],
      complexity: ['warn', 10],
    },
  },
  {
    files: TYPESCRIPT,
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { project: './tsconfig.test.json', tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { allowDefaultCaseForExhaustiveSwitch: false, considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/consistent-type-definitions': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/consistent-type-assertions': ['warn', { assertionStyle: 'never' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      // An AbortSignal's reason is `any`, and it is what the waiter is told.
      '@typescript-eslint/prefer-promise-reject-errors': [
        'error',
        { allowThrowingAny: true, allowThrowingUnknown: true },
      ],
      'no-restricted-syntax': ['error', PROCESS_ENV, DEFAULT_EXPORT],
    },
  },
  {
    files: ['packages/domain/src/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', PROCESS_ENV, DEFAULT_EXPORT, ...CLOCK_AND_CHANCE] },
  },
  { files: READS_ENVIRONMENT, rules: { 'no-restricted-syntax': ['error', DEFAULT_EXPORT] } },
  {
    files: WEB,
    plugins: { 'react-hooks': reactHooks },
    languageOptions: {
      parserOptions: {
        project: ['./services/admin-web/tsconfig.json', './services/admin-web/tsconfig.test.json'],
      },
    },
    rules: {
      ...reactHooks.configs.recommended.rules,
      // A component is its markup: what matters is what it decides.
      'max-lines-per-function': ['warn', { max: 120, skipBlankLines: true, skipComments: true }],
      complexity: ['warn', 20],
      '@typescript-eslint/no-misused-promises': [
        'error',
        { checksVoidReturn: { attributes: false } },
      ],
    },
  },
  {
    files: ['tour/**/*.ts'],
    languageOptions: { parserOptions: { project: './tour/tsconfig.json' } },
  },
  { files: ['services/admin-web/src/**/words.ts'], rules: { 'max-lines': 'off' } },
  { files: ['**/vite.config.ts'], rules: { 'no-restricted-syntax': 'off' } },
  ...dependencyRules(),
  {
    files: TESTS,
    rules: {
      // Matchers are `any`, stubs await nothing, and a list of like cases may be long.
      '@typescript-eslint/consistent-type-assertions': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-misused-spread': 'off',
      '@typescript-eslint/unbound-method': 'off',
      'no-template-curly-in-string': 'off',
      'max-lines': 'off',
      'max-lines-per-function': 'off',
      complexity: 'off',
    },
  },
  // Written once, from top to bottom.
  { files: ['packages/db/src/migrations/*.ts'], rules: { 'max-lines-per-function': 'off' } },
  { files: ['packages/db/test-support/global-*.ts'], rules: { 'no-restricted-syntax': 'off' } },
  { files: ['scripts/**', 'bench/**', 'chaos/**', 'tour/**'], rules: { 'no-console': 'off' } },
)
