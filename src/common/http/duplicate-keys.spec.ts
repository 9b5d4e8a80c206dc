import { describe, expect, it } from '@jest/globals';
import { MalformedJson, parseJson } from './body-parsers.js';

function parse(text: string): unknown {
  let result: unknown;
  parseJson({ headers: {} } as never, Buffer.from(text), (_, body) => (result = body));
  return result;
}

/** The locations of the duplicate keys; null if the body is accepted. */
function refused(text: string): unknown {
  const body = parse(text);
  return body instanceof MalformedJson ? body.problems.map(({ loc }) => loc) : null;
}

describe('a body with a duplicate key', () => {
  it.each<[string, (string | number)[]]>([
    ['{"a":1,"a":1}', ['a']],
    ['{"a":1,"b":2,"a":3}', ['a']],
    ['{"a":1,"\\u0061":2}', ['a']],
    ['{"\\u0061":1,"a":2}', ['a']],
    ['{ "a" : 1 ,\n"a"\t: 2 }', ['a']],
    ['{"":1,"":2}', ['']],
    ['{"\\"":1,"\\u0022":2}', ['"']],
    ['{"\\\\":1,"\\\\":2}', ['\\']],
    ['{"__proto__":1,"__proto__":2}', ['__proto__']],
    ['{"__proto__":{},"\\u005f_proto__":{}}', ['__proto__']],
    ['{"constructor":1,"constructor":2}', ['constructor']],
    ['{"1":1,"1":2}', ['1']],
    ['[{"a":1},{"a":1,"a":2}]', [1, 'a']],
    ['{"x":{"y":[0,[],{"z":1,"z":{"q":1}}]}}', ['x', 'y', 2, 'z']],
    ['{"a":{"b":":"},"a":2}', ['a']],
    ['{"a":"\\u003a","a":""}', ['a']],
    ['{"a":"\\u003A","b":1,"b":1}', ['b']],
    ['{"a":":\\\\u003a","a":""}', ['a']],
    ['{"a:":1,"a\\u003a":2}', ['a:']],
    ['{"ä":1,"\\u00e4":2}', ['ä']],
    ['{"😀":1,"\\ud83d\\ude00":2}', ['😀']],
  ])('refuses a body with a duplicate key and reports its location: %s', (text, path) => {
    expect(refused(text)).toEqual([['body', ...path]]);
  });
});

describe('a body without a duplicate key', () => {
  it.each([
    '{}',
    '[]',
    '"a"',
    '7',
    'null',
    '{"a":1,"A":2,"a ":3}',
    '{"a":{"a":{"a":1}},"b":[{"a":1},{"a":1}]}',
    '{"a":"\\"b\\":1,\\"b\\":2"}',
    '{"a":"{\\"b\\":1,\\"b\\":2}","b":"\\\\"}',
    '{"a:":":","b":["::",":"],"c":"\\u003a"}',
    '{"time":"2030-01-01T00:00:00Z","url":"https://a.test:8080/"}',
    '{"\\u003a":1,":\\u003a":2}',
    '{"a":"\\\\u003a"}',
    '{"é":1,"e\\u0301":2}',
    '{"__proto__":{"a":1},"constructor":1,"hasOwnProperty":2}',
  ])('parses a body without duplicate keys as JSON.parse does: %s', (text) => {
    expect(parse(text)).toEqual(JSON.parse(text));
  });
});

it('finds an escaped duplicate key after an object with a backslash in a key', () => {
  for (let n = 0; n < 5; n++) parse('{"x":1,"a":1,"\\\\":2}');

  expect(refused('{"x":1,"a":1,"\\u0061":2}')).toEqual([['body', 'a']]);
});

it('reports at most a hundred duplicate keys and shortens long ones', () => {
  const long = 'k'.repeat(10_000);
  const rows = Array.from({ length: 500 }, () => `{"${long}":1,"${long}":2}`);

  const body = parse(`[${rows.join()}]`) as MalformedJson;

  expect(body.problems).toHaveLength(100);
  expect(body.problems[99]!.loc).toEqual(['body', 99, 'k'.repeat(255)]);
});

/** JSON with many strings, colons and escapes, and with or without duplicate keys. */
function randomJson(next: () => number, depth: number): string {
  const choose = (from: readonly string[]) => from[Math.floor(next() * from.length)]!;
  const string = () =>
    `"${Array.from({ length: Math.floor(next() * 3) }, () => choose(['a', ':', '\\u003a', '\\"', '\\\\', '{', ',', '\\u0061'])).join('')}"`;
  const kind = depth > 3 ? 0 : next();
  if (kind < 0.4) return choose([string(), '1', 'null', string()]);
  const count = Math.floor(next() * 4);
  if (kind < 0.6) return `[${Array.from({ length: count }, () => randomJson(next, depth + 1)).join(', ')}]`;
  return `{${Array.from({ length: count }, () => `${string()} : ${randomJson(next, depth + 1)}`).join()}}`;
}

/** A reference implementation that reads every token. */
function hasDuplicates(text: string): boolean {
  const open: Set<string>[] = [];
  const tokens = text.match(/"(?:[^"\\]|\\.)*"?(?:\s*:)?|[{}[\]]/g) ?? [];
  for (const token of tokens) {
    if (token === '{' || token === '[') open.push(new Set());
    else if (token === '}' || token === ']') open.pop();
    else if (token.endsWith(':')) {
      const key = JSON.parse(token.slice(0, -1)) as string;
      if (open.at(-1)!.has(key)) return true;
      open.at(-1)!.add(key);
    }
  }
  return false;
}

it('refuses of ten thousand random bodies exactly the ones with a duplicate key', () => {
  let seed = 20_261_126;
  const next = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  let withDuplicates = 0;

  for (let n = 0; n < 10_000; n++) {
    const text = randomJson(next, 0);
    const isRefused = parse(text) instanceof MalformedJson;
    if (isRefused !== hasDuplicates(text)) throw new Error(`wrong about ${text}`);
    if (isRefused) withDuplicates++;
  }

  expect(withDuplicates).toBeGreaterThan(500);
});
