import { deepStrictEqual } from 'node:assert/strict';

/** Throws if the responses of the two servers differ: their times would not be comparable. */
export async function assertSameAnswers(ours: string, theirs: string, key: string): Promise<void> {
  const [one, other] = await Promise.all([ours, theirs].map((url) => answer(url, key)));
  deepStrictEqual(one, other, `${ours} and the bare server answer differently`);
}

async function answer(url: string, key: string) {
  const response = await fetch(url, { headers: { 'x-api-key': key } });
  const body: unknown = await response.json();
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}: ${JSON.stringify(body)}`);
  return { body, total: response.headers.get('x-pagination-total') };
}
