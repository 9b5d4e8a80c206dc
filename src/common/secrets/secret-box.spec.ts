import { describe, expect, it } from '@jest/globals';
import { SecretBox } from './secret-box.js';

const box = new SecretBox('a secret of the installation', 'test');
const TEXT = '{"state":"äöü"}';

describe('a sealed text', () => {
  it('comes back as it was', () => {
    expect(box.decrypt(box.encrypt(TEXT))).toBe(TEXT);
    expect(box.decrypt(box.encrypt(''))).toBe('');
  });

  it('cannot be read, and is another text each time', () => {
    const [first, second] = [box.encrypt(TEXT), box.encrypt(TEXT)];
    expect(Buffer.from(first, 'base64url').toString('latin1')).not.toContain('state');
    expect(first).not.toBe(second);
  });

  it('is nothing when any byte of it was changed', () => {
    const bytes = Buffer.from(box.encrypt(TEXT), 'base64url');
    for (const index of bytes.keys()) {
      const changed = Buffer.from(bytes);
      changed[index]! ^= 1;
      expect(box.decrypt(changed.toString('base64url'))).toBeNull();
    }
  });

  it.each(['', 'nonsense', 'A'.repeat(200)])('is not %j', (text) => {
    expect(box.decrypt(text)).toBeNull();
  });

  it('opens only with the same secret and for the same purpose', () => {
    const sealed = box.encrypt(TEXT);
    expect(new SecretBox('another secret', 'test').decrypt(sealed)).toBeNull();
    expect(new SecretBox('a secret of the installation', 'another').decrypt(sealed)).toBeNull();
  });
});
