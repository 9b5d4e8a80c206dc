import { describe, expect, it } from '@jest/globals';
import { SecretBox } from './secret-box.js';

const box = new SecretBox('a secret of the installation', 'test');
const TEXT = '{"state":"äöü"}';

describe('SecretBox', () => {
  it('decrypts an encrypted text to the original', () => {
    expect(box.decrypt(box.encrypt(TEXT))).toBe(TEXT);
    expect(box.decrypt(box.encrypt(''))).toBe('');
  });

  it('hides the text and encrypts it differently each time', () => {
    const [first, second] = [box.encrypt(TEXT), box.encrypt(TEXT)];
    expect(Buffer.from(first, 'base64url').toString('latin1')).not.toContain('state');
    expect(first).not.toBe(second);
  });

  it('returns null when any byte has been changed', () => {
    const bytes = Buffer.from(box.encrypt(TEXT), 'base64url');
    for (const index of bytes.keys()) {
      const changed = Buffer.from(bytes);
      changed[index]! ^= 1;
      expect(box.decrypt(changed.toString('base64url'))).toBeNull();
    }
  });

  it.each(['', 'nonsense', 'A'.repeat(200)])('returns null for the malformed text %j', (text) => {
    expect(box.decrypt(text)).toBeNull();
  });

  it('decrypts only with the same secret and for the same purpose', () => {
    const encrypted = box.encrypt(TEXT);
    expect(new SecretBox('another secret', 'test').decrypt(encrypted)).toBeNull();
    expect(new SecretBox('a secret of the installation', 'another').decrypt(encrypted)).toBeNull();
  });
});
