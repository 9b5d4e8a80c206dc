import { ApiError } from '@tenantry/client';
import { apiUrl, consolePath, consoleUrl } from '../page-settings';
import { tellOtherTabs } from './other-tabs';

/**
 * Loads another page from the server. A page is left whenever the session changes, so that no response, error or running
 * request of one session reaches the next one. The promise stays pending until the browser has left.
 */
export function leaveFor(url: URL | string): Promise<never> {
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

/** Where a sign-in at the identity provider starts, which leads back to `next`. */
export const providerSignIn = (next: URL, more: Record<string, string> = {}): string =>
  `${apiUrl}/api/v1/oauth/custom-oidc/login?${new URLSearchParams({ redirect_to: next.pathname + next.search, ...more })}`;

/** Whether the organization requires another sign-in; in others the session is as good as before. */
export const needsOtherSignIn = (error: unknown): boolean =>
  error instanceof ApiError && error.code === 'insufficient_user_authentication';

/** Whether a request was refused because it had no valid session. A wrong password also gets 401. */
export const isSessionEnd = (error: unknown): boolean =>
  error instanceof ApiError &&
  error.status === 401 &&
  error.code !== 'invalid_login' &&
  !needsOtherSignIn(error);

/** For a session that has ended, or belongs to another user now. */
export function leaveIfSessionChanged(error: Error): void {
  const { pathname, search } = location;
  if (isSessionEnd(error)) void leaveFor(pageUrl(signInPath(pathname.slice(consolePath.length) + search)));
  if (error instanceof ApiError && error.code === 'session_of_another_user') location.reload();
}
