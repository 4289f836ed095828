import { type Page, expect, test } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll, expectQuiet, signIn } from './people';

// One after the other: they change the same company.
test.describe.configure({ mode: 'default' });

const notice = (page: Page) => page.getByRole('main').getByRole('status').or(page.getByRole('main').getByRole('alert')).first();

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled });

    test('somebody is added, signs in, changes role in an open session, and is shut out', async ({ page, browser }) => {
      const email = `thandi-${Date.now()}@demo.muster.test`;
      await signIn(page, 'admin');
      await page.goto('/admin');
      await page.locator('#admin-users').getByRole('link').click();
      const add = page.locator('#add form');
      await add.locator('input[name="name"]').fill('Thandi Mokoena');
      await add.locator('input[name="email"]').fill(email);
      await add.locator('select[name="role"]').selectOption('finance');
      await add.getByRole('button', { name: 'Add the user' }).click();
      const password = await page.locator('#once code').innerText();
      expect(password).toMatch(/^[a-z2-9]{5}(-[a-z2-9]{5}){3}$/);

      const context = await browser.newContext({ javaScriptEnabled });
      const thandi = await context.newPage();
      await thandi.goto('/sign-in');
      await thandi.locator('input[name="email"]').fill(email);
      await thandi.locator('input[name="password"]').fill(password);
      await thandi.locator('form:has(input[name="password"]) button').click();
      await expect(thandi).toHaveURL(/\/financial/);

      await page.getByRole('link', { name: 'Done' }).click();
      await page.goto(`/admin/users?find=${encodeURIComponent(email)}`);
      await page.locator('#users').getByRole('link', { name: 'Thandi Mokoena' }).click();
      await page.locator('#rights select[name="role"]').selectOption('hr');
      await page.locator('#rights').getByRole('button', { name: 'Change' }).click();
      await expect(notice(page)).toContainText('is hr from the next request on');
      await thandi.goto('/financial');
      await expect(thandi.getByRole('heading', { level: 1 })).toHaveText('This view is not yours');
      await thandi.goto('/people');
      await expect(thandi.getByRole('heading', { level: 1 })).toHaveText('People');

      await page.getByRole('button', { name: 'Deactivate' }).click();
      await expect(notice(page)).toContainText('is deactivated');
      await thandi.goto('/people');
      await expect(thandi).toHaveURL(/sign-in/);
      await context.close();

      await page.getByRole('link', { name: 'What this user did' }).click();
      await expect(page).toHaveURL(/\/admin\/audit\?who=thandi/);
      await page.goto('/admin/audit?what=user');
      const newest = page.locator('#log tbody tr').first();
      await expect(newest).toContainText('deactivated user');
      await expect(newest).toContainText('Thandi Mokoena');
      await expect(newest).toContainText('127.0.0.0/24');
      const file = await page.request.get('/admin/audit.csv?what=user');
      expect(await file.text()).toContain('role: finance → hr');
    });

    test('a target that makes no sense is refused with what was typed, another is kept and goes back to the default', async ({ page }) => {
      await signIn(page, 'admin');
      await page.goto('/admin/targets');
      const form = page.locator('#fill_rate form').first();
      await form.getByLabel(/^Target/).fill('96.5');
      await form.getByLabel(/^Warning/).fill('99');
      await form.getByRole('button', { name: 'Keep: Fill rate' }).click();
      await expect(notice(page)).toContainText('More is better here');
      await expect(form.getByLabel(/^Warning/)).toHaveValue('99');
      await form.getByLabel(/^Warning/).fill('94');
      await form.getByRole('button', { name: 'Keep: Fill rate' }).click();
      await expect(notice(page)).toContainText('Fill rate: this is asked from now on');
      await expect(form.getByLabel(/^Target/)).toHaveValue('96.5');
      await expect(page.locator('#history tbody tr').first()).toContainText('96.5');
      await page.getByRole('button', { name: 'Back to the default: Fill rate' }).click();
      await expect(form.getByLabel(/^Target/)).toHaveValue('95');
    });
  });
}

test('other weights are tried out before they hold', async ({ page }) => {
  await signIn(page, 'admin');
  await page.goto('/admin/scores');
  await page.locator('input[name="tasks"]').fill('10');
  await page.getByRole('button', { name: 'Preview' }).click();
  await expect(notice(page)).toContainText('The weights of the components add up to 85');
  await page.locator('input[name="attendance"]').fill('45');
  await page.getByRole('button', { name: 'Preview' }).click();
  await expect(page.locator('#preview')).toContainText('Nothing was changed.');
  await expect(page.locator('input[name="attendance"]')).toHaveValue('45');
});

test('the parts of admin: no noise, nothing for axe, nothing sideways on a phone', async ({ page }) => {
  test.slow();
  const quiet = expectQuiet(page);
  await signIn(page, 'admin');
  for (const part of ['', '/users', '/users?find=supervisor%40', '/targets', '/scores', '/audit', '/tokens', '/privacy', '/system', '/cache']) {
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(`/admin${part}`);
    for (const summary of await page.getByRole('main').locator('details:not([open]) > summary').all()) {
      if (await summary.isVisible()) await summary.click();
    }
    await expectAccessible(page);
    await page.setViewportSize({ width: 390, height: 844 });
    await expectNoSidewaysScroll(page);
  }
  quiet();
});
