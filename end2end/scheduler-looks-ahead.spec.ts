import { type Browser, type Page, expect, test } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll, expectQuiet, signIn } from './people';

// One after the other: all of them count the same shifts.
test.describe.configure({ mode: 'default' });

const tile = (page: Page, name: string) => page.locator('#figures .tile').filter({ has: page.locator(`.tile-label:text-is("${name}")`) }).locator('.tile-value');
const count = async (page: Page, name: string) => Number((await tile(page, name).innerText()).replace(/\s/g, ''));
const said = (page: Page) => page.locator('#live .live-said');

async function openBoard(page: Page, query = '') {
  await signIn(page, 'scheduler');
  await page.goto(`/operations${query}`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Operations');
}

/** Chooses a site as anybody does, and gives its id. */
async function choose(page: Page, site: string): Promise<string> {
  const filter = page.locator('details.filters');
  await filter.locator('summary').click();
  await filter.getByLabel('Site').selectOption({ label: site });
  await filter.getByRole('button', { name: 'Show' }).click();
  await expect(filter.locator('summary')).toContainText(site);
  return new URL(page.url()).searchParams.get('site') ?? '';
}

/** So many hours from now, as the field of a site in Johannesburg takes it. */
function local(hours: number): string {
  return new Date(Date.now() + (hours + 2) * 3_600_000).toISOString().slice(0, 16);
}

/** Adds a shift to the chosen site that begins in so many hours. */
async function add(page: Page, hours: number) {
  await page.locator('#add summary').click();
  const form = page.locator('#add form');
  await form.getByLabel('Begins').fill(local(hours));
  await form.getByLabel('Ends').fill(local(hours + 4));
  await form.getByRole('button', { name: 'Add the shift' }).click();
  await expect(page.locator('#said')).toContainText('The shift is added');
}

async function asWorker(browser: Browser) {
  const context = await browser.newContext({ timezoneId: 'Africa/Johannesburg' });
  const worker = await context.newPage();
  await signIn(worker, 'worker');
  await worker.goto('/me');
  const lead = (await worker.locator('.page-lead').innerText()).split(' · ');
  return { worker, name: lead[0], context };
}

test('a shift is added, offered and accepted, and whoever looks sees it happen', async ({ page, browser, context }) => {
  const quiet = expectQuiet(page);
  await openBoard(page);
  const sites = await page.locator('details.filters select[name="site"] option').count();
  expect(sites, 'a scheduler sees every site').toBeGreaterThan(2);
  const { worker, name, context: theirs } = await asWorker(browser);
  const site = await choose(page, 'Rosebank Mall');
  await expect(said(page)).toHaveText(/^Live · updated \d+ s ago$/);
  const before = await count(page, 'Unfilled');
  await page.evaluate(() => document.body.setAttribute('data-same', 'page'));

  // Another window of the scheduler.
  const desk = await context.newPage();
  await desk.goto(`/operations?site=${site}`);
  await add(desk, 44);
  await expect(tile(page, 'Unfilled'), 'it appears without a reload').toHaveText(String(before + 1));
  await expect(page.locator('body'), 'the page was not loaded again').toHaveAttribute('data-same', 'page');
  await expect(page.locator('#live [role=status]'), 'and it is said').toContainText('Unfilled: ', { timeout: 25_000 });

  // Weeks ahead nobody has worked too much yet: all are asked, the best suited first, until it is the turn of the demo's
  // worker, who is the only one with a login.
  await desk.goto(`/operations?site=${site}`);
  await add(desk, 24 * 45);
  const form = desk.url().split('#')[0];
  for (let asked = false; !asked; ) {
    const picks = desk.locator('#offer label.pick');
    asked = (await picks.filter({ hasText: name }).count()) > 0;
    for (const pick of await picks.all()) await pick.locator('input').check();
    await desk.getByRole('button', { name: 'Offer it to those ticked' }).click();
    await expect(desk.locator('#said')).toContainText('Offered to ');
    await desk.goto(form);
  }
  await worker.reload();
  const offers = worker.locator('#offers li');
  await expect(offers, 'the offer is on the own page').not.toHaveCount(0);
  await offers.filter({ hasText: 'Rosebank Mall' }).last().getByRole('button', { name: 'Accept' }).click();
  await expect(worker.locator('#offers')).toContainText('The shift is yours');
  await desk.goto(form);
  await expect(desk.locator('#offer')).toContainText('Somebody has the shift already');

  await page.getByRole('link', { name: 'Show it as it is now' }).click();
  await expect(page.locator('body')).not.toHaveAttribute('data-same', 'page');
  expect(await count(page, 'Unfilled')).toBe(before + 1);
  await expect(page.locator('#rows li').filter({ hasText: 'In less than 48 hours' })).not.toHaveCount(0);
  quiet();
  await theirs.close();
});

test('a hidden window is not told, and catches up when somebody looks again', async ({ page, context }) => {
  await openBoard(page);
  const site = await choose(page, 'Sandton Estate');
  await expect(said(page)).toHaveText(/^Live/);
  const before = await count(page, 'Unfilled');
  const look = (hidden: boolean) =>
    page.evaluate((hidden) => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);
  const desk = await context.newPage();
  await desk.goto(`/operations?site=${site}`);
  await expect(said(desk)).toHaveText(/^Live/);
  await look(true);
  await add(desk, 40);
  expect(await count(desk, 'Unfilled')).toBe(before + 1);
  expect(await count(page, 'Unfilled'), 'nobody looks').toBe(before);
  await look(false);
  await expect(tile(page, 'Unfilled')).toHaveText(String(before + 1));
});

test('where nothing comes through, it says so and the page can be reloaded', async ({ page }) => {
  await page.route('**/operations/live*', (route) => route.abort());
  await openBoard(page);
  await expect(said(page)).toHaveText('Reconnecting…');
  await expect(page.getByRole('link', { name: 'Reload to refresh' })).toBeVisible();
  await expectAccessible(page);
  await page.unroute('**/operations/live*');
  await expect(said(page)).toHaveText(/^Live/, { timeout: 20_000 });
  await expect(page.getByRole('link', { name: 'Reload to refresh' })).toBeHidden();
});

test('every list, and the form that offers, reads on a phone, in the light and in the dark', async ({ page }) => {
  await openBoard(page);
  for (const list of ['open', 'at-risk', 'shifts', 'there', 'available', 'certifications']) {
    await page.goto(`/operations?show=${list}`);
    await expect(said(page)).toHaveText(/^Live/);
    await expectAccessible(page);
    await page.setViewportSize({ width: 390, height: 844 });
    await expectNoSidewaysScroll(page);
    await page.setViewportSize({ width: 1440, height: 900 });
  }
  await page.goto('/operations');
  await page.getByRole('link', { name: 'Offer it' }).last().click();
  await expect(page.locator('#offer')).toBeVisible();
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
});

test('the numbers keep their place when they change', async ({ page }) => {
  await openBoard(page);
  await expect(said(page)).toHaveText(/^Live/);
  const boxes = () => page.locator('#figures .tile, #live, #add, #list').evaluateAll((parts) => parts.map((it) => it.getBoundingClientRect().top + it.getBoundingClientRect().height));
  const before = await boxes();
  await page.locator('#figures [data-live]').evaluateAll((places) => places.forEach((it) => (it.textContent = '1 234')));
  expect(await boxes()).toEqual(before);
});

test('without JavaScript it says of when it is and is reloaded by a link', async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await openBoard(page);
  await expect(page.locator('#live')).toContainText(/As of \d\d:\d\d:\d\d\. Reload to refresh/);
  const site = await choose(page, 'Claremont Clinic');
  const before = await count(page, 'Unfilled');
  await add(page, 30);
  expect(await count(page, 'Unfilled')).toBe(before + 1);
  await page.getByRole('link', { name: 'Reload to refresh' }).click();
  await expect(page).toHaveURL(new RegExp(`site=${site}`));
  expect(await count(page, 'Unfilled')).toBe(before + 1);
  await context.close();
});
