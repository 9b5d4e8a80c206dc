const MAX_ADDRESS_OCTETS = 254;
const MAX_LOCAL_PART_OCTETS = 64;
const MAX_DOMAIN_OCTETS = 253;

const INVISIBLE = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/u;
const ATOM = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+$/u;
/** A label of the domain in punycode. */
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
/** A label as it was typed, by the rules that apply before punycode: ASCII letters, digits and hyphens, and other scripts. */
const TYPED_LABEL = /^(?!-|..--)[a-z0-9\u0080-\u{10FFFF}-]+(?<!-)$/u;

/**
 * The form in which the server stores an address, null if it surely refuses it: the rules of
 * `src/common/canonical-email.ts`. The domain is converted by the browser, whose checks of other scripts are less strict
 * than those of the server: what that refuses in the end is shown then.
 */
export function canonicalAddress(text: string): string | null {
  const address = text.trim();
  if (address.length > MAX_ADDRESS_OCTETS || INVISIBLE.test(address)) return null;
  const lower = address.toLowerCase();
  if ([address, lower].some((form) => form.normalize('NFKC') !== form)) return null;
  const [local = '', domain = '', ...others] = lower.split('@');
  if (others.length > 0 || octets(local) > MAX_LOCAL_PART_OCTETS) return null;
  if (!local.split('.').every((atom) => ATOM.test(atom))) return null;
  const ascii = asciiDomain(domain);
  const canonical = `${local}@${ascii}`;
  return ascii === null || octets(canonical) > MAX_ADDRESS_OCTETS ? null : canonical;
}

function asciiDomain(domain: string): string | null {
  const isTyped = (label: string) => label.startsWith('xn--') || TYPED_LABEL.test(label);
  if (!domain.split('.').every(isTyped)) return null;
  const ascii = /[^a-z0-9.-]|xn--/.test(domain) ? hostOf(domain) : domain;
  if (ascii === null || ascii.length > MAX_DOMAIN_OCTETS) return null;
  return ascii.split('.').every((label) => LABEL.test(label)) ? ascii : null;
}

/** By UTS #46; null if the domain violates it. */
function hostOf(domain: string): string | null {
  try {
    return new URL(`http://${domain}`).hostname;
  } catch {
    return null;
  }
}

const octets = (text: string): number => new TextEncoder().encode(text).length;
