import { readFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll, expectQuiet, signIn } from './people';

const FIVE = ['Shifts filled', 'Work in time', 'Satisfaction', 'Incidents', 'How your service stands'];

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('a client reads how the service stands, looks at one site, and takes the month along', async ({ page }) => {
    await signIn(page, 'client');
    await page.goto('/client');
    const main = page.getByRole('main');
    for (const label of FIVE) await expect(main.locator('.tile-label', { hasText: new RegExp(`^${label}$`) })).toHaveCount(1);
    await expect(main.locator('figure svg[role="img"]').first()).toBeVisible();

    // The first line of the table is the tiles; the others add up to it.
    const filled = (text: string) => text.match(/(\d[\d,]*) of (\d[\d,]*)/)!.slice(1).map((part) => Number(part.replaceAll(',', '')));
    const rows = await main.locator('#sites table.data tbody tr').allInnerTexts();
    expect(rows.length).toBeGreaterThan(1);
    const tile = main.locator('.tile', { has: page.locator('.tile-label', { hasText: /^Shifts filled$/ }) });
    expect(filled(rows[0])).toEqual(filled(await tile.innerText()));
    const sums = rows.slice(1).map((row) => row.match(/(\d[\d,]*) of (\d[\d,]*)/)).filter((it) => it !== null).map((it) => filled(it[0]));
    expect([sums.reduce((sum, it) => sum + it[0], 0), sums.reduce((sum, it) => sum + it[1], 0)]).toEqual(filled(rows[0]));

    const link = main.locator('#sites tbody a').first();
    const name = await link.innerText();
    await link.click();
    await expect(page).toHaveURL(/site=[0-9a-f-]{36}/);
    await expect(main.locator('#sites tbody tr')).toHaveCount(2);
    await expect(main.locator('#sites')).toContainText(name);

    await page.goto('/client');
    const download = page.waitForEvent('download');
    await main.getByRole('button', { name: 'Download PDF' }).click();
    const file = await download;
    expect(file.suggestedFilename()).toMatch(/^demo-.+-\d{4}-\d\d\.pdf$/);
    const bytes = await readFile(await file.path());
    expect(bytes.subarray(0, 7).toString('latin1')).toBe('%PDF-1.');
    expect(bytes.subarray(-6).toString('latin1')).toContain('%%EOF');
  });
});

test('a client is shown nobody: no view but the own, no name, no score, no site of others', async ({ page }) => {
  // What hr sees by name is nowhere in what the client sees.
  await signIn(page, 'hr');
  await page.goto('/people?certs=current');
  const names = await page.locator('#reliable .performer-name, #certifications table.data tbody th a').allInnerTexts();
  expect(names.length).toBeGreaterThan(5);
  await page.getByRole('button', { name: 'Sign out' }).click();

  await signIn(page, 'client');
  await page.goto('/client');
  const html = await page.content();
  expect(names.filter((name) => html.includes(name))).toEqual([]);
  expect(html).not.toMatch(/BPI|hourly|ZAR/);
  expect(await page.getByRole('navigation', { name: 'Views' }).getByRole('link').allInnerTexts()).toEqual(['Client portal']);
  const others = ['/team', '/coaching', '/people', '/people/export.csv', '/compliance', '/compliance/export.xlsx', '/operations', '/executive', '/executive/report.pdf?quarter=2026-Q3', '/admin', '/me', '/api/v1/performance/kudos'];
  for (const address of others) expect((await page.request.get(address)).status(), address).toBe(403);
  const nobodys = '00000000-0000-7000-8000-000000000000';
  for (const address of [`/client?site=${nobodys}`, `/client/report.pdf?month=2026-01&site=${nobodys}`]) {
    expect((await page.request.get(address)).status(), address).toBe(403);
  }
});

test('the client’s page: no noise, nothing for axe in both themes, nothing sideways on a phone', async ({ page }) => {
  const quiet = expectQuiet(page);
  await signIn(page, 'client');
  for (const address of ['/client', '/client?from=2019-01-01&to=2019-01-31', '/privacy']) {
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
