import { readFile, stat } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll, expectQuiet, signIn } from './people';

const sections = ['alerts', 'matrix', 'people', 'hours', 'incidents', 'trail'];

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('a supervisor reads what is to be acted on, opens each list and takes the file home', async ({ page }) => {
    await signIn(page, 'supervisor');
    await page.goto('/compliance');
    const main = page.getByRole('main');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Compliance');
    // A tile is its list.
    const tile = main.locator('.tile', { hasText: 'To act on' });
    const told = Number((await tile.locator('.tile-value').innerText()).replace(/\D/g, ''));
    await tile.getByRole('link').click();
    await expect(page).toHaveURL(/show=people/);
    if (told > 0) {
      const range = await main.locator('.compliance-range').last().innerText();
      expect(Number(range.replace(/.* of /, '').replace(/\D/g, ''))).toBe(told);
    }
    for (const section of sections) {
      await page.goto(`/compliance?show=${section}`);
      await expect(main.locator('.compliance-lists').first().locator('[aria-current]')).toHaveAttribute('href', new RegExp(`show=${section}`));
      await expect(main.locator('#list .card').first()).toBeVisible();
    }
    await page.goto('/compliance');
    const download = page.waitForEvent('download');
    await main.getByRole('link', { name: 'Export for an auditor' }).click();
    const file = await download;
    expect(file.suggestedFilename()).toMatch(/-compliance-\d{4}-\d\d-\d\d-\d{4}-\d\d-\d\d\.xlsx$/);
    const path = await file.path();
    expect((await stat(path)).size).toBeGreaterThan(5_000);
    // A workbook is a zip, whose end is written last.
    const bytes = await readFile(path);
    expect(bytes.subarray(0, 4).toString('latin1')).toBe('PK\u0003\u0004');
    expect(bytes.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1'))).toBeGreaterThan(bytes.length - 100);
  });
});

test('the lists: no noise, nothing for axe, nothing sideways on a phone', async ({ page }) => {
  const quiet = expectQuiet(page);
  await signIn(page, 'supervisor');
  for (const section of sections) {
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(`/compliance?show=${section}`);
    for (const summary of await page.getByRole('main').locator('details:not([open]) > summary').all()) {
      if (await summary.isVisible()) await summary.click();
    }
    await expectAccessible(page);
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`/compliance?show=${section}`);
    await expectNoSidewaysScroll(page);
  }
  quiet();
});

test('a table as CSV is what the page shows, and the filter stays in the address', async ({ page }) => {
  await signIn(page, 'hr');
  await page.goto('/compliance?show=people&kind=certification');
  const first = await page.locator('#people tbody tr').first().locator('th').innerText();
  const href = await page.locator('#people').getByRole('link', { name: 'as CSV' }).getAttribute('href');
  expect(href).toContain('kind=certification');
  const answer = await page.request.get(href!);
  expect(answer.headers()['content-type']).toContain('text/csv');
  const lines = (await answer.text()).split('\r\n');
  expect(lines[0]).toContain('Employee number');
  expect(lines[1]).toContain(first);
});

test('a worker has no such page, and a supervisor no foreign site, neither on the page nor in the files', async ({ page }) => {
  await signIn(page, 'worker');
  expect((await page.goto('/compliance'))?.status()).toBe(403);
  expect((await page.request.get('/compliance/export.xlsx')).status()).toBe(403);
  await page.goto('/me');
  await page.getByRole('button', { name: 'Sign out' }).click();

  await signIn(page, 'hr');
  await page.goto('/compliance');
  const sites = await page.locator('select[name="site"] option').evaluateAll((options) => options.map((option) => (option as HTMLOptionElement).value).filter((value) => value));
  expect(sites.length).toBeGreaterThan(1);
  await page.getByRole('button', { name: 'Sign out' }).click();

  await signIn(page, 'supervisor');
  const status = async (address: string) => (await page.request.get(address)).status();
  const answers = [];
  for (const site of sites) {
    const own = await status(`/compliance?site=${site}`);
    answers.push(own);
    expect(await status(`/compliance/export.csv?table=people&site=${site}`), site).toBe(own);
    expect(await status(`/compliance/export.xlsx?site=${site}`), site).toBe(own);
  }
  expect(new Set(answers)).toEqual(new Set([200, 403]));
});
