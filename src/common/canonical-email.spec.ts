import { describe, expect, it } from '@jest/globals';
import { canonicalEmail, canonicalSearchEmail, InvalidEmail } from './canonical-email.js';

const accepted: [what: string, input: string, canonical: string][] = [
  ['only lower-case ASCII letters', 'ada@example.com', 'ada@example.com'],
  ['capitals', 'Ada.Lovelace@Example.COM', 'ada.lovelace@example.com'],
  ['space around it', ' \tada@example.com\r\n', 'ada@example.com'],
  ['the domain of the default admin', 'admin@localhost.localdomain', 'admin@localhost.localdomain'],
  ['a domain of one label', 'root@localhost', 'root@localhost'],
  ['a plus tag, as a mailbox of its own', 'ada+spam@example.com', 'ada+spam@example.com'],
  ['dots of a Gmail address, which stay', 'a.d.a@gmail.com', 'a.d.a@gmail.com'],
  ['every symbol of a dot-atom', "!#$%&'*+-/=?^_`{|}~@example.com", "!#$%&'*+-/=?^_`{|}~@example.com"],
  ['an internationalised domain', 'ada@BÜCHER.example', 'ada@xn--bcher-kva.example'],
  ['the same domain in punycode', 'ada@XN--BCHER-KVA.example', 'ada@xn--bcher-kva.example'],
  ['ß, which is not ss', 'ada@straße.example', 'ada@xn--strae-oqa.example'],
  ['ß before the @', 'Straße@example.com', 'straße@example.com'],
  ['a Greek word with its final sigma', 'ΝΙΚΟΣ@example.com', 'νικος@example.com'],
  ['a Hindi local part, marks included', 'हिन्दी@example.com', 'हिन्दी@example.com'],
  ['a Turkish capital İ, which is not i', '\u0130smail@example.com', 'i\u0307smail@example.com'],
  ['64 bytes before the @', `${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`],
  ['254 bytes in all', longAddress(254), longAddress(254)],
];

const refused: [what: string, input: string, reason: RegExp][] = [
  ['no characters', '', /exactly one @/],
  ['no @', 'ada.example.com', /exactly one @/],
  ['two @', 'ada@evil.test@example.com', /exactly one @/],
  ['a quoted local part', '"ada@home"@example.com', /exactly one @/],
  ['a quoted local part without an @', '"ada"@example.com', /before the @/],
  ['a display name', 'Ada<ada@example.com>', /before the @/],
  ['an empty local part', '@example.com', /before the @/],
  ['a leading dot', '.ada@example.com', /before the @/],
  ['a trailing dot before the @', 'ada.@example.com', /before the @/],
  ['a double dot', 'ada..l@example.com', /before the @/],
  ['an emoji before the @', '\u{1F600}@example.com', /before the @/],
  ['65 bytes before the @', `${'a'.repeat(65)}@example.com`, /more than 64 bytes/],
  ['33 two-byte letters before the @', `${'é'.repeat(33)}@example.com`, /more than 64 bytes/],
  ['255 bytes in all', longAddress(255), /longer than 254/],
  ['punycode that is too long', longOnlyInPunycode(), /longer than 254/],
  ['10,000 letters, before parsing it', `ada@${'\u00e4'.repeat(10_000)}`, /longer than 254/],
  ['no domain', 'ada@', /after the @/],
  ['a trailing dot in the domain', 'ada@example.com.', /after the @/],
  ['a leading dot in the domain', 'ada@.example.com', /after the @/],
  ['an empty label', 'ada@example..com', /after the @/],
  ['a label that starts with a hyphen', 'ada@-example.com', /after the @/],
  ['a label that ends with a hyphen', 'ada@example-.com', /after the @/],
  ['an underscore in the domain', 'ada@ex_ample.com', /after the @/],
  ['an address literal', 'ada@[127.0.0.1]', /after the @/],
  ['a percent sign in the domain', 'ada@ex%41mple.com', /after the @/],
  ['a path after the domain', 'ada@example.com/evil.test', /after the @/],
  ['a label of 64 characters', `ada@${'a'.repeat(64)}.com`, /after the @/],
  ['punycode that does not decode', 'ada@xn--zzzzzz99999.com', /after the @/],
  ['punycode of plain letters', 'ada@xn--abc-.com', /after the @/],
  ['punycode of a capital Ä', 'ada@xn--zda.com', /after the @/],
  ['punycode of full-width letters', 'ada@xn--8q7caa.com', /after the @/],
  ['punycode of a joiner that joins nothing', 'ada@xn--ab-m1t.com', /after the @/],
  ['a label that mixes writing directions', 'ada@a\u05d0b.com', /after the @/],
  ['a full-width @', 'ada\uff20example.com', /normalisation/],
  ['a small @', 'ada\ufe6bexample.com', /normalisation/],
  ['full-width letters', '\uff41da@example.com', /normalisation/],
  ['a full-width dot', 'ada@example\uff0ecom', /normalisation/],
  ['the Kelvin sign', '\u212aate@example.com', /normalisation/],
  ['a ligature', 'so\ufb01a@example.com', /normalisation/],
  ['an accent typed apart from its letter', 'rene\u0301@example.com', /normalisation/],
  ['a capital whose small letter is another character', 'J\u030c@example.com', /normalisation/],
  ['NUL', 'ada@example.com\0', /invisible/],
  ['a line break inside', 'ada@example.com\r\nbcc:eve@evil.test', /invisible/],
  ['a space inside', 'ada l@example.com', /invisible/],
  ['a no-break space inside', 'ada\u00a0l@example.com', /invisible/],
  ['a zero-width space', 'ada\u200b@example.com', /invisible/],
  ['a zero-width joiner in the domain', 'ada@exam\u200dple.com', /invisible/],
  ['a soft hyphen', 'ada@exam\u00adple.com', /invisible/],
  ['a right-to-left override', '\u202eada@example.com', /invisible/],
  ['a variation selector', 'ada\ufe0f@example.com', /invisible/],
  ['a Hangul filler', 'ada\u115f@example.com', /invisible/],
  ['a byte-order mark inside', 'ada@\ufeffexample.com', /invisible/],
  ['half a surrogate pair', 'ada\ud800@example.com', /invisible/],
  ['an unassigned code point', 'ada\u0378@example.com', /invisible/],
];

describe('canonicalEmail', () => {
  it.each(accepted)('accepts an address with %s', (_what, input, canonical) => {
    expect(canonicalEmail(input)).toBe(canonical);
  });

  it.each(refused)('refuses an address with %s', (_what, input, reason) => {
    expect(refusalOf(input)).toMatch(reason);
  });

  it('refuses an address that is not a string', () => {
    const fromJson: string = JSON.parse('["ada@example.com", "eve@evil.test"]');
    expect(refusalOf(fromJson)).toBe('must be a string');
  });

  it('distinguishes a Cyrillic look-alike from the Latin address', () => {
    const [latin, cyrillic] = ['ada@paypal.example', '\u0430da@paypal.example'].map(canonicalEmail);
    expect(cyrillic).not.toBe(latin);
    expect(canonicalEmail('ada@p\u0430ypal.example')).not.toBe(latin);
  });

  it('returns a canonical address unchanged, for every letter that has case', () => {
    const unstable: string[] = [];
    for (const character of lettersWithCase()) {
      const once = accept(`A${character}@example.com`);
      if (once !== undefined && accept(once) !== once) unstable.push(character);
    }
    expect(unstable).toEqual([]);
  });
});

function lettersWithCase(): string[] {
  const characters = Array.from({ length: 0x20000 }, (_, codePoint) => String.fromCodePoint(codePoint));
  return characters.filter((character) => character.toLowerCase() !== character.toUpperCase());
}

/** 64 bytes, @, and labels of at most 63 up to the length asked for. */
function longAddress(bytes: number): string {
  const domain = `${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(63)}`;
  return `${'a'.repeat(64)}@${domain}`.slice(0, bytes);
}

/** 240 characters as typed, 261 as stored: each label `äbb…b` grows from 55 to 62. */
function longOnlyInPunycode(): string {
  const label = `\u00e4${'b'.repeat(54)}`;
  return `${'a'.repeat(64)}@${label}.${label}.${label}.example`;
}

function accept(input: string): string | undefined {
  try {
    return canonicalEmail(input);
  } catch (error) {
    if (error instanceof InvalidEmail) return undefined;
    throw error;
  }
}

function refusalOf(input: string): string | undefined {
  try {
    canonicalEmail(input);
    return undefined;
  } catch (error) {
    if (error instanceof InvalidEmail) return error.reason;
    throw error;
  }
}

describe('canonicalSearchEmail', () => {
  it.each([
    [' Ada@B\u00fccher.Example ', 'ada@xn--bcher-kva.example'],
    [' Not an Address ', 'not an address'],
  ])('the search text %j is looked up as %j', (input, stored) => {
    expect(canonicalSearchEmail(input)).toBe(stored);
  });
});
