import { expect, test } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll, expectQuiet, signIn } from './people';

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('hr sees how nights are shared, asks the monitor, and finds who must renew', async ({ page }) => {
    await signIn(page, 'hr');
    await page.goto('/people');
    const main = page.getByRole('main');
    await expect(main.getByRole('heading', { level: 1 })).toHaveText('People');

    await main.locator('#sharing-card').getByRole('link', { name: 'Nights' }).click();
    await expect(page).toHaveURL(/share=nights/);
    await expect(main.locator('#sharing svg[role="img"]')).toBeVisible();
    await expect(main.locator('#sharing-said')).toContainText(/Gini 0\.\d\d/);
    await expect(main.locator('#gini-trend')).toBeVisible();

    await main.locator('#fairness select[name="of"]').selectOption('weekends');
    await main.locator('#fairness select[name="by"]').selectOption('tenure');
    await main.locator('#fairness form button').click();
    await expect(page).toHaveURL(/of=weekends/);
    await expect(page).toHaveURL(/share=nights/);
    await expect(main.locator('#fairness')).toContainText('A difference is a question, not a verdict.');
    await expect(main.locator('#fairness table.data').first()).toContainText('Three years or more');

    // A count is as long as its list.
    const choice = main.locator('#certifications .choices a', { hasText: 'Current' });
    const count = (await choice.innerText()).match(/\(([\d,]+)\)/)![1];
    await choice.click();
    await expect(main.locator('#certifications table.data caption')).toContainText(`of ${count}`);
    await expect(main.locator('#certifications table.data tbody a').first()).toBeVisible();

    await expect(main.locator('#reliable .performer').first()).toContainText('on time');
    await expect(main.locator('#staying svg[role="img"]')).toBeVisible();
  });
});

test('a site is looked at by itself, and the table sorts by address', async ({ page }) => {
  await signIn(page, 'hr');
  await page.goto('/people');
  const main = page.getByRole('main');
  await main.locator('#sites').getByRole('link', { name: /Utilization/ }).click();
  await expect(page).toHaveURL(/sort=utilization/);
  const shares = (await main.locator('#sites tbody td:nth-of-type(3)').allInnerTexts()).map((text) => Number.parseFloat(text)).filter((share) => !Number.isNaN(share));
  expect(shares).toEqual([...shares].sort((a, b) => b - a));
  const site = main.locator('#sites tbody a').first();
  const name = await site.innerText();
  await site.click();
  await expect(main.locator('#sharing-card')).toContainText(`the people of ${name}`);
});

test('an executive sees the same page and nobody by name', async ({ page }) => {
  await signIn(page, 'hr');
  await page.goto('/people?certs=current');
  const names = await page.locator('#reliable .performer-name, #certifications table.data tbody th a, #churn-risk .risk-name').allInnerTexts();
  expect(names.length).toBeGreaterThan(5);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await signIn(page, 'executive');
  await page.goto('/people?certs=current');
  const text = await page.getByRole('main').innerText();
  await expect(page.getByRole('main')).toContainText('nobody by name');
  expect(names.filter((name) => text.includes(name))).toEqual([]);
});

test('the tables are taken along as a workbook', async ({ page }) => {
  await signIn(page, 'hr');
  await page.goto('/people');
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'all tables (XLSX)' }).click();
  expect((await download).suggestedFilename()).toMatch(/-people-\d{4}-\d\d-\d\d-\d{4}-\d\d-\d\d\.xlsx$/);
});

test('no noise, nothing for axe in both themes, nothing sideways on a phone', async ({ page }) => {
  const quiet = expectQuiet(page);
  await signIn(page, 'hr');
  for (const address of ['/people', '/people?by=site&of=bpi&share=offers&certs=expired']) {
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
