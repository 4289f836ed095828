import { type Page, expect, test } from '@playwright/test';
import { expectAccessible, signIn } from './people';

async function thank(page: Page, nth: number, message: string) {
  await page.goto('/me');
  const form = page.locator('form[action="/fn/give_kudos"]');
  await form.locator('select[name="to"]').selectOption({ index: nth });
  await form.locator('select[name="category"]').selectOption('teamwork');
  await form.locator('textarea[name="message"]').fill(message);
  await form.locator('button[type="submit"]').click();
  await expect(page).toHaveURL(/\/me#kudos$/);
}

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('a worker thanks a colleague, once a week, and cannot thank more', async ({ page }) => {
    await signIn(page, 'worker');
    const card = page.locator('#kudos');
    await thank(page, 1, 'Thank you for staying until the relief came.');
    await expect(card.getByRole('status')).toBeVisible();
    await thank(page, 1, 'And once more.');
    await expect(card.getByRole('alert')).toContainText(/again from/);
    await expect(card.locator('textarea[name="message"]'), 'what was typed is not lost').toHaveValue('And once more.');
  });
});

test('the form for kudos is accessible, also when it refuses', async ({ page }) => {
  await signIn(page, 'worker');
  await thank(page, 2, 'Thank you for the spare radio.');
  await thank(page, 2, 'And once more.');
  await expect(page.locator('#kudos').getByRole('alert')).toBeVisible();
  await expectAccessible(page);
});
