import { defineConfig } from '@playwright/test';
import { address, password, served } from './people';

// The demo company on a throw-away Postgres, served by the debug build with the real islands: see bin/build --for-tests.
export default defineConfig({
  testMatch: '*.spec.ts',
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
