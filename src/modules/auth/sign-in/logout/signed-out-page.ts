import type { Page } from '../pages/page.js';

/** Shown after a logout that ends only our own session; the start page would sign in again at once. */
export const signedOutPage = (publicUrl: string): Page => ({
  headline: 'You are signed out',
  mark: '\u2713',
  paragraphs: [
    'Your session here has ended.',
    'You may still be signed in at your identity provider. On a shared computer, sign out there too.',
  ],
  links: [
    { text: 'Sign in again', href: `${publicUrl}/api/v1/oauth/custom-oidc/login?prompt=select_account` },
    { text: 'Go to the start page', href: `${publicUrl}/` },
  ],
  code: null,
});
