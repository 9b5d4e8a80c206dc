import { describe, expect, it } from '@jest/globals';
import { Lease } from './lease.js';

/** A lease that was asked for at 1000 ms by both clocks, when the database's clock said 500 s. */
function heldLease() {
  const clock = { monotonicMs: 1000, wallMs: 1000 };
  const lease = new Lease(() => ({ ...clock }));
  lease.grant(lease.now(), 500);
  const pass = (monotonicMs: number, wallMs = monotonicMs) => {
    clock.monotonicMs += monotonicMs;
    clock.wallMs += wallMs;
  };
  return { lease, pass };
}

describe('Lease', () => {
  it('is not valid before it was granted', () => {
    expect(new Lease().isValid).toBe(false);
  });

  it('is valid until 100 ms after it was asked for', () => {
    const { lease, pass } = heldLease();

    pass(99.9);
    expect(lease.isValid).toBe(true);
    pass(0.1);
    expect(lease.isValid).toBe(false);
  });

  it.each([
    ['the process was paused', 60_000, 60_000],
    ['the machine slept and the monotonic clock stood still', 0, 60_000],
    ['the wall clock was set forward', 10, 60_010],
    ['the wall clock was set back', 10, -50],
  ])('is not valid after %s', (_, monotonicMs, wallMs) => {
    const { lease, pass } = heldLease();

    pass(monotonicMs, wallMs);

    expect(lease.isValid).toBe(false);
  });

  it('is not valid after its end', () => {
    const { lease } = heldLease();

    lease.end();

    expect(lease.isValid).toBe(false);
    expect(lease.ageMs).toBeNull();
  });

  it('adds what has passed since the question to the time of the database', () => {
    const { lease, pass } = heldLease();

    pass(50);

    expect(lease.latestDatabaseSeconds).toBeCloseTo(500.05, 5);
    expect(lease.ageMs).toBe(50);
  });
});
