import { readFile } from 'node:fs/promises';
import { type Page, expect, test } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll, expectQuiet, signIn } from './people';

/** An amount as the page says it, in hundredths. */
function cents(text: string): number {
  const found = text.replaceAll('−', '-').match(/-?[\d,]+\.\d\d/);
  return Math.round(Number(found![0].replaceAll(',', '')) * 100);
}

const pages = ['/financial', '/financial/payroll', '/financial/placements'];
const commerce = ['/financial/revenue', '/financial/orders', '/financial/partners', '/financial/customers'];

async function table(page: Page, card: string, column: number): Promise<number[]> {
  // The last table: a chart has one of its own above it, with whole numbers.
  const rows = page.locator(`#${card}`).locator('table').last().locator('tbody tr');
  const cells = await rows.locator(`> :nth-child(${column})`).allInnerTexts();
  return cells.map(cents);
}

/** Every row of a CSV file by its headings. */
function csv(text: string): Record<string, string>[] {
  const line = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r?\n|$)/y;
  const rows: string[][] = [[]];
  const whole = text.replace(/^\uFEFF/, '').trimEnd();
  while (line.lastIndex < whole.length) {
    const [, field, end] = line.exec(whole)!;
    rows.at(-1)!.push(field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field);
    if (end.endsWith('\n')) rows.push([]);
  }
  const [heads, ...body] = rows;
  return body.map((row) => Object.fromEntries(heads.map((head, at) => [head, row[at] ?? ''])));
}

/** A table of the open page as CSV, read again. */
async function file(page: Page, name: string): Promise<Record<string, string>[]> {
  const link = page.getByRole('main').getByRole('link', { name, exact: true });
  const answer = await page.request.get((await link.getAttribute('href'))!);
  expect(answer.headers()['content-type']).toContain('text/csv');
  return csv(await answer.text());
}

/** The sum of the column of a file whose heading begins so, in hundredths. */
function summed(rows: Record<string, string>[], heading: string): number {
  const column = Object.keys(rows[0]).find((it) => it === heading || it.startsWith(`${heading} (`))!;
  return rows.map((row) => Math.round(100 * Number(row[column]))).reduce((a, b) => a + b, 0);
}

/** What the row of all together says in a column of a card's last table, in hundredths. */
async function together(page: Page, card: string, column: number): Promise<number> {
  const rows = page.locator(`#${card}`).locator('table').last().locator('tbody tr');
  await expect(rows.first().locator('th')).toHaveText('All together');
  const text = (await rows.first().locator(`> :nth-child(${column})`).textContent())!;
  return Math.round(100 * Number(text.replaceAll('−', '-').replaceAll(',', '')));
}

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('revenue: the proof reads nought, and the file is the page', async ({ page }) => {
    await signIn(page, 'finance');
    await page.goto('/financial/revenue');
    const main = page.getByRole('main');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Revenue');
    await expect(main.locator('#proof .commerce-difference strong')).toHaveText(/^0\.00 [A-Z]{3}$/);
    await expect(main.locator('#proof')).toContainText('The order book and the payments agree.');
    const days = await file(page, 'days');
    const gross = await together(page, 'course', 3);
    expect(gross).toBeGreaterThan(0);
    expect(summed(days, 'Orders')).toBe(await together(page, 'course', 2));
    expect(summed(days, 'Gross')).toBe(gross);
    expect(summed(days, 'Refunds')).toBe(await together(page, 'course', 4));
    expect(summed(days, 'Net')).toBe(await together(page, 'course', 5));
    expect(summed(await file(page, 'categories'), 'Gross')).toBe(gross);
    expect(summed(await file(page, 'methods'), 'Received')).toBe(await together(page, 'methods', 2));
    const proof = await file(page, 'proof');
    expect(Number(proof.find((row) => row.Line === 'Difference')![Object.keys(proof[0])[1]])).toBe(0);
    const first = main.locator('.tile').first();
    await expect(first.locator('.tile-label')).toHaveText('Gross revenue');
    expect(cents(await first.locator('.tile-value').innerText())).toBe(gross);
  });

  test('orders: by day, by category and by the hour they are the same orders, on the page and in the file', async ({ page }) => {
    await signIn(page, 'finance');
    await page.goto('/financial/orders');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Orders');
    const orders = await together(page, 'course', 2);
    expect(orders).toBeGreaterThan(0);
    expect(await together(page, 'categories', 2)).toBe(orders);
    const heat = await page.locator('#week .heat-sum').allTextContents();
    expect(heat.reduce((sum, text) => sum + 100 * Number(text.replaceAll(',', '')), 0)).toBe(orders);
    expect(summed(await file(page, 'days'), 'Placed')).toBe(orders);
    const categories = await file(page, 'categories');
    expect(summed(categories, 'Orders')).toBe(orders);
    expect(summed(categories, 'Completed')).toBe(await together(page, 'categories', 4));
    expect(summed(await file(page, 'week'), 'Orders')).toBe(orders);
    expect(100 * (await file(page, 'list')).length).toBe(orders);
  });

  test('partners and customers: the row of all together is the sum of the file', async ({ page }) => {
    await signIn(page, 'finance');
    await page.goto('/financial/partners');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Partners');
    const partners = await file(page, 'partners');
    const received = await together(page, 'partners', 2);
    expect(received).toBeGreaterThan(0);
    expect(summed(partners, 'Received')).toBe(received);
    expect(summed(partners, 'Gross')).toBe(await together(page, 'partners', 11));
    const names = await page.locator('#partners tbody tr:not(:first-child) th').allTextContents();
    expect(partners.map((row) => row.Partner)).toEqual(names);
    await page.goto('/financial/customers');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Customers');
    const segments = await file(page, 'segments');
    const customers = await together(page, 'segments', 3);
    expect(customers).toBeGreaterThan(0);
    expect(summed(segments, 'Customers')).toBe(customers);
    expect(summed(segments, 'At risk')).toBe(await together(page, 'segments', 5));
    expect(summed(segments, 'Paid less refunds')).toBe(await together(page, 'segments', 7));
    expect(summed(segments, 'Lifetime value')).toBe(await together(page, 'segments', 8));
    expect(summed(await file(page, 'sources'), 'New customers')).toBe(await together(page, 'sources', 2));
    expect(100 * (await file(page, 'customers')).length).toBe(customers);
  });

  test('finance closes the month: total, kinds, sites, one site, payroll, files', async ({ page }) => {
    await signIn(page, 'finance');
    await page.goto('/financial');
    const main = page.getByRole('main');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Financial');
    await expect(main).toContainText(/As of \d\d:\d\d/);
    const spent = cents(await main.locator('.tile', { hasText: 'Spent' }).locator('.tile-value').innerText());
    expect(spent).toBeGreaterThan(0);
    // The kinds add up to what was spent, to the last hundredth; the last row says so.
    const kinds = await table(page, 'kinds-card', 2);
    expect(kinds.at(-1)).toBe(spent);
    expect(kinds.slice(0, -1).reduce((a, b) => a + b)).toBe(spent);
    // So do the sites, all of which fit on a page of the demo.
    const sites = await table(page, 'sites', 2);
    expect(sites[0]).toBe(spent);
    expect(sites.slice(1).reduce((a, b) => a + b)).toBe(spent);
    // A site is its own page, with its own total.
    const link = main.locator('#sites tbody th a').first();
    const name = await link.innerText();
    const row = cents(await main.locator('#sites tbody tr', { hasText: name }).locator('td').first().innerText());
    await link.click();
    await expect(page).toHaveURL(/site=/);
    expect(cents(await main.locator('.tile', { hasText: 'Spent' }).locator('.tile-value').innerText())).toBe(row);
    // The payroll is the pay of the sites.
    await page.goto('/financial');
    await main.getByRole('link', { name: 'Payroll', exact: true }).click();
    await expect(main.locator('#reconciled')).toContainText('0.00');
    await expect(main.locator('#reconciled')).toContainText('It must be nought, and is.');
    const pay = cents(await main.locator('.tile').first().locator('.tile-value').innerText());
    expect(pay).toBe(kinds.slice(0, 4).reduce((a, b) => a + b));
    // Somebody is found by name, and only they.
    const person = await main.locator('#payroll tbody tr:nth-child(2) th').innerText();
    await main.locator('.filters summary').click();
    await main.locator('input[name="q"]').fill(person);
    await main.getByRole('button', { name: 'Show' }).click();
    await expect(page).toHaveURL(/q=/);
    for (const found of await main.locator('#payroll tbody tr:not(:first-child) th').allInnerTexts()) {
      expect(found.toLowerCase()).toContain(person.toLowerCase());
    }
    // The files.
    await page.goto('/financial');
    const download = page.waitForEvent('download');
    await main.getByRole('link', { name: 'All tables (XLSX)' }).click();
    const file = await download;
    expect(file.suggestedFilename()).toMatch(/-financial-\d{4}-\d\d\.xlsx$/);
    const bytes = await readFile((await file.path())!);
    expect(bytes.subarray(0, 4).toString('latin1')).toBe('PK\u0003\u0004');
    const pdf = await page.request.get((await main.getByRole('link', { name: 'PDF' }).getAttribute('href'))!);
    expect(pdf.headers()['content-type']).toBe('application/pdf');
  });
});

for (const [name, paths] of [['the pages', pages], ['the pages of orders and their money', commerce]] as const) {
  test(`${name}: no noise, nothing for axe, nothing sideways on a phone`, async ({ page }) => {
    const quiet = expectQuiet(page);
    await signIn(page, 'finance');
    for (const path of paths) {
      await page.setViewportSize({ width: 1440, height: 900 });
      await page.goto(path);
      for (const summary of await page.getByRole('main').locator('details:not([open]) > summary').all()) {
        if (await summary.isVisible()) await summary.click();
      }
      await expectAccessible(page);
      await page.setViewportSize({ width: 390, height: 844 });
      await page.goto(path);
      await expectNoSidewaysScroll(page);
    }
    quiet();
  });
}

test('a month stays in the address from page to page, and a table as CSV is what the page shows', async ({ page }) => {
  await signIn(page, 'finance');
  await page.goto('/financial');
  const month = await page.locator('select[name="month"] option').nth(1).getAttribute('value');
  await page.goto(`/financial?month=${month}`);
  await page.getByRole('navigation', { name: 'Financial pages' }).getByRole('link', { name: 'Payroll' }).click();
  await expect(page).toHaveURL(new RegExp(`month=${month}`));
  const first = await page.locator('#payroll tbody tr:nth-child(2) th').innerText();
  const href = await page.locator('#payroll').getByRole('link', { name: 'as CSV' }).getAttribute('href');
  const answer = await page.request.get(href!);
  expect(answer.headers()['content-type']).toContain('text/csv');
  const lines = (await answer.text()).split('\r\n');
  expect(lines[0]).toContain('Employee number');
  expect(lines[1]).toContain(first);
});

test('an executive sees sums and no pay by name, and the others have no such page', async ({ page }) => {
  await signIn(page, 'executive');
  expect((await page.goto('/financial/payroll'))?.status()).toBe(200);
  await expect(page.locator('#payroll')).toHaveCount(0);
  await expect(page.locator('#roles')).toBeVisible();
  expect((await page.request.get('/financial/export.csv?table=payroll')).status()).toBe(403);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await signIn(page, 'supervisor');
  for (const path of [...pages, ...commerce, '/financial/export.xlsx', '/financial/report.pdf']) {
    expect((await page.request.get(path)).status(), path).toBe(403);
  }
});
