import { consoleUrl } from '../../page-settings';

/** Errors of parts of the console that could not be loaded, for instance since an upgrade has replaced them. */
const missing = new WeakSet<Error>();

export function watchMissingParts(): void {
  addEventListener('vite:preloadError', ({ payload }) => missing.add(payload));
}

export const isMissingPart = (error: Error): boolean => missing.has(error);

const RELOADED = 'tenantry.reloaded';

/** The script of the page, whose name changes with each upgrade. */
const build = document.querySelector<HTMLScriptElement>('script[type="module"]')?.src ?? '';

/**
 * Loads the page again unless this was done for this build already, or the server does not respond. Otherwise returns, since
 * the reader has to decide.
 */
export async function reloadOnce(): Promise<void> {
  if (sessionStorage.getItem(RELOADED) === build || !(await serverResponds())) return;
  sessionStorage.setItem(RELOADED, build);
  location.reload();
  await new Promise(() => undefined); // until the browser has left
}

const serverResponds = (): Promise<boolean> =>
  fetch(consoleUrl).then(
    ({ ok }) => ok,
    () => false,
  );
