import { type Page, expect, test } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll, expectQuiet, performance, signIn } from './people';

// One after the other: each changes the score of the same worker.
test.describe.configure({ mode: 'default' });

const disputable = (page: Page) => page.locator('#facts li:has(form[action="/fn/file_dispute"])');

/** Files a dispute of the oldest fact that says so, as the worker. */
async function dispute(page: Page, recorded: RegExp, note: string) {
  await page.goto('/me');
  const more = page.locator('#facts summary', { hasText: 'more, newest first' });
  if (await more.count()) await more.click();
  const fact = disputable(page).filter({ has: page.locator('.entry-name', { hasText: recorded }) }).last();
  await fact.locator('details > summary').click();
  await fact.locator('textarea[name="note"]').fill(note);
  await fact.getByRole('button', { name: 'Dispute this' }).click();
  await expect(page.locator('#facts li', { hasText: note })).toContainText('waits for your supervisor');
}

async function rule(page: Page, note: string, ruling: RegExp, reason: string) {
  await page.goto('/disputes');
  const entry = page.locator('li.entry', { hasText: note });
  await entry.locator('textarea[name="reason"]').fill(reason);
  await entry.getByRole('button', { name: ruling }).click();
  await expect(page.getByRole('main').getByRole('status')).toContainText(/(Upheld|Rejected)\. The fact/);
  await expect(page.locator('li.entry', { hasText: note }), 'it waits no longer').toHaveCount(0);
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled });

    test('what a supervisor upholds leaves the score at once, what is rejected stays, and the worker reads why', async ({ page: worker, browser }) => {
      const elsewhere = await browser.newContext({ javaScriptEnabled });
      const supervisor = await elsewhere.newPage();
      await signIn(worker, 'worker');
      await signIn(supervisor, 'supervisor');
      const unique = `${javaScriptEnabled ? 'a' : 'b'}${Date.now()}`;

      const wrong = `The reader at the gate was broken (${unique})`;
      await dispute(worker, /late/i, wrong);
      const before = await performance(worker);
      const right = `The gate log shows the same (${unique})`;
      await rule(supervisor, wrong, /^Uphold/, right);
      const after = await performance(worker);
      expect(after.bpi).not.toBeNull();
      expect(after.components, 'the late minutes count no longer').not.toEqual(before.components);
      await supervisor.goto('/disputes?state=upheld');
      await expect(supervisor.locator('li.entry', { hasText: wrong })).toContainText(right);
      await worker.goto('/me');
      const upheld = worker.locator('#facts li', { hasText: wrong });
      await expect(upheld).toContainText('upheld: taken out of your score');
      await expect(upheld).toContainText(right);

      const wished = `I would rather not have this here (${unique})`;
      await dispute(worker, /./, wished);
      const kept = await performance(worker);
      const no = `It was so: I was there (${unique})`;
      await rule(supervisor, wished, /^Reject/, no);
      expect((await performance(worker)).components, 'a fact that stays changes nothing').toEqual(kept.components);
      await worker.goto('/me');
      const rejected = worker.locator('#facts li', { hasText: wished });
      await expect(rejected).toContainText('rejected');
      await expect(rejected).toContainText(no);
      await elsewhere.close();
    });
  });
}

test('disputes: no noise, nothing for axe, nothing sideways on a phone', async ({ page, browser }) => {
  const elsewhere = await browser.newContext();
  const worker = await elsewhere.newPage();
  await signIn(worker, 'worker');
  await dispute(worker, /./, `This one waits (${Date.now()})`);
  await elsewhere.close();
  const quiet = expectQuiet(page);
  await signIn(page, 'supervisor');
  for (const address of ['/disputes', '/disputes?state=upheld', '/disputes?state=rejected']) {
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(address);
    await expectAccessible(page);
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(address);
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  }
  quiet();
});
