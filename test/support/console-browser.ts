import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { hasChromium, launchChromium } from './chromium.js';
import type { Person } from './fixtures.js';
import { startTestApp, type TestApp } from './test-app.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

type Login = Pick<Person, 'email' | 'password'>;
type Size = { width: number; height: number };
export const DESKTOP: Size = { width: 1280, height: 800 };
export const PHONE: Size = { width: 360, height: 720 };

type Scene = { t: TestApp; browser: ConsoleBrowser };

export const describeInChromium = hasChromium ? describe : describe.skip;

/** Tests with a server and a browser of their own. */
export function describeConsole(title: string, tests: (scene: Scene) => void): void {
  describeInChromium(title, () => {
    const scene = {} as Scene; // filled before the first test
    beforeAll(async () => {
      scene.t = await startTestApp();
      scene.browser = await ConsoleBrowser.launch(scene.t.url);
    });
    afterAll(async () => {
      await scene.browser.close();
      await scene.t.close();
    });
    tests(scene);
  });
}

/** A browser at the console of a server. */
export class ConsoleBrowser {
  private constructor(
    private readonly browser: Browser,
    private readonly url: string,
  ) {}

  static async launch(url: string): Promise<ConsoleBrowser> {
    return new ConsoleBrowser(await launchChromium(), url);
  }

  close = () => this.browser.close();

  /** Works with a page of that size in a profile of its own, and expects no complaint of the browser. */
  async open(size: Size, work: (page: Page) => Promise<void>): Promise<void> {
    const context = await this.browser.newContext({
      viewport: size,
      locale: 'en-US',
      reducedMotion: 'reduce',
    });
    /** Blocked by the Content Security Policy, warnings of React, uncaught errors. */
    const complaints: string[] = [];
    context.on('console', (message) => {
      if (/Content Security Policy|Warning:/.test(message.text())) complaints.push(message.text());
    });
    context.on('weberror', (error) => complaints.push(error.error().message));
    try {
      await work(await context.newPage());
      expect(complaints).toEqual([]);
    } finally {
      await context.close();
    }
  }

  async signIn(page: Page, person: Login): Promise<void> {
    await page.goto(`${this.url}/`);
    await this.enterPassword(page, person);
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
