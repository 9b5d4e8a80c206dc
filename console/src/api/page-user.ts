import type { Middleware } from 'openapi-fetch';

/**
 * The user whose data this page shows; null until one is known to be signed in. It never becomes another user: the page is
 * loaded again instead.
 */
let userId: string | null = null;

export const pageUser = (): string | null => userId;
export const setPageUser = (id: string): void => void (userId = id);

/** Names the user of the page, so that the server refuses the request if its session belongs to another user. */
export const nameUser: Middleware = {
  onRequest: ({ request }) => {
    if (userId !== null) request.headers.set('X-Session-User', userId);
  },
};
