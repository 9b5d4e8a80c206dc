import { expect, it } from '@jest/globals';
import { HorizonState } from './horizon.js';

const seen = (written: number, writers: string[] = [], sealed = 0, isContinued = true) => ({
  written: String(written),
  writtenId: `entry ${written}`,
  sealed: String(sealed),
  sealedId: null,
  writers,
  isContinued,
});

it('is the highest visible position while no transaction is writing', () => {
  const state = new HorizonState();

  expect(state.after(seen(5))).toMatchObject({ position: 5n });
  expect(state.after(seen(9))).toMatchObject({ position: 9n });
});

it('stays while somebody writes who may hold an earlier position', () => {
  const state = new HorizonState();
  state.after(seen(5));

  expect(state.after(seen(8, ['a']))).toMatchObject({ position: 5n });
  expect(state.after(seen(9, ['a', 'b']))).toMatchObject({ position: 5n });
});

it('moves to a position once those who were writing then have ended, although others write', () => {
  const state = new HorizonState();
  state.after(seen(8, ['a', 'b']));

  expect(state.after(seen(9, ['b', 'c']))).toMatchObject({ position: 0n });
  expect(state.after(seen(12, ['c', 'd']))).toMatchObject({ position: 8n });
  expect(state.after(seen(13, ['d']))).toMatchObject({ position: 8n });
  expect(state.after(seen(14, ['e']))).toMatchObject({ position: 12n });
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

  expect(state.after(seen(8, ['a'], 3))).toMatchObject({ position: 3n });
  expect(state.after(seen(8, ['a'], 2))).toMatchObject({ position: 3n });
  expect(state.after(seen(9, ['a', 'b'], 8))).toMatchObject({ position: 8n });
  expect(state.after(seen(9, ['b'], 8))).toMatchObject({ position: 8n });
  expect(state.after(seen(9, ['c'], 8))).toMatchObject({ position: 9n });
});

it('waits for a transaction that was prepared meanwhile, and so has another id', () => {
  const state = new HorizonState();
  state.after(seen(8, ['a', 'b']));

  expect(state.after(seen(9, ['prepared 1', 'b']))).toMatchObject({ position: 0n });
  expect(state.after(seen(9, ['prepared 1']))).toMatchObject({ position: 0n });
  expect(state.after(seen(9, ['prepared 2', 'c']))).toMatchObject({ position: 8n });
});

it('is forgotten when the database has gone back, with what it waits for', () => {
  const state = new HorizonState();
  state.after(seen(8));
  state.after(seen(9, ['a']));

  expect(state.after(seen(4, ['b'], 2, false))).toEqual({ position: 2n, id: null });
  expect(state.after(seen(5, ['c'], 2))).toEqual({ position: 4n, id: 'entry 4' });
  expect(state.resets).toBe(1);
});
