import { type Browser, type Locator, type Page, expect, test } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll, expectQuiet, signIn } from './people';

// One after the other: all of them work the same queue.
test.describe.configure({ mode: 'default' });

const entries = (page: Page) => page.locator('#queue li.entry');
const notice = (page: Page) => page.getByRole('main').getByRole('status').or(page.getByRole('main').getByRole('alert')).first();

async function openQueue(page: Page) {
  await signIn(page, 'supervisor');
  await page.goto('/coaching');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Coaching');
}

/** The worker whom the demo's own login shows, in a window of their own. */
async function asWorker(browser: Browser, javaScriptEnabled: boolean) {
  const context = await browser.newContext({ javaScriptEnabled });
  const worker = await context.newPage();
  await signIn(worker, 'worker');
  await worker.goto('/me');
  const name = (await worker.locator('.page-lead').innerText()).split(' · ')[0];
  return { worker, name, context };
}

/** The entry that nobody has taken up yet, `nth` from the most urgent on; never that of the demo's own worker. */
async function untouched(page: Page, nth = 0): Promise<Locator> {
  const free = entries(page).filter({ has: page.locator('.queue-state .tag', { hasText: 'Suggested' }) }).filter({ hasNotText: 'Control room access' });
  expect(await free.count(), 'entries that nobody has taken up').toBeGreaterThan(nth);
  return page.locator(`[id="${await free.nth(nth).getAttribute('id')}"]`);
}

/** Unfolds what an action asks, unless it stands open already. */
async function unfold(entry: Locator, word: string): Promise<Locator> {
  const action = entry.locator('details.action').filter({ has: entry.page().locator(`summary:text-is("${word}")`) });
  if ((await action.getAttribute('open')) === null) await action.locator('summary').click();
  return action;
}

async function complete(entry: Locator, notes: string, agreed: string) {
  await entry.getByRole('button', { name: 'Start now' }).click();
  await expect(entry.locator('.queue-state .tag')).toHaveText('In progress');
  const form = await unfold(entry, 'Complete');
  await form.locator('textarea[name="notes"]').fill(notes);
  await form.locator('textarea[name="agreed_actions"]').fill(agreed);
  await form.getByRole('button', { name: 'Save and complete' }).click();
}

async function expectDone(page: Page, id: string, notes: string) {
  await expect(page.locator(`[id="${id}"]`), 'it has left the queue').toHaveCount(0);
  await page.goto('/coaching?show=closed');
  const done = page.locator(`[id="${id}"]`);
  await expect(done.locator('.queue-state .tag')).toHaveText('Completed');
  await expect(done).toContainText(notes);
}

test('the order of the queue follows from the weights it shows', async ({ page }) => {
  await openQueue(page);
  const shown: number[] = [];
  for (const entry of await entries(page).all()) {
    const priority = Number(await entry.locator('.queue-number').innerText());
    const weights = (await entry.locator('.reason .entry-when').allInnerTexts()).map((text) => Number(/^weighs (\d\.\d\d)$/.exec(text)?.[1]));
    const byHand = 100 * (1 - weights.reduce((calm, weight) => calm * (1 - 0.8 * weight), 1));
    // Each weight is shown to the hundredth, the priority to the tenth.
    expect(Math.abs(priority - byHand), `${weights} make ${byHand}, not ${priority}`).toBeLessThanOrEqual(0.4 * weights.length + 0.051);
    const [, factors, sum] = /^100·\(1 − (.*)\) = ([\d.]+)$/.exec((await entry.locator('.queue-priority').getAttribute('title')) ?? '') ?? [];
    expect(Number(sum)).toBe(priority);
    const told = factors.match(/\d\.\d\d/g) ?? [];
    expect(told.map(Number).sort()).toEqual([...weights].sort());
    shown.push(priority);
  }
  expect(shown.length).toBeGreaterThan(1);
  expect(shown).toEqual([...shown].sort((a, b) => b - a));
  expect(Math.min(...shown), 'nobody is listed below 40').toBeGreaterThanOrEqual(40);
});

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled });

    test("the first entry's reasons are the numbers of the worker's page", async ({ page }) => {
      await openQueue(page);
      const first = entries(page).first();
      const bpi = await first.locator('.entry-bpi').innerText();
      const reasons = (await first.locator('.reason .entry-text').allInnerTexts()).map((text) => text.replace(/\u00a0/g, ' '));
      const [day] = /\d{4}-\d{2}-\d{2}/.exec((await page.locator('input[name="on"]').first().getAttribute('min')) ?? '') ?? [];
      const daysAgo = (days: number) => new Date(Date.parse(day!) - days * 86_400_000).toISOString().slice(0, 10);
      const href = (await first.getByRole('heading', { level: 3 }).getByRole('link').getAttribute('href'))!;
      await first.getByRole('heading', { level: 3 }).getByRole('link').click();
      await expect(page).toHaveURL(/\/team\/.+\/.+/);
      const score = page.locator('.hero-number');
      await expect(score).toHaveText(`${bpi.replace('BPI ', '')} of 100`);

      // What was recorded, in two halves: the page lists at most twenty days.
      const shifts: string[] = [];
      for (const [from, to] of [[28, 15], [14, 1]]) {
        await page.goto(`${href}?from=${daysAgo(from)}&to=${daysAgo(to)}`);
        shifts.push(...(await page.locator('#days tbody tr > *:nth-child(2)').allInnerTexts()));
      }
      for (const reason of reasons) {
        const missed = /^(\d+) of (\d+) shifts in 28 days missed/.exec(reason);
        if (missed) expect(shifts.filter((shift) => shift === 'absent without a call')).toHaveLength(Number(missed[1]));
        const late = /^[\d.]+ late minutes a shift \((\d+) over (\d+) shifts\)/.exec(reason);
        if (late) {
          const minutes = shifts.map((shift) => Number(/^(\d+) minutes? late$/.exec(shift)?.[1] ?? 0));
          expect(minutes.reduce((total, it) => total + it, 0)).toBe(Number(late[1]));
        }
        const dropped = /^BPI ([\d.]+) now, ([\d.]+) 28 days ago/.exec(reason);
        if (dropped) {
          expect(`BPI ${dropped[1]}`).toBe(bpi);
          await page.goto(`${href}?to=${daysAgo(29)}`);
          await expect(score).toHaveText(`${dropped[2]} of 100`);
        }
        const under = /^BPI ([\d.]+) over (\d+) shifts/.exec(reason);
        if (under) expect(`BPI ${under[1]}`).toBe(bpi);
      }
    });

    test('a day is set, and taken back while it can be', async ({ page }) => {
      await openQueue(page);
      const entry = await untouched(page);
      const form = await unfold(entry, 'Schedule');
      await form.locator('textarea[name="agenda"]').fill('The way to work');
      await form.getByRole('button', { name: 'Schedule the conversation' }).click();
      await expect(entry.locator('.queue-state .tag')).toHaveText('Scheduled');
      await expect(entry.locator('.session')).toContainText('The way to work');
      await page.getByRole('button', { name: 'Undo' }).click();
      await expect(notice(page)).toContainText('Taken back');
      await expect(entry.locator('.queue-state .tag')).toHaveText('Suggested');
      await expect(entry.locator('.session')).toHaveCount(0);
    });

    test('putting off needs a reason, which is kept', async ({ page }) => {
      await openQueue(page);
      const entry = await untouched(page, 1);
      const id = (await entry.getAttribute('id'))!;
      const form = await unfold(entry, 'Snooze');
      const reason = form.locator('textarea[name="reason"]');
      await expect(reason).toHaveAttribute('required');
      // Blanks pass the browser; the server asks.
      await reason.fill('   ');
      await form.getByRole('button', { name: 'Snooze' }).click();
      await expect(notice(page)).toContainText('Say in a few words why not now.');
      await expect(entry.locator('.queue-state .tag')).toHaveText('Suggested');
      const again = await unfold(entry, 'Snooze');
      await again.locator('textarea[name="reason"]').fill('On leave until Monday.');
      await again.getByRole('button', { name: 'Snooze' }).click();
      await expect(entry).toHaveCount(0);
      await page.getByRole('link', { name: /^Snoozed/ }).click();
      await expect(page.locator(`[id="${id}"]`)).toContainText('On leave until Monday.');
    });

    test('who comes second is told who was first', async ({ page, browser }) => {
      await openQueue(page);
      const entry = await untouched(page);
      const id = (await entry.getAttribute('id'))!;
      const elsewhere = await browser.newContext({ javaScriptEnabled });
      const other = await elsewhere.newPage();
      await openQueue(other);
      const same = other.locator(`[id="${id}"]`);
      const plan = await unfold(same, 'Schedule');
      await plan.getByRole('button', { name: 'Schedule the conversation' }).click();
      await expect(same.locator('.queue-state .tag')).toHaveText('Scheduled');
      const form = await unfold(entry, 'Dismiss');
      await form.locator('textarea[name="reason"]').fill('Settled between us.');
      await form.getByRole('button', { name: 'Dismiss' }).click();
      await expect(notice(page)).toContainText(/ was first: this entry was scheduled on .*Nothing was changed\./);
      await expect(entry.locator('.queue-state .tag')).toHaveText('Scheduled');
      await other.getByRole('button', { name: 'Undo' }).click();
      await expect(notice(other)).toContainText('Taken back');
      await elsewhere.close();
    });
  });
}

test('a conversation is planned with the worker, who is told; then held, and it leaves the queue', async ({ page, browser }) => {
  const { worker, name, context } = await asWorker(browser, true);
  await openQueue(page);
  const entry = entries(page).and(page.locator(`[data-worker="${name}"]`));
  const agenda = `Renewing the pass (${Date.now()})`;
  const plan = await unfold(entry, 'Schedule');
  await plan.locator('textarea[name="agenda"]').fill(agenda);
  await plan.getByRole('button', { name: 'Schedule the conversation' }).click();
  await expect(entry.locator('.session')).toContainText(agenda);

  await worker.goto('/me');
  const planned = worker.locator('#coaching li', { hasText: agenda });
  await expect(planned).toContainText('planned');
  await worker.goto('/notifications');
  await expect(worker.locator('.news-one').first()).toContainText('would like to talk with you on');
  await context.close();

  // And another's is held.
  const held = await untouched(page);
  const id = (await held.getAttribute('id'))!;
  const notes = `The bus comes late on Mondays (${Date.now()}).`;
  await complete(held, notes, 'Swap the early shift on Mondays.');
  await expect(notice(page)).toBeVisible();
  await expectDone(page, id, notes);
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('a conversation is held, it leaves the queue, and the worker reads what was said', async ({ page, browser }) => {
    const { worker, name, context } = await asWorker(browser, false);
    await openQueue(page);
    const named = entries(page).and(page.locator(`[data-worker="${name}"]`));
    const id = (await named.getAttribute('id'))!;
    const notes = `We looked at the pass together (${Date.now()}).`;
    await complete(page.locator(`[id="${id}"]`), notes, 'The site office books the renewal.');
    await expectDone(page, id, notes);

    await worker.goto('/notifications');
    const news = worker.locator('.news-one').first();
    await expect(news).toContainText('wrote down what you talked about');
    await news.getByRole('button', { name: /wrote down/ }).click();
    await expect(worker).toHaveURL(/\/me#coaching$/);
    const talk = worker.locator('#coaching li', { hasText: notes });
    await expect(talk).toContainText('held');
    await expect(talk).toContainText('The site office books the renewal.');
    await context.close();
  });
});

test('the queue: no noise, nothing for axe, nothing sideways on a phone', async ({ page }) => {
  const quiet = expectQuiet(page);
  await openQueue(page);
  for (const address of ['/coaching', '/coaching?show=snoozed', '/coaching?show=closed']) {
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(address);
    for (const summary of await page.getByRole('main').locator('details:not([open]) > summary').all()) {
      if (await summary.isVisible()) await summary.click();
    }
    await expectAccessible(page);
    await page.setViewportSize({ width: 390, height: 844 });
    await expectNoSidewaysScroll(page);
    await page.goto(address);
    await expectNoSidewaysScroll(page);
  }
  quiet();
});
