import { describe, expect, it } from '@jest/globals';
import { JsonText } from './json-text.reply.js';
import { KeptBodies } from './kept-bodies.js';

const [ANN, BEN, ACME, GLOBEX] = [{ id: 'ann' }, { id: 'ben' }, { id: 'acme' }, { id: 'globex' }];

/** Bodies of at most 30 characters together, and how often each text was made. */
function makeBodies() {
  const bodies = new KeptBodies(30);
  const made: string[] = [];
  const get = (caller: object, from: readonly unknown[], name: string) =>
    bodies.of(caller, from, () => {
      made.push(name);
      return { name };
    });
  return { get, made };
}

describe('KeptBodies', () => {
  it('makes the text of a body once, when it is asked for a second time', () => {
    const { get, made } = makeBodies();

    expect(get(ANN, [ACME], 'a')).toEqual({ name: 'a' });
    for (const _ of [1, 2, 3]) expect(get(ANN, [ACME], 'a')).toEqual(new JsonText('{"name":"a"}'));
    expect(made).toEqual(['a', 'a']);
  });

  it('makes the body again for another caller, and when what it follows from is another object', () => {
    const { get } = makeBodies();
    for (const _ of [1, 2]) get(ANN, [ACME, false], 'old');

    expect(get(ANN, [GLOBEX, false], 'new')).toEqual({ name: 'new' });
    expect(get(ANN, [GLOBEX, true], 'newer')).toEqual({ name: 'newer' });
    expect(get(BEN, [ACME, false], 'of ben')).toEqual({ name: 'of ben' });
  });

  it('drops the oldest texts beyond the limit, and makes them again', () => {
    const { get, made } = makeBodies();
    for (const caller of [ANN, ANN, BEN, BEN, ACME, ACME]) get(caller, [], 'x'); // three texts of twelve characters
    made.length = 0;

    expect(get(ACME, [], 'x')).toEqual(new JsonText('{"name":"x"}'));
    expect(get(BEN, [], 'x')).toEqual(new JsonText('{"name":"x"}'));
    expect(made).toEqual([]);
    expect(get(ANN, [], 'y')).toEqual(new JsonText('{"name":"y"}'));
    expect(made).toEqual(['y']);
  });
});
