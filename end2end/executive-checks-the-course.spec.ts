import { type Page, expect, test } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll, expectQuiet, signIn } from './people';

type Kpi = { code: string; title: string; value: number | null; score: number | null; weight: number; state: string };

/** The JSON twin of the page, asked with the page's own session. */
async function status(page: Page): Promise<Kpi[]> {
  const response = await page.request.get('/api/v1/operational/kpi-status');
  expect(response.status()).toBe(200);
  return (await response.json()).kpis;
}

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('an executive reads the score, checks it by hand and follows a KPI to its sites', async ({ page }) => {
    await signIn(page, 'executive');
    await page.goto('/alignment');
    const main = page.getByRole('main');
    await expect(main.locator('#refresh')).toContainText(/As of \d\d:\d\d:\d\d\. Reload to refresh/);
    await expect(main.locator('#score .light')).toHaveText(/^(● on track|▲ at risk|■ off track)$/);
    // A state is a shape and a word, whatever its colour.
    for (const state of await main.locator('#kpis .light').allInnerTexts()) {
      expect(state).toMatch(/^(● fine|▲ warning|■ critical|○ no data)$/);
    }

    const kpis = await status(page);
    const known = kpis.filter((kpi) => kpi.score !== null);
    const weights = known.reduce((sum, kpi) => sum + kpi.weight, 0);
    const byHand = known.reduce((sum, kpi) => sum + kpi.weight * kpi.score!, 0) / weights;
    await expect(main.locator('#score .alignment-number')).toHaveText(byHand.toFixed(1));
    await main.locator('.alignment-how > summary').click();
    await expect(main.locator('.alignment-how tbody tr').last()).toContainText(byHand.toFixed(2));

    await main.locator('#kpis thead a', { hasText: 'Score' }).click();
    await expect(page).toHaveURL(/sort=score&order=desc/);
    const best = [...known].sort((a, b) => b.score! - a.score!)[0].score!;
    await expect(main.locator('#kpis tbody tr').first().locator('td[data-label="Score"]')).toHaveText(best.toFixed(1));

    await main.locator('#kpis tbody a', { hasText: /^Attendance$/ }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Attendance');
    const attendance = kpis.find((kpi) => kpi.code === 'attendance')!;
    const value = `${(100 * attendance.value!).toFixed(1)}`;
    await expect(main.locator('.tile').first()).toContainText(value);
    await expect(main.locator('#sites tbody tr').first(), 'the sites add up to the KPI').toContainText(value);
    await main.locator('#sites a', { hasText: 'All sites side by side' }).click();
    await expect(page).toHaveURL(/\/executive\?from=.*metric=attendance/);
    await expect(page.locator('#sites')).toContainText(value);
  });
});

test('the page refreshes by itself, keeps what was unfolded, and rests while nobody looks', async ({ page }) => {
  await page.clock.install();
  await signIn(page, 'executive');
  await page.goto('/alignment');
  await page.evaluate(() => document.body.setAttribute('data-same', 'page'));
  await expect(page.locator('#refresh .live-said')).toHaveText(/^Refreshes by itself/);
  const score = page.locator('#score .alignment-number');
  const was = await score.innerText();
  // As if it had been read before the night.
  await score.evaluate((element) => { element.textContent = '0.0'; });
  const asked = page.waitForResponse((response) => new URL(response.url()).pathname === '/alignment');
  await page.clock.runFor(31_000);
  await asked;
  await expect(score).toHaveText(was);
  expect(await page.locator('body').getAttribute('data-same'), 'nothing was loaded anew').toBe('page');

  let requests = 0;
  page.on('request', (request) => { if (new URL(request.url()).pathname === '/alignment') requests += 1; });
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await page.clock.runFor(120_000);
  expect(requests, 'a hidden page asks for nothing').toBe(0);
});

test('the course: no noise, nothing for axe, nothing sideways on a phone', async ({ page }) => {
  const quiet = expectQuiet(page);
  await signIn(page, 'executive');
  for (const address of ['/alignment', '/alignment/fill_rate', '/alignment/cost']) {
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(address);
    for (const summary of await page.getByRole('main').locator('details:not([open]) > summary').all()) {
      if (await summary.isVisible()) await summary.click();
    }
    await expectAccessible(page);
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(address);
    await expectNoSidewaysScroll(page);
  }
  quiet();
});
