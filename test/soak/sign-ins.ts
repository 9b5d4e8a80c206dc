import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Browser } from '../support/browser.js';
import { TestIdentityProvider } from '../support/identity-provider.js';
import { COOKIE, ME } from '../support/sso-session.js';
import type { Clients } from './clients.js';

const PAUSE_MS = 1000;

/** People who sign in at an identity provider for the first time, one after the other, and read with their session. */
export class SignIns {
  /** The addresses of those who were let in. */
  readonly emails: string[] = [];

  private constructor(
    private readonly url: string,
    private readonly provider: TestIdentityProvider,
  ) {}

  /** @param url of the server that uses the provider */
  static async start(url: string): Promise<SignIns> {
    return new SignIns(url, await TestIdentityProvider.start({ appUrl: url }));
  }

  get environment(): Record<string, string> {
    return this.provider.environment;
  }

  async repeat(clients: Clients, stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      await pause(PAUSE_MS);
      await clients.attempt('sign-in', () => this.signIn());
    }
  }

  stop(): Promise<void> {
    return this.provider.stop();
  }

  /** Returns what was wrong, or null. */
  private async signIn(): Promise<string | null> {
    const sub = randomUUID();
    const email = `${sub}@example.com`;
    this.provider.account({ sub, email, email_verified: true, name: 'Soak' });
    const browser = new Browser();
    const landing = await this.provider.logIn(browser, sub);
    if (landing.status !== 302 || browser.cookies(this.url)[COOKIE] === undefined)
      return `${landing.status} ${landing.body.slice(0, 300)}`;
    this.emails.push(email);
    const { status } = await browser.open(`${this.url}${ME}`);
    return status === 200 ? null : `${status} for the new session`;
  }
}
