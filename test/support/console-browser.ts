import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { hasChromium, launchChromium, newProfile } from './chromium.js';
import type { Person } from './fixtures.js';
import { startTestApp, type TestApp } from './test-app.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

type Login = Pick<Person, 'email' | 'password'>;
type Size = { width: number; height: number };
export const DESKTOP: Size = { width: 1280, height: 800 };
export const PHONE: Size = { width: 360, height: 720 };

type Scene<App> = { t: App; browser: ConsoleBrowser };

export const describeInChromium = hasChromium ? describe : describe.skip;

/** Tests with a server, which the environment may set up, and a browser of their own. */
export function describeConsole(
  title: string,
  tests: (scene: Scene<TestApp>) => void,
  environment: Record<string, string> = {},
): void {
  describeConsoleOf(() => startTestApp(environment), title, tests);
}

export function describeConsoleOf<App extends TestApp>(
  start: () => Promise<App>,
  title: string,
  tests: (scene: Scene<App>) => void,
): void {
  describeInChromium(title, () => {
    const scene = {} as Scene<App>; // filled before the first test
    beforeAll(async () => {
      scene.t = await start();
      scene.browser = await ConsoleBrowser.launch(scene.t.url);
    });
    afterAll(async () => {
      await scene.browser.close();
      await scene.t.close();
    });
    tests(scene);
  });
}

/** A browser at the console of a server. Its tests share a tab, since a new one starts a process and compiles all again. */
export class ConsoleBrowser {
  /** Blocked by the Content Security Policy, warnings of React, uncaught errors. */
  private complaints: string[] = [];

  private constructor(
    private readonly tab: Page,
    private readonly url: string,
  ) {
    tab.context().on('console', (message) => {
      if (/Content Security Policy|Warning:/.test(message.text())) this.complaints.push(message.text());
    });
    tab.context().on('weberror', (error) => this.complaints.push(error.error().message));
  }

  static async launch(url: string): Promise<ConsoleBrowser> {
    const browser = await launchChromium();
    const profile = await newProfile(browser, { locale: 'en-US', reducedMotion: 'reduce' });
    return new ConsoleBrowser(await profile.newPage(), url);
  }

  close = () => this.tab.context().browser()!.close();

  /** Works with a page of that size, without cookies and stored data, and expects no complaint of the browser. */
  async open(size: Size, work: (page: Page) => Promise<void>): Promise<void> {
    this.complaints = [];
    await this.tab.setViewportSize(size);
    try {
      await work(this.tab);
      expect(this.complaints).toEqual([]);
    } finally {
      await this.forget();
    }
  }

  /** As in a new profile. */
  private async forget(): Promise<void> {
    const profile = this.tab.context();
    const [, ...others] = profile.pages();
    await Promise.all(others.map((tab) => tab.close()));
    await profile.setOffline(false);
    await this.tab.unrouteAll();
    this.tab.removeAllListeners('request');
    await this.tab.goto(`${this.url}/livez`); // of the same origin, without the code of the console
    await this.tab.evaluate('localStorage.clear(); sessionStorage.clear()');
    await profile.clearCookies();
    await (await profile.newCDPSession(this.tab)).send('Network.clearBrowserCache');
  }

  /** Shows the members of the first workspace, also to those who start with the overview. */
  async signIn(page: Page, person: Login): Promise<void> {
    await page.goto(`${this.url}/`);
    await this.enterPassword(page, person);
    await page.waitForURL(/\/(overview|members)$/);
    await page.locator('nav a[href*="/workspaces/"][href$="/members"]').first().dispatchEvent('click'); // on a phone, the menu is closed
    await page.getByRole('heading', { name: 'Workspace members' }).waitFor();
  }

  /** On the sign-in page. */
  async enterPassword(page: Page, { email, password }: Login): Promise<void> {
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
  }
}

/** Follows a link to the page of that title. Until its code has loaded, the page before it can be clicked. */
export async function follow(page: Page, title: string): Promise<void> {
  await page.getByRole('link', { name: title }).click();
  await page.getByRole('heading', { name: title, exact: true }).waitFor();
}

export async function accessibilityViolations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { violations } = await (globalThis as any).axe.run(); // eslint-disable-line -- of the page
    return violations.map(
      ({ id, nodes }: { id: string; nodes: { html: string }[] }) => `${id}: ${nodes[0]?.html}`,
    );
  });
}

/** The page does not scroll sideways. */
export async function expectToFit(page: Page): Promise<void> {
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(page.viewportSize()?.width);
}
