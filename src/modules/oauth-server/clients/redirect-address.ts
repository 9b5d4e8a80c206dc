export type RedirectKind = 'web' | 'loopback' | 'native';

const LOOPBACK = /^http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost)(?::\d*)?(?=[/?]|$)/;

/** `native`: a scheme that an application on the computer has claimed (RFC 8252, section 7.1). */
export const kindOf = (address: string): RedirectKind =>
  address.startsWith('https://') ? 'web' : LOOPBACK.test(address) ? 'loopback' : 'native';

/** Exactly a registered one; of loopback addresses any port (RFC 8252, section 7.3). */
export const isAllowed = (registered: readonly string[], requested: string): boolean =>
  registered.some(
    (each) =>
      each === requested ||
      (kindOf(each) === 'loopback' &&
        kindOf(requested) === 'loopback' &&
        withoutPort(each) === withoutPort(requested)),
  );

const withoutPort = (address: string) =>
  address.replace(LOOPBACK, (authority) => authority.replace(/:\d*$/, ''));
