import js from '@eslint/js';
import playwright from 'eslint-plugin-playwright';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

export default defineConfig(
  globalIgnores(['node_modules/', 'test-results/', 'playwright-report/', 'interop/*/target/']),
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      eqeqeq: 'error',
      // Brackets mark the members of JSON values, whose names are data.
      '@typescript-eslint/dot-notation': ['error', { allowIndexSignaturePropertyAccess: true }],
      // It asks for the `!` that no-non-null-assertion forbids.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      // text[0] may be undefined (noUncheckedIndexedAccess), which startsWith does not take.
      '@typescript-eslint/prefer-string-starts-ends-with': ['error', { allowSingleElementEquality: 'always' }],
    },
  },
  {
    files: ['src/report/page/*.js'],
    languageOptions: {
      sourceType: 'script',
      globals: Object.fromEntries(
        [...['document', 'location', 'addEventListener', 'atob'], ...['Blob', 'DecompressionStream', 'Response']].map(
          (name) => [name, 'readonly'],
        ),
      ),
    },
  },
  {
    files: ['specs/**/*.ts'],
    extends: [playwright.configs['flat/recommended']],
    rules: {
      // What a target was not configured for is skipped, with a reason.
      'playwright/no-skipped-test': ['error', { allowConditional: true }],
    },
  },
);
