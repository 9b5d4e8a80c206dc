import { apiUrl } from '../page/page-settings';

const PAUSE_MS = 2000;

/** Asks while the page is visible, for the first time after `pauseMs`. */
export async function untilServerResponds(pauseMs: number, signal?: AbortSignal): Promise<void> {
  await pause(pauseMs);
  const isAsked = document.visibilityState === 'visible';
  if (signal?.aborted || (isAsked && (await serverResponds()))) return;
  await untilServerResponds(PAUSE_MS, signal);
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** With a path that a front end sends to this server, which reads its database there. */
const serverResponds = (): Promise<boolean> =>
  fetch(`${apiUrl}/api/v1/me/ls_user_id`).then(
    ({ status }) => status < 500,
    () => false,
  );
