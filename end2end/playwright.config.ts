import { defineConfig } from '@playwright/test';
import { address, password, served } from './people';

// What tells people news, changes scores or fills shifts waits for those that count them.
const changing = [
  'supervisor-works-the-queue.spec.ts',
  'supervisor-rules-on-a-dispute.spec.ts',
  'scheduler-makes-a-roster.spec.ts',
  'scheduler-looks-ahead.spec.ts',
];

// The demo company on a throw-away Postgres, served by the debug build with the real islands: see bin/build --for-tests.
export default defineConfig({
  projects: [
    { name: 'pages', testMatch: '*.spec.ts', testIgnore: changing },
    { name: 'changes', testMatch: changing, dependencies: ['pages'] },
  ],
  fullyParallel: true,
  forbidOnly: true,
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
  use: {
    actionTimeout: 10_000,
    baseURL: `http://${address}`,
    locale: 'en-GB',
    timezoneId: 'Africa/Johannesburg',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.MUSTER_CHROMIUM || undefined,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  webServer: served ? undefined : {
    command: '../bin/with-postgres ../target/debug/muster demo --scale small --serve',
    url: `http://${address}/ready`,
    timeout: 300_000,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 20_000 },
    env: { MUSTER_ADDR: address, MUSTER_DEMO_PASSWORD: password, MUSTER_HOME: '..' },
  },
});
