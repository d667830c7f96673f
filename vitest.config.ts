import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        // Everything that needs no installed server: `pnpm test`.
        test: {
          name: 'unit',
          include: [
            '{apps,packages}/*/test/**/*.test.ts',
            '{bench,docker,tools}/test/**/*.test.ts',
            'tools/templates/*/test/**/*.test.ts',
          ],
          exclude: ['**/*.{servers,soak,browser,stack}.test.ts', '**/node_modules/**'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        // The same contracts against real PostgreSQL and Valkey or Redis: `pnpm test:servers`.
        test: {
          name: 'servers',
          include: ['{apps,packages}/*/test/**/*.servers.test.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        // 100,000 requests to two replicas: `pnpm soak`.
        test: { name: 'soak', include: ['apps/*/test/**/*.soak.test.ts'], hookTimeout: 60_000 },
      },
      {
        // In a real browser, Debian's chromium: `pnpm test:browser`.
        test: {
          name: 'browser',
          include: ['apps/*/test/**/*.browser.test.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        // The images and the stack of compose.yaml, built, started and attacked for real: `pnpm test:stack`.
        test: {
          name: 'stack',
          include: ['docker/test/**/*.stack.test.ts'],
          globalSetup: ['docker/test/support/global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
