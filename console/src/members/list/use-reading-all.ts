import { useEffect, useRef, useState } from 'react';
import type { Page, ShownList } from './use-member-list';

type State = { readonly read: number; readonly total: number };

/** Reads all rows that match; `progress` is null while nothing is read. */
export function useReadingAll<Row extends { readonly id: string }>(readPart: ShownList<Row>['readPart']) {
  const [progress, setProgress] = useState<State | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  const start = async (use: (rows: Row[]) => void) => {
    const controller = new AbortController();
    running.current = controller;
    setError(null);
    setProgress({ read: 0, total: 0 });
    try {
      const onProgress = (read: number, total: number) => setProgress({ read, total });
      use(await readAll(readPart, { signal: controller.signal, onProgress }));
    } catch (problem) {
      if (!controller.signal.aborted) setError(problem as Error);
    } finally {
      setProgress(null);
    }
  };
  return { start, stop: () => running.current?.abort(), progress, error };
}

const LARGEST_PAGE = 500;

type Options = { readonly signal: AbortSignal; readonly onProgress: (read: number, total: number) => void };

/** All rows that match, page by page. A row that moves to another page meanwhile is returned once. */
async function readAll<Row extends { readonly id: string }>(
  readPart: ShownList<Row>['readPart'],
  { signal, onProgress }: Options,
): Promise<Row[]> {
  const all = new Map<string, Row>();
  for (let offset = 0; ; offset += LARGEST_PAGE) {
    const { rows, total }: Page<Row> = await readPart({ limit: LARGEST_PAGE, offset });
    signal.throwIfAborted();
    for (const row of rows) all.set(row.id, row);
    onProgress(all.size, total);
    if (rows.length < LARGEST_PAGE) return [...all.values()];
  }
}
