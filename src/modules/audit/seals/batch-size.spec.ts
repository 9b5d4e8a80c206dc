import { describe, expect, it } from '@jest/globals';
import { BatchSize } from './batch-size.js';

describe('BatchSize', () => {
  it('halves the size after each long batch, down to 50 entries', () => {
    const size = new BatchSize();
    const sizes = Array.from({ length: 6 }, () => {
      size.adapt(251);
      return size.current;
    });
    expect(sizes).toEqual([125, 62, 50, 50, 50, 50]);
  });

  it('doubles the size after each short batch, up to 250 entries', () => {
    const size = new BatchSize();
    for (let batch = 0; batch < 6; batch++) size.adapt(1000);
    const sizes = Array.from({ length: 6 }, () => {
      size.adapt(99);
      return size.current;
    });
    expect(sizes).toEqual([100, 200, 250, 250, 250, 250]);
  });

  it('keeps the size after a batch that is neither long nor short', () => {
    const size = new BatchSize();
    size.adapt(1000);
    size.adapt(200);
    expect(size.current).toBe(125);
  });
});
