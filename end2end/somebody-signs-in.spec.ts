import { expect, test } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll, expectQuiet, password, signIn } from './people';

test('a wrong password and an unknown address get the same answer', async ({ page }) => {
  const answers: string[] = [];
  for (const email of ['scheduler@demo.muster.test', 'nobody@demo.muster.test']) {
    await page.goto('/sign-in');
    await page.locator('input[name="email"]').fill(email);
    await page.locator('input[name="password"]').fill('not the password at all');
    await page.locator('form:has(input[name="password"]) button').click();
    await expect(page.locator('input[name="password"]')).toBeVisible();
    const alert = page.getByRole('alert');
    await expect(alert).not.toBeEmpty();
    answers.push(await alert.innerText());
  }
  expect(answers[0]).toBe(answers[1]);
});

test('the sign-in page is clean, small and accessible', async ({ page }) => {
  const quiet = expectQuiet(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('/sign-in');
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  quiet();
});

test('who is signed out is asked to sign in and then gets where they wanted to go', async ({ page }) => {
  await page.goto('/me');
  await expect(page).toHaveURL(/\/sign-in/);
  await page.locator('input[name="email"]').fill('worker@demo.muster.test');
  await page.locator('input[name="password"]').fill(password);
  await page.locator('form:has(input[name="password"]) button').click();
  await expect(page).toHaveURL(/\/me$/);
});

test('signing out ends the session', async ({ page, context }) => {
  await signIn(page, 'worker');
  const cookies = await context.cookies();
  await page.getByRole('button', { name: /sign out/i }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  await context.addCookies(cookies);
  await page.goto('/me');
  await expect(page, 'the old cookie opens nothing').toHaveURL(/\/sign-in/);
});

for (const role of ['worker', 'supervisor', 'scheduler', 'finance', 'hr', 'executive', 'client', 'admin', 'platform']) {
  test(`${role} gets to a page that is theirs`, async ({ page }) => {
    await signIn(page, role);
    const response = await page.goto('/');
    expect(response?.status()).toBe(200);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expectAccessible(page);
  });
}
