import { expect, test } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll, expectQuiet, performance, signIn, sum } from './people';

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('a worker finds the score, its components and a drawn chart with its numbers', async ({ page }) => {
    await signIn(page, 'worker');
    await page.goto('/me');
    const { bpi, components } = await performance(page);
    const main = page.getByRole('main');
    await expect(main).toContainText(bpi!.toFixed(1));
    for (const { contribution } of components.filter(({ score }) => score !== null)) {
      await expect(main).toContainText(contribution!.toFixed(1));
    }
    const chart = main.locator('figure svg[role="img"]').first();
    await expect(chart).toBeVisible();
    expect(await chart.locator('path, polyline, rect').count()).toBeGreaterThan(0);
    expect(await chart.locator('title').first().textContent()).toMatch(/\w/);
    expect(await chart.locator('desc').first().textContent()).toMatch(/\w/);
    await main.locator('details:has(table) > summary').first().click();
    await expect(main.locator('details[open] table').first()).toBeVisible();
  });
});

test('the contributions of the five components add up to the score', async ({ page }) => {
  await signIn(page, 'worker');
  const { bpi, components } = await performance(page);
  expect(components).toHaveLength(5);
  expect(sum(components.map(({ contribution }) => contribution ?? 0))).toBeCloseTo(bpi!, 9);
});

test('the lines of why it moved add up to the change', async ({ page }) => {
  await signIn(page, 'worker');
  const { why } = await performance(page);
  expect(why.lines.length).toBeGreaterThan(0);
  expect(sum(why.lines.map(({ delta }) => delta))).toBeCloseTo(why.delta, 9);
});

test('with JavaScript the chart becomes an interactive one of the same size, without a sound', async ({ page }) => {
  const quiet = expectQuiet(page);
  await signIn(page, 'worker');
  await page.goto('/me');
  const chart = page.locator('[_echarts_instance_]').first();
  await page.getByRole('main').locator('figure').first().scrollIntoViewIfNeeded();
  await expect(chart).toBeVisible();
  await expect(chart.locator('svg').first()).toBeVisible();
  quiet();
});

test('on a phone nothing scrolls sideways', async ({ page }) => {
  await signIn(page, 'worker');
  for (const width of [360, 390]) {
    await page.setViewportSize({ width, height: 844 });
    await page.goto('/me');
    await page.getByRole('main').locator('figure').first().scrollIntoViewIfNeeded();
    await expect(page.locator('[_echarts_instance_]').first()).toBeVisible();
    await expectNoSidewaysScroll(page);
  }
});

test('axe finds nothing, light and dark, with everything unfolded', async ({ page }) => {
  await signIn(page, 'worker');
  await page.goto('/me');
  await expect(page.getByRole('main')).toBeVisible();
  for (const summary of await page.getByRole('main').locator('details:not([open]) > summary').all()) {
    if (await summary.isVisible()) await summary.click();
  }
  await expectAccessible(page);
});

test('an absurd span of days is refused in words', async ({ page }) => {
  await signIn(page, 'worker');
  for (const days of ['0', '-3', '6', '366', '99999999999999999999', 'seven']) {
    const refused = await page.goto(`/me?days=${days}`);
    expect(refused?.status(), days).toBeLessThan(500);
    await expect(page.getByRole('main')).toContainText(/7.*365/);
  }
});
