// Who the tests are, and what all of them do: come in, and look at a page.
import AxeBuilder from '@axe-core/playwright';
import { type APIResponse, type Page, expect } from '@playwright/test';

/** A demo that is served already, with the password below; else the tests serve their own. */
export const served = process.env.MUSTER_END2END_ADDR;
export const address = served ?? '127.0.0.1:3917';
export const password = 'gate-seven-opens-at-six';

/** Signs in by the form, as anybody does. */
export async function signIn(page: Page, role: string) {
  await page.goto('/sign-in');
  await page.locator('input[name="email"]').fill(`${role}@demo.muster.test`);
  await page.locator('input[name="password"]').fill(password);
  await page.locator('form:has(input[name="password"]) button').click();
  await expect(page).not.toHaveURL(/sign-in/);
}

export type Part = { name: string; score: number | null; weight: number };
export type Component = { name: string; score: number | null; weight: number; contribution: number | null; parts: Part[] };
export type Performance = {
  bpi: number | null;
  components: Component[];
  why: { delta: number; lines: { delta: number }[] };
};

/** The JSON twin of the page, asked with the page's own session. */
export async function performance(page: Page, query = ''): Promise<Performance> {
  const response: APIResponse = await page.request.get(`/api/v1/performance/me${query}`);
  expect(response.status()).toBe(200);
  return response.json();
}

export function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Nothing that axe can find, in the light and in the dark. */
export async function expectAccessible(page: Page) {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
    expect(violations.map(({ id, nodes }) => ({ colorScheme, id, nodes: nodes.map(({ html }) => html) }))).toEqual([]);
  }
}

/** Nothing reaches over the right edge. */
export async function expectNoSidewaysScroll(page: Page) {
  const { wide, offenders } = await page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const over = [...document.querySelectorAll('body *')].filter((element) => element.getBoundingClientRect().right > width + 1);
    return { wide: document.documentElement.scrollWidth > width, offenders: over.slice(0, 5).map((element) => element.outerHTML.slice(0, 120)) };
  });
  expect(wide, offenders.join('\n')).toBe(false);
}

/** Fails on anything the browser's console calls an error, and on a request to anywhere but us. */
export function expectQuiet(page: Page) {
  const noise: string[] = [];
  page.on('console', (message) => message.type() === 'error' && noise.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => noise.push(`exception: ${error.message}`));
  page.on('request', (request) => {
    const { host, protocol } = new URL(request.url());
    if (protocol.startsWith('http') && host !== address) noise.push(`foreign request: ${request.url()}`);
  });
  return () => expect(noise).toEqual([]);
}
