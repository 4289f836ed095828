import { expect, test } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll, expectQuiet, signIn } from './people';

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('a supervisor reads the team, narrows the roster and opens a worker', async ({ page }) => {
    await signIn(page, 'supervisor');
    await page.goto('/team');
    if (!/\/team\/./.test(page.url())) await page.locator('#sites tbody a').first().click();
    await expect(page).toHaveURL(/\/team\/[0-9a-f-]{36}/);
    const main = page.getByRole('main');
    await expect(main).toContainText('Attendance');
    await expect(main.locator('#spread svg[role="img"]')).toBeVisible();
    await page.locator('select[name="band"]').selectOption('solid');
    await page.locator('.roster-filter button').click();
    await expect(page).toHaveURL(/band=solid/);
    await page.goto(page.url().replace(/[?#].*/, ''));
    const worker = main.locator('#roster tbody a').first();
    const name = await worker.innerText();
    await worker.click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
    await expect(main).toContainText('This look is written down');
    await expect(main.locator('#why-it-moved')).toBeVisible();
  });
});

test('the bars of the spread are as many people as the roster has with a score', async ({ page }) => {
  await signIn(page, 'supervisor');
  await page.goto('/team');
  if (!/\/team\/./.test(page.url())) await page.locator('#sites tbody a').first().click();
  const counts = await page.locator('#spread .bin-count').allTextContents();
  const total = counts.map(Number).reduce((sum, count) => sum + count, 0);
  expect(total).toBeGreaterThan(0);
  // The roster has several pages.
  let people = await page.locator('#roster .band-badge').count();
  for (let next = 2; people < total; next += 1) {
    await page.goto(`${page.url().split(/[?#]/)[0]}?page=${next}`);
    const here = await page.locator('#roster .band-badge').count();
    expect(here).toBeGreaterThan(0);
    people += here;
  }
  expect(people).toBe(total);
  await page.goto(`${page.url().split(/[?#]/)[0]}?page=99`);
  await expect(page.locator('#roster .band-badge')).toHaveCount(0);
});

test('the team and a worker of it: no noise, nothing for axe, nothing sideways on a phone', async ({ page }) => {
  const quiet = expectQuiet(page);
  await signIn(page, 'supervisor');
  await page.goto('/team');
  const list = page.url();
  if (!/\/team\/./.test(list)) await page.locator('#sites tbody a').first().click();
  const team = page.url();
  const worker = await page.locator('#roster tbody a').first().getAttribute('href');
  for (const address of new Set([list, team, worker!])) {
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

test('a site that is not there is not found, and an absurd filter is refused in words', async ({ page }) => {
  await signIn(page, 'supervisor');
  await page.goto('/team');
  if (!/\/team\/./.test(page.url())) await page.locator('#sites tbody a').first().click();
  const team = page.url().replace(/[?#].*/, '');
  expect((await page.goto('/team/nowhere'))?.status()).toBe(404);
  expect((await page.goto(`${team}?band=best`))?.status()).toBe(400);
  await expect(page.getByRole('main')).toContainText('needs_support');
});
