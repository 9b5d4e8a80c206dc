/** What the server writes into the page: where it is served, and how people sign in. */
const meta = (name: string): string =>
  document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? '';

/** The path of the console without a slash at the end. With `npm run console:dev` the placeholder is still there. */
const isServed = document.querySelector('base')?.getAttribute('href') !== '%BASE%';
/** With a slash at the end. */
export const consoleUrl = isServed ? new URL(document.baseURI) : new URL('/', location.href);

export const consolePath = consoleUrl.pathname.replace(/\/$/, '');
/** The base URL of the API, without a slash at the end. */
export const apiUrl = (isServed ? new URL('..', consoleUrl) : consoleUrl).href.replace(/\/$/, '');
export const signInMethod: 'password' | 'sso' = meta('login') === 'sso' ? 'sso' : 'password';
/** With single sign-on there are none; without a mail server, an Organization Admin hands them over. */
export const passwordLinks = oneOf(['none', 'mailed', 'handed-over'], meta('password-links'));
/** Else nothing is mailed. */
export const hasMailServer = meta('mail') !== 'none';
/** Whether the authorization server is on; else there are no pages of applications. */
export const hasApplications = meta('applications') !== 'off';
/** Allows the style elements of the component library (Content Security Policy). */
export const styleNonce = meta('nonce');

/** The first one if it is none of them. */
function oneOf<Value extends string>(values: readonly [Value, ...Value[]], text: string): Value {
  return values.find((value) => value === text) ?? values[0];
}
