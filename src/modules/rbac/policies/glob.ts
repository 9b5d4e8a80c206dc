/**
 * Whether the whole `text` matches the pattern: `*` matches any number of characters, `?` exactly one Unicode code
 * point, everything else itself. There is no escape.
 * On a mismatch only the last `*` is extended, since extending an earlier one cannot find another match: at most
 * `pattern` × `text` steps, where an equivalent regular expression can take exponentially many.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  const wanted = [...pattern];
  const given = [...text];
  let at = 0;
  let star = -1; // index of the last `*`, and the end of the text that it matches
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
