import { describe, expect, it } from '@jest/globals';
import { Seal } from './seal.js';

const seal = new Seal('a secret of the installation', 'test');
const TEXT = '{"state":"äöü"}';

describe('a sealed text', () => {
  it('comes back as it was', () => {
    expect(seal.open(seal.seal(TEXT))).toBe(TEXT);
    expect(seal.open(seal.seal(''))).toBe('');
  });

  it('cannot be read, and is another text each time', () => {
    const [first, second] = [seal.seal(TEXT), seal.seal(TEXT)];
    expect(Buffer.from(first, 'base64url').toString('latin1')).not.toContain('state');
    expect(first).not.toBe(second);
  });

  it('is nothing when any byte of it was changed', () => {
    const bytes = Buffer.from(seal.seal(TEXT), 'base64url');
    for (const index of bytes.keys()) {
      const changed = Buffer.from(bytes);
      changed[index]! ^= 1;
      expect(seal.open(changed.toString('base64url'))).toBeNull();
    }
  });

  it.each(['', 'nonsense', 'A'.repeat(200)])('is not %j', (text) => {
    expect(seal.open(text)).toBeNull();
  });

  it('opens only with the same secret and for the same purpose', () => {
    const sealed = seal.seal(TEXT);
    expect(new Seal('another secret', 'test').open(sealed)).toBeNull();
    expect(new Seal('a secret of the installation', 'another').open(sealed)).toBeNull();
  });
});
