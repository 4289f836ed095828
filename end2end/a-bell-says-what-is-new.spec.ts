import { type Page, expect, test } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll, expectQuiet, signIn } from './people';

const bell = (page: Page) => page.getByRole('link', { name: /^Notifications, / });

/** What the bell says is unread. */
async function unread(page: Page): Promise<number> {
  const name = (await bell(page).getAttribute('aria-label')) ?? '';
  return Number(/(\d+) (?:or more )?unread/.exec(name)?.[1] ?? 0);
}

/** Thanks somebody by the form of the page shown; false: there were thanks between the two this week already. */
async function thank(page: Page, name: string, words: string): Promise<boolean> {
  const form = page.locator('form[action="/fn/give_kudos"]');
  if (!(await form.isVisible())) await page.locator('#kudos summary', { hasText: 'Thank somebody' }).click();
  await form.locator('select[name="to"]').selectOption({ label: name });
  await form.locator('select[name="category"]').selectOption('safety');
  await form.locator('textarea[name="message"]').fill(words);
  await form.locator('button[type="submit"]').click();
  return (await page.locator('#kudos').getByRole('status').count()) > 0;
}

// One after the other: both look at what the same worker has not read.
test.describe.configure({ mode: 'serial' });

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('who is thanked sees it at the bell until it is read', async ({ page: worker, browser }) => {
    await signIn(worker, 'worker');
    await worker.goto('/me');
    const other = await browser.newContext({ javaScriptEnabled: false });
    const supervisor = await other.newPage();
    await signIn(supervisor, 'supervisor');
    await supervisor.goto('/me');
    const nameOf = async (page: Page) => (await page.locator('.page-lead').innerText()).split(' · ')[0];
    const [from, to] = [await nameOf(supervisor), await nameOf(worker)];

    const before = [await unread(worker), await unread(supervisor)];
    const words = 'Thank you for the torch in the rain.';
    const thanked = (await thank(supervisor, to, words)) ? worker : supervisor;
    if (thanked === supervisor) expect(await thank(worker, from, words)).toBe(true);
    const was = before[thanked === worker ? 0 : 1];

    await thanked.goto('/me');
    expect(await unread(thanked)).toBe(was + 1);
    await bell(thanked).click();
    await expect(thanked).toHaveURL(/\/notifications$/);
    const news = thanked.locator('.news-one').first();
    await expect(news).toHaveClass(/unread/);
    await news.getByRole('button', { name: /thanked you: safety/ }).click();
    await expect(thanked).toHaveURL(/\/me#kudos$/);
    await expect(thanked.locator('#kudos')).toContainText(words);
    expect(await unread(thanked)).toBe(was);
    await other.close();
  });

  test('what is muted can be wanted again', async ({ page }) => {
    await signIn(page, 'worker');
    await page.goto('/notifications');
    await page.getByRole('button', { name: 'Mute: Team challenges' }).click();
    await expect(page.getByRole('status')).toContainText('you will not be told of these');
    await page.getByRole('button', { name: 'Tell me again: Team challenges' }).click();
    await expect(page.getByRole('button', { name: 'Mute: Team challenges' })).toBeVisible();
  });
});

test('the list is accessible and fits a phone', async ({ page }) => {
  const quiet = expectQuiet(page);
  await signIn(page, 'worker');
  await page.goto('/notifications');
  await expectAccessible(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  quiet();
});
