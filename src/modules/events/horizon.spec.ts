import { expect, it } from '@jest/globals';
import { HorizonState } from './horizon.js';

const seen = (written: number, writers: string[] = [], sealed = 0) => ({
  written: String(written),
  sealed: String(sealed),
  writers,
});

it('is the highest visible position while no transaction is writing', () => {
  const state = new HorizonState();

  expect(state.after(seen(5))).toBe(5n);
  expect(state.after(seen(9))).toBe(9n);
});

it('stays while somebody writes who may hold an earlier position', () => {
  const state = new HorizonState();
  state.after(seen(5));

  expect(state.after(seen(8, ['a']))).toBe(5n);
  expect(state.after(seen(9, ['a', 'b']))).toBe(5n);
});

it('moves to a position once those who were writing then have ended, although others write', () => {
  const state = new HorizonState();
  state.after(seen(8, ['a', 'b']));

  expect(state.after(seen(9, ['b', 'c']))).toBe(0n);
  expect(state.after(seen(12, ['c', 'd']))).toBe(8n);
  expect(state.after(seen(13, ['d']))).toBe(8n);
  expect(state.after(seen(14, ['e']))).toBe(12n);
});

it('is old while a transaction that was writing before an entry is open, and not while others come and go', () => {
  const state = new HorizonState();
  state.after(seen(8, ['a']), 0);
  state.after(seen(9, ['b']), 15);
  expect(state.age(15)).toBe(0);

  state.after(seen(9, ['b', 'c']), 30);
  expect(state.age(30)).toBe(15);
  state.after(seen(9, ['c']), 45);
  expect(state.age(45)).toBe(0);
});

it('starts at the end of the last seal, and never moves back', () => {
  const state = new HorizonState();

  expect(state.after(seen(8, ['a'], 3))).toBe(3n);
  expect(state.after(seen(8, ['a'], 2))).toBe(3n);
  expect(state.after(seen(9, ['a', 'b'], 8))).toBe(8n);
  expect(state.after(seen(9, ['b'], 8))).toBe(8n);
  expect(state.after(seen(9, ['c'], 8))).toBe(9n);
});

it('waits for a transaction that was prepared meanwhile, and so has another id', () => {
  const state = new HorizonState();
  state.after(seen(8, ['a', 'b']));

  expect(state.after(seen(9, ['prepared 1', 'b']))).toBe(0n);
  expect(state.after(seen(9, ['prepared 1']))).toBe(0n);
  expect(state.after(seen(9, ['prepared 2', 'c']))).toBe(8n);
});
