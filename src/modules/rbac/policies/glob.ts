/**
 * Whether the whole of `text` fits the pattern: `*` stands for any characters, also none, `?` for exactly one
 * (a Unicode code point); everything else stands for itself. There is no escape.
 *
 * On a mismatch only the last `*` takes one character more, since an earlier one could not find what the last one
 * does not: at most `pattern` × `text` steps, where a regular expression of the same meaning can take exponentially many.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  const wanted = [...pattern];
  const given = [...text];
  let at = 0;
  let star = -1; // the last `*` met, and how far the text goes that it stands for
  let starEnd = 0;
  for (let index = 0; index < given.length;) {
    if (wanted[at] === '*') {
      star = at++;
      starEnd = index;
    } else if (wanted[at] === '?' || wanted[at] === given[index]) {
      at++;
      index++;
    } else if (star >= 0) {
      at = star + 1;
      index = ++starEnd;
    } else return false;
  }
  return wanted.slice(at).every((character) => character === '*');
}
