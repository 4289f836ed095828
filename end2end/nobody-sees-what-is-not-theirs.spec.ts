import { expect, test } from '@playwright/test';
import { expectAccessible, signIn } from './people';

const somebody = '01900000-0000-7000-8000-000000000000';

test('a view of another role is refused with a page that says so', async ({ page }) => {
  await signIn(page, 'worker');
  const refused = await page.goto('/executive');
  expect(refused?.status()).toBe(403);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expectAccessible(page);
});

test('another worker’s record does not exist for a worker', async ({ page }) => {
  await signIn(page, 'worker');
  const response = await page.goto(`/me/shifts/${somebody}`);
  expect(response?.status()).toBe(404);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
});

test('the score of the own record cannot be asked for somebody else', async ({ page }) => {
  await signIn(page, 'worker');
  const mine = await (await page.request.get('/api/v1/performance/me')).json();
  const tried = await (await page.request.get(`/api/v1/performance/me?worker=${somebody}&worker_id=${somebody}`)).json();
  expect(tried.bpi).toBe(mine.bpi);
});

test('without a session the API answers 401 as a problem', async ({ request }) => {
  const response = await request.get('/api/v1/performance/me');
  expect(response.status()).toBe(401);
  expect(response.headers()['content-type']).toContain('application/problem+json');
});

test('a form from a foreign page changes nothing', async ({ page }) => {
  await signIn(page, 'worker');
  const response = await page.request.post('/sign-out', { headers: { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' } });
  expect(response.status()).toBe(403);
  expect((await page.goto('/me'))?.status()).toBe(200);
});
