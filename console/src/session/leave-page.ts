import { ApiError } from '@tenantry/client';
import { discardUnsaved, hasUnsaved } from '../page/unsaved';
import { apiUrl, consolePath, consoleUrl, signInMethod } from '../page/page-settings';
import { setSessionEnded } from './session-end';
import { tellOtherTabs } from './other-tabs';

/**
 * Loads another page from the server. A page is left whenever the session changes, so that no response, error or running
 * request of one session reaches the next one. The promise stays pending until the browser has left.
 */
export function leaveFor(url: URL | string): Promise<never> {
  discardUnsaved();
  location.replace(url);
  return new Promise(() => undefined);
}

/** After the session was ended, which other tabs have to know. */
export function leaveSignedOut(url: URL | string = pageUrl('/signed-out')): Promise<never> {
  tellOtherTabs(null);
  return leaveFor(url);
}

/** The URL of a page of the console; of the start page if the path would lead out of it, or to a host. */
export function pageUrl(path: string): URL {
  const url = new URL(`.${path}`, consoleUrl);
  const isPage = url.href.startsWith(consoleUrl.href) && !url.pathname.includes('//');
  return isPage ? url : consoleUrl;
}

/** The sign-in page, which leads back to the page of that path. */
export const signInPath = (path: string): string => `/sign-in?next=${encodeURIComponent(path)}`;

/** In characters. What is longer would lead to the start page. */
const LONGEST_RETURN = 2000;

/** Where a sign-in at the identity provider starts, which leads back to `next`; without its query if that is too long. */
export function providerSignIn({ pathname, search }: URL, more: Record<string, string> = {}): string {
  const path = pathname + search;
  const parameters = { redirect_to: path.length > LONGEST_RETURN ? pathname : path, ...more };
  return `${apiUrl}/api/v1/oauth/custom-oidc/login?${new URLSearchParams(parameters)}`;
}

/** Signs in in a window beside the page, which keeps what was entered. `more`: see `providerSignIn`. */
export function signInBeside(more: Record<string, string> = {}): void {
  const done = pageUrl('/signed-in');
  const url = signInMethod === 'sso' ? providerSignIn(done, more) : pageUrl(signInPath('/signed-in'));
  const opened = window.open(url, '_blank', 'popup,width=520,height=760');
  if (opened) opened.opener = null; // the provider's pages cannot navigate this one
}

/** Whether the organization requires another sign-in; in others the session is as good as before. */
export const needsOtherSignIn = (error: unknown): boolean =>
  error instanceof ApiError && error.code === 'insufficient_user_authentication';

/** Whether a request was refused because it had no valid session. A wrong password also gets 401. */
export const isSessionEnd = (error: unknown): boolean =>
  error instanceof ApiError &&
  error.status === 401 &&
  error.code !== 'invalid_login' &&
  !needsOtherSignIn(error);

/** For a session that has ended, or belongs to another user now. Changed input stays until its user signs in again. */
export function leaveIfSessionChanged(error: Error): void {
  const { pathname, search } = location;
  if (isSessionEnd(error)) {
    if (hasUnsaved()) setSessionEnded(true);
    else void leaveFor(pageUrl(signInPath(pathname.slice(consolePath.length) + search)));
  }
  if (error instanceof ApiError && error.code === 'session_of_another_user') void leaveFor(location.href);
}
