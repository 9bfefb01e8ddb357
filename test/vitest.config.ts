import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    // What the command line says is tested in English, whoever runs the tests; French where a test asks for it.
    env: { LANG: 'C.UTF-8', LC_ALL: '', LC_MESSAGES: '' },
    globalSetup: [new URL('support/global-setup.ts', import.meta.url).pathname],
    // Processes, not threads: a server ends with the process that started it. Three for two cores, since tests also wait.
    pool: 'forks',
    // Node itself loads the code, as in production; vite would accept syntax that Node refuses.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    maxWorkers: 3,
    testTimeout: 20_000,
    hookTimeout: 120_000, // a test server may have to be made first, or be waited for while another file makes it
    teardownTimeout: 10_000,
    passWithNoTests: false,
  },
})
