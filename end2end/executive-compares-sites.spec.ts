import { expect, test } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll, expectQuiet, signIn } from './people';

const SIX = ['Cost saved this month', 'Hours saved this week', 'Compliance rate', 'Fill rate', 'Active workers this week', 'Customer health'];

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('an executive reads six numbers, compares the sites and finds the team behind one', async ({ page }) => {
    await signIn(page, 'executive');
    await page.goto('/executive');
    const main = page.getByRole('main');
    for (const label of SIX) await expect(main.locator('.tile-label', { hasText: new RegExp(`^${label}$`) })).toHaveCount(1);
    // A light is a shape and a word, whatever its colour.
    for (const light of await main.locator('.light').allInnerTexts()) {
      expect(light).toMatch(/^(● on target|▲ watch|■ off target|○ no data)$/);
    }
    expect(await main.locator('.light').count()).toBeGreaterThanOrEqual(5);

    await main.locator('.executive-filter > summary').click();
    await main.locator('select[name="metric"]').selectOption('attendance');
    await main.locator('select[name="compare"]').selectOption('last_year');
    await main.locator('.executive-filter input[name="from"]').fill(await monthBefore(main.locator('.executive-filter input[name="from"]')));
    await main.locator('.executive-filter button').click();
    await expect(page).toHaveURL(/metric=attendance/);
    await expect(page).toHaveURL(/compare=last_year/);
    await expect(main.getByRole('heading', { name: 'Sites by attendance' })).toBeVisible();
    await expect(main.locator('#sites svg[role="img"]').first()).toBeVisible();

    const compared = page.url();
    const row = main.locator('#sites table.data tbody tr:has(a[href^="/team/"])').first();
    const [site, rate] = [await row.locator('a').innerText(), await row.locator('td').nth(2).innerText()];
    await row.locator('a').click();
    await expect(page).toHaveURL(/\/team\/[0-9a-f-]{36}\?from=/);
    const team = page.getByRole('main');
    await expect(page.getByRole('heading', { level: 1 })).toContainText(site);
    await expect(team.locator('.tile', { hasText: 'Attendance' }).first()).toContainText(rate.replace(/\s*%$/, ''));
    await expect(team.locator('#roster'), 'nobody is named').toHaveCount(0);
    await page.goBack();
    await expect(page).toHaveURL(compared);
    await expect(page.locator('select[name="metric"]')).toHaveValue('attendance');
  });

  test('a tile opens what it is the sum of', async ({ page }) => {
    await signIn(page, 'executive');
    await page.goto('/executive');
    const tile = page.locator('.tile', { has: page.locator('.tile-label', { hasText: /^Fill rate$/ }) });
    const value = (await tile.locator('.tile-value').innerText()).trim();
    await tile.getByRole('link').click();
    await expect(page.locator('#parts tbody tr').first()).toContainText('All together');
    await expect(page.locator('#parts tbody tr').first()).toContainText(value);
    const [filled, of] = (await page.locator('#parts tbody tr').first().innerText()).match(/(\d[\d,]*) of (\d[\d,]*)/)!.slice(1).map(plain);
    const lines = await page.locator('#parts tbody tr:not(:first-child)').allInnerTexts();
    const sums = lines.map((line) => line.match(/(\d[\d,]*) of (\d[\d,]*)/)).filter((it) => it !== null).map((it) => it.slice(1).map(plain));
    expect([sums.reduce((sum, it) => sum + it[0], 0), sums.reduce((sum, it) => sum + it[1], 0)]).toEqual([filled, of]);
  });
});

test('the numbers behind a chart stand in a table, and the chart says itself', async ({ page }) => {
  await signIn(page, 'executive');
  await page.goto('/executive');
  const chart = page.locator('figure', { has: page.locator('#sites-funnel') }).or(page.locator('figure#sites-funnel')).first();
  await chart.scrollIntoViewIfNeeded();
  await chart.locator('details summary').click();
  const named = await page.locator('#sites table.data tbody tr').count();
  await expect(chart.locator('table tbody tr')).toHaveCount(named);
  await expect(chart).toContainText(/outside what chance explains/);
});

test('the executive’s page: no noise, nothing for axe, nothing sideways on a phone, whole on paper', async ({ page }) => {
  const quiet = expectQuiet(page);
  await signIn(page, 'executive');
  for (const address of ['/executive', '/executive?metric=cost_per_shift&show=customer_health', '/executive?from=2019-01-01&to=2019-01-31']) {
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
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto('/executive');
  await page.emulateMedia({ media: 'print' });
  await expect(page.locator('.tile').first()).toBeVisible();
  await expect(page.locator('.executive-filter button'), 'there is nothing to press on paper').toBeHidden();
  quiet();
});

const plain = (text: string) => Number(text.replaceAll(',', ''));

/** A date four weeks before the one a field holds. */
async function monthBefore(field: import('@playwright/test').Locator): Promise<string> {
  const day = new Date(`${await field.inputValue()}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() - 28);
  return day.toISOString().slice(0, 10);
}
