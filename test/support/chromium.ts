import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';

/** Debian's; contract decision 38 has no browser come with the packages. */
const executablePath = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'chromium'))
  .find((path) => existsSync(path));

export const hasChromium = executablePath !== undefined;
if (!hasChromium)
  console.warn('There is no chromium on this machine: the tests in a real browser are skipped.');

/** With nothing of its own to say to the world. */
const QUIET = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'];

export const launchChromium = (): Promise<Browser> =>
  chromium.launch({ executablePath: executablePath!, args: QUIET });

/** A fresh browser of somebody, in the size of a phone. */
export async function withChromium(work: (browser: BrowserContext) => Promise<void>): Promise<void> {
  const browser = await launchChromium();
  try {
    await work(await browser.newContext({ viewport: { width: 360, height: 720 }, colorScheme: 'dark' }));
  } finally {
    await browser.close();
  }
}
