import { untilServerResponds } from '../../api/until-server-responds';

/** Errors of parts of the console that could not be loaded, for instance since an upgrade has replaced them. */
const missing = new WeakSet<Error>();

export function watchMissingParts(): void {
  addEventListener('vite:preloadError', ({ payload }) => missing.add(payload));
}

export const isMissingPart = (error: Error): boolean => missing.has(error);

const RELOADED = 'tenantry.reloaded';
/** A part that is missing again so soon was not brought back by loading the page again. */
const SOON_MS = 60_000;

/**
 * Loads the page again as soon as the server responds. Returns if this was done just before, since the reader has to decide
 * then.
 */
export async function reloadOnce(signal: AbortSignal): Promise<void> {
  await untilServerResponds(0, signal);
  if (signal.aborted || Date.now() - Number(sessionStorage.getItem(RELOADED)) < SOON_MS) return;
  sessionStorage.setItem(RELOADED, String(Date.now()));
  location.reload();
  await new Promise(() => undefined); // until the browser has left
}
