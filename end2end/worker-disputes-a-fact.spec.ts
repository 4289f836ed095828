import { expect, test } from '@playwright/test';
import { expectAccessible, signIn } from './people';

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled });

    test('a worker says what is wrong, and finds the dispute waiting for the supervisor', async ({ page }) => {
      await signIn(page, 'worker');
      await page.goto('/me');
      const note = `The gate was locked until half past (${javaScriptEnabled ? 'a' : 'b'}${Date.now()})`;
      const card = page.locator('#facts');
      // The two tests take different facts.
      const fact = card.locator('li:has(form[action="/fn/file_dispute"])').nth(javaScriptEnabled ? 0 : 2);
      await fact.locator('details > summary').click();
      await fact.locator('textarea[name="note"]').fill(note);
      await fact.locator('button[type="submit"]').click();
      await expect(page).toHaveURL(/\/me#facts$/);
      await expect(card.getByRole('status').or(card.getByRole('alert')).first()).toContainText(/filed/);
      const filed = card.locator('li', { hasText: note });
      await expect(filed).toContainText(/waits for your supervisor/);
      if (javaScriptEnabled) await expectAccessible(page);
      await page.reload();
      await expect(card.locator('li', { hasText: note }), 'it is told once, and kept').toHaveCount(1);
    });
  });
}

test('a fact that is not recorded for the worker cannot be disputed', async ({ page }) => {
  await signIn(page, 'worker');
  await page.goto('/me');
  const somebody = '01900000-0000-7000-8000-000000000000';
  await page.locator('input[name="fact_id"]').first().evaluate((input: HTMLInputElement, id) => (input.value = id), somebody);
  const fact = page.locator('#facts li:has(form)').first();
  await fact.locator('details > summary').click();
  await fact.locator('textarea[name="note"]').fill('Not mine');
  await fact.locator('button[type="submit"]').click();
  await expect(page.locator('#facts')).toContainText(/not among what is recorded for you/i);
});
