import { JsonText } from './json-text.reply.js';

/** In characters, of all texts together: about a thousand organizations, or a hundred long lists. */
const MAX_LENGTH = 4_000_000;

/** `body`: null until it is asked for again. */
type Kept = { readonly from: readonly unknown[]; body: JsonText | null };

/**
 * The bodies of one route, where they follow from cached objects alone: serialized once, and used while these are the same
 * objects, so exactly as long as their caches use them (docs/decisions/0084). The oldest texts are dropped.
 */
export class KeptBodies {
  private readonly byCaller = new WeakMap<object, Kept>();
  /** Those with a text, oldest first. */
  private readonly texts = new Set<Kept>();
  private length = 0;

  constructor(private readonly maxLength = MAX_LENGTH) {}

  /**
   * What `make` returns, or its text from the second time on, since objects that are not cached do not come again.
   *
   * @param caller `Principal.facts`
   * @param from all else that the body follows from, compared by identity
   */
  of(caller: object, from: readonly unknown[], make: () => object): object {
    const kept = this.byCaller.get(caller);
    if (kept && isSame(kept.from, from)) return kept.body ?? this.serialize(kept, make());
    if (kept) this.drop(kept);
    this.byCaller.set(caller, { from, body: null });
    return make();
  }

  private serialize(kept: Kept, body: object): JsonText {
    const serialized = new JsonText(JSON.stringify(body));
    kept.body = serialized;
    this.texts.add(kept);
    this.length += serialized.text.length;
    for (const oldest of this.texts) {
      if (this.length <= this.maxLength) break;
      this.drop(oldest);
    }
    return serialized;
  }

  private drop(kept: Kept): void {
    this.texts.delete(kept);
    this.length -= kept.body?.text.length ?? 0;
    kept.body = null;
  }
}

const isSame = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((value, index) => value === b[index]);
