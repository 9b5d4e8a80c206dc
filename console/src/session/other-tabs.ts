import { pageUser } from '../api/page-user';
import { discardUnsaved } from '../page/unsaved';
import { consolePath } from '../page/page-settings';

/** The tabs of a browser share the session cookie, and notify each other whose it is. */
const tabs = new BroadcastChannel(`tenantry.session ${consolePath}`);

/** The id of the signed-in user; null after they have signed out. */
type Signed = string | null;

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel is of one origin
export const tellOtherTabs = (user: Signed): void => tabs.postMessage(user);

/** Loads the page again when its user has signed out, or another one has signed in. */
export function followOtherTabs(): void {
  tabs.addEventListener('message', ({ data: user }: MessageEvent<Signed>) => {
    if (pageUser() === null || pageUser() === user) return;
    discardUnsaved();
    location.reload();
  });
  // A page that the browser has kept for its back button shows what was read then.
  addEventListener('pageshow', ({ persisted }) => persisted && location.reload());
}

/** Runs `work` when a user has signed in in another tab. Returns what ends that. */
export function onSignInElsewhere(work: () => void): () => void {
  const listener = ({ data: user }: MessageEvent<Signed>) => void (user !== null && work());
  tabs.addEventListener('message', listener);
  return () => tabs.removeEventListener('message', listener);
}
