import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core';

/** Debian's chromium, since the packages bring no browser (docs/contract/installation.md#no-global-installs). */
const executablePath = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'chromium'))
  .find((path) => existsSync(path));

export const hasChromium = executablePath !== undefined;
if (!hasChromium)
  console.warn('There is no chromium on this machine: the tests in a real browser are skipped.');

/** Without network traffic of the browser itself. */
const QUIET = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'];

/** Names below .test lead to this machine. */
const LOCAL_NAMES = '--host-resolver-rules=MAP *.test 127.0.0.1';

export const launchChromium = (): Promise<Browser> =>
  chromium.launch({ executablePath: executablePath!, args: [...QUIET, LOCAL_NAMES] });

/** A busy machine takes long to show what a test waits for. */
const TIMEOUT_MS = 90_000;

export async function newProfile(browser: Browser, options: BrowserContextOptions): Promise<BrowserContext> {
  const profile = await browser.newContext(options);
  profile.setDefaultTimeout(TIMEOUT_MS);
  return profile;
}
