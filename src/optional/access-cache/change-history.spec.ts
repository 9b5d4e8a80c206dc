import { describe, expect, it } from '@jest/globals';
import { ChangeHistory } from './change-history.js';

const NIL = '00000000-0000-0000-0000-000000000000';

describe('ChangeHistory', () => {
  it('reports a change of any of the subjects since a position', () => {
    const history = new ChangeHistory();
    const before = history.position;

    history.add(['ann', 'acme']);

    expect(history.isUnchanged(['key', 'acme'], before)).toBe(false);
    expect(history.isUnchanged(['key', 'acme'], history.position)).toBe(true);
    expect(history.isUnchanged(['ben'], before)).toBe(true);
  });

  it.each([
    ['the nil UUID names everybody', (history: ChangeHistory) => history.add(['ann', NIL])],
    ['everybody was added', (history: ChangeHistory) => history.addEverybody()],
    [
      'more subjects have changed than it remembers',
      (history: ChangeHistory) => history.add(Array.from({ length: 50_001 }, (_, index) => `user ${index}`)),
    ],
  ])('counts every subject as changed when %s', (_, change) => {
    const history = new ChangeHistory();
    const before = history.position;

    change(history);

    expect(history.isUnchanged(['ben'], before)).toBe(false);
    expect(history.isUnchanged([], before)).toBe(false);
    expect(history.isUnchanged(['ben'], history.position)).toBe(true);
  });
});
