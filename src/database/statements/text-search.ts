/** A pattern of LIKE that matches this text alone. */
export const escapeLike = (text: string): string => text.replace(/[\\%_]/g, '\\$&');

/** A pattern of LIKE for texts that contain `part`, in which no character is special. */
export const containing = (part: string): string => `%${escapeLike(part)}%`;

/** How people are searched for a text, in any letter case (docs/contract/members.md#search). */
export type TextSearch = {
  /** Whether a trigram index finds the matches. */
  readonly isIndexed: boolean;
  /** The parameters of the condition, patterns of LIKE. */
  readonly patterns: readonly string[];
  readonly condition: (email: string, fullName: string, ...parameters: string[]) => string;
};

/** One or two letters contain no trigram. An index finds words that begin with them, since it counts a space in front. */
const FIRST_LETTERS = /^[a-z0-9]{1,2}$/i;
const TRIGRAM = 3;

export function textSearch(text: string): TextSearch {
  if (FIRST_LETTERS.test(text))
    return {
      isIndexed: true,
      patterns: [`${text}%`, `% ${text}%`],
      condition: (email, fullName, $first, $word) =>
        `(${email} like lower(${$first}::text) or ${fullName} ilike ${$first}::text or ${fullName} ilike ${$word}::text)`,
    };
  const patterns = [containing(text)];
  if (text.length < TRIGRAM)
    return {
      isIndexed: false,
      patterns,
      condition: (email, fullName, $text) =>
        `(${email} like lower(${$text}::text) or lower(${fullName}) like lower(${$text}::text))`,
    };
  return {
    isIndexed: true,
    patterns,
    condition: (email, fullName, $text) =>
      `(${email} like lower(${$text}::text) or ${fullName} ilike ${$text}::text)`,
  };
}
