import { last } from '../../../common/collections.js';
import { ValidationFailed } from '../../../common/errors/errors.js';
import { CursorText } from '../../../common/lists/cursor-list.js';
import type { AccessQuestion, DecideAccess } from '../decisions/decide-access.js';

/** A page of candidates; `next`: after which position more may follow, null after the last one. */
export type Candidates<Item> = {
  readonly candidates: readonly {
    readonly position: string;
    readonly item: Item;
    readonly question: AccessQuestion;
  }[];
  readonly next: string | null;
};
/** `nextToken`: empty on the last page. */
export type Found<Item> = { readonly items: readonly Item[]; readonly nextToken: string };

/** Of a search for what there is not. */
export const NOTHING_FOUND: Found<never> = { items: [], nextToken: '' };

/** How many times candidates are read for one page, each time more. A page is short if they were denied. */
const MAX_READS = 4;
const MOST_CANDIDATES = 250;

/** One page of a search (section 8.2). `scope` has everything that selects results; a token names a position among them. */
export class SearchPage {
  private readonly text: CursorText;
  private readonly after: string | null;

  /** @throws ValidationFailed for a token of another search */
  constructor(
    token: string,
    private readonly limit: number,
    scope: readonly unknown[],
    private readonly isPosition: (position: string) => boolean,
  ) {
    this.text = new CursorText(scope);
    this.after = token === '' ? null : this.positionOf(token);
  }

  /** The candidates that the decision allows, so that every result is what an evaluation of it says. */
  async fill<Item>(
    orgId: string,
    decisions: DecideAccess,
    read: (after: string | null, limit: number) => Promise<Candidates<Item>>,
  ): Promise<Found<Item>> {
    const found: { position: string; item: Item }[] = [];
    let position = this.after;
    for (let count = 0; count < MAX_READS; count++) {
      const { candidates, next } = await read(
        position,
        Math.min((this.limit + 1) * 3 ** count, MOST_CANDIDATES),
      );
      const questions = candidates.map(({ question }) => question);
      const decided = questions.length === 0 ? [] : await decisions.decide(orgId, questions);
      found.push(...candidates.filter((_, index) => decided[index]?.allowed));
      if (found.length > this.limit) {
        const shown = found.slice(0, this.limit);
        return this.found(shown, last(shown).position);
      }
      if (next === null) return this.found(found, null);
      position = next;
    }
    return this.found(found, position);
  }

  private found<Item>(shown: readonly { item: Item }[], next: string | null): Found<Item> {
    return { items: shown.map(({ item }) => item), nextToken: next === null ? '' : this.text.encode(next) };
  }

  private positionOf(token: string): string {
    const [position] = this.text.decode(token);
    if (typeof position !== 'string' || !this.isPosition(position))
      throw new ValidationFailed([OTHER_SEARCH]);
    return position;
  }
}

const OTHER_SEARCH = {
  loc: ['body', 'page', 'token'],
  msg: 'The token is not of this search: send it with the same members',
  type: 'value_error',
};
