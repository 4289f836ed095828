import { type Page, expect, test } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll, expectQuiet, signIn } from './people';

// One after the other: a shift is given once.
test.describe.configure({ mode: 'default' });

const notice = (page: Page) => page.getByRole('main').getByRole('status').or(page.getByRole('main').getByRole('alert')).first();
const number = (page: Page, label: string) =>
  page.locator('.tile').filter({ has: page.locator(`.tile-label:text-is("${label}")`) }).locator('.tile-value').first();

/** The day so many days from now where the sites are: in the evening of UTC that is already the next. */
const there = (days: number) =>
  new Date(Date.now() + days * 86_400_000).toLocaleDateString('sv-SE', { timeZone: 'Africa/Johannesburg' });

/** `2026-W48` of the day so many days from now. */
function week(days: number): string {
  const day = new Date(`${there(days)}T00:00Z`);
  day.setUTCDate(day.getUTCDate() + 4 - (day.getUTCDay() || 7));
  const first = Date.UTC(day.getUTCFullYear(), 0, 1);
  const nth = Math.ceil(((day.getTime() - first) / 86_400_000 + 1) / 7);
  return `${day.getUTCFullYear()}-W${String(nth).padStart(2, '0')}`;
}

/** A shift at the first site that begins tomorrow at ten, and the value of that site. */
async function addShift(page: Page): Promise<{ site: string; days: number }> {
  const tomorrow = there(1);
  await page.goto('/operations');
  await page.locator('#add summary').click();
  const form = page.locator('form[action="/fn/add_shift"]');
  const site = (await form.locator('select[name="site"] option').first().getAttribute('value'))!;
  await form.locator('select[name="site"]').selectOption(site);
  await form.locator('input[name="starts"]').fill(`${tomorrow}T10:00`);
  await form.locator('input[name="ends"]').fill(`${tomorrow}T12:00`);
  await form.getByRole('button', { name: 'Add the shift' }).click();
  await expect(notice(page)).toContainText('The shift is added');
  return { site, days: 1 };
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled });

    test('a roster is proposed, changed by hand and confirmed, and the board shows it', async ({ page }) => {
      const quiet = expectQuiet(page);
      await signIn(page, 'scheduler');
      const { site, days } = await addShift(page);
      await page.goto('/operations');
      await page.getByRole('link', { name: 'Make a roster for a week' }).click();
      await page.locator('select[name="site"]').selectOption(site);
      await page.locator('select[name="week"]').selectOption(week(days));
      await page.getByRole('button', { name: 'Show the week' }).click();
      const open = Number(await number(page, 'Open shifts').innerText());
      expect(open).toBeGreaterThan(0);
      await page.getByRole('button', { name: /^Propose a roster for/ }).click();

      await expect(page).toHaveURL(/\/operations\/roster\/[0-9a-f-]{36}/);
      const before = parseFloat(await number(page, 'Quality').innerText());
      expect(before).toBeGreaterThan(0);
      expect(before).toBeLessThanOrEqual(100);
      const weights = (await page.locator('#quality tbody tr > *:nth-child(3)').allInnerTexts()).map(Number);
      expect(Math.abs(weights.reduce((sum, it) => sum + it, 0) - 100), 'the weights add up').toBeLessThanOrEqual(3);
      await expect(page.locator('#lines tbody tr')).toHaveCount(open);

      // The first line with somebody is given to the best suited other one.
      const changes = page.locator('#lines tbody tr').filter({ hasNotText: 'Nobody can have it' }).getByRole('link', { name: /^Change/ });
      if ((await changes.count()) > 0) {
        await changes.first().click();
        const other = page.locator('#change .picks li').first();
        const name = await other.locator('.entry-name').innerText();
        await other.locator('input[type="radio"]').check();
        await page.locator('#change textarea[name="reason"]').fill('knows the client');
        await page.getByRole('button', { name: 'Change the line' }).click();
        await expect(notice(page)).toContainText(name === 'Nobody' ? 'left open' : `${name} has the shift`);
        await expect(page.locator('#lines')).toContainText('knows the client');
        const after = parseFloat(await number(page, 'Quality').innerText());
        expect(after, 'a change by hand is in the quality').not.toBe(before);
      }
      await page.getByRole('button', { name: /^Confirm and tell everybody/ }).click();
      await expect(notice(page)).toContainText('everybody has been told');
      await expect(page.locator('.page-lead')).toContainText('Confirmed by');
      const given = (await page.locator('#lines tbody tr').filter({ hasNotText: /Nobody/ }).count());
      await page.goto(`/operations/roster?site=${site}&week=${week(days)}`);
      await expect(number(page, 'Open shifts')).toHaveText(String(open - given));
      quiet();
    });
  });
}

test('the pages are accessible and fit a phone', async ({ page }) => {
  await signIn(page, 'scheduler');
  const { site, days } = await addShift(page);
  await page.goto(`/operations/roster?site=${site}&week=${week(days)}`);
  await expectAccessible(page);
  await page.getByRole('button', { name: /^Propose a roster for/ }).click();
  await expect(page).toHaveURL(/\/operations\/roster\/[0-9a-f-]{36}/);
  await expectAccessible(page);
  const proposal = page.url();
  await page.getByRole('link', { name: /^Change/ }).first().click();
  await expect(page.locator('#change')).toBeVisible();
  await expectAccessible(page);
  await page.setViewportSize({ width: 390, height: 844 });
  for (const url of [page.url(), proposal, `/operations/roster?site=${site}&week=${week(days)}`]) {
    await page.goto(url);
    await expectNoSidewaysScroll(page);
  }
  await page.goto(proposal);
  await page.getByRole('button', { name: 'Discard' }).click();
  await expect(notice(page)).toContainText('The proposal is discarded');
});
