import { useState } from 'react';
import type { ListView } from '../list/use-list-view';

/** Rows by their ids, also of other pages. */
export type Selection<Row> = {
  readonly rows: ReadonlyMap<string, Row>;
  /** Adds the rows or, if `isSelected` is false, takes them out. */
  readonly set: (rows: readonly Row[], isSelected: boolean) => void;
  readonly replace: (rows: readonly Row[]) => void;
};

/** Kept while the page or the order changes; a list of others begins without one. */
export function useSelection<Row extends { readonly id: string }>({
  query,
  filters,
}: ListView): Selection<Row> {
  const list = JSON.stringify([query, filters]);
  const [state, setState] = useState({ list, rows: new Map<string, Row>() });
  const rows = state.list === list ? state.rows : new Map<string, Row>();
  return {
    rows,
    set: (changed, isSelected) => {
      const next = new Map(rows);
      for (const row of changed)
        if (isSelected) next.set(row.id, row);
        else next.delete(row.id);
      setState({ list, rows: next });
    },
    replace: (chosen) => setState({ list, rows: new Map(chosen.map((row) => [row.id, row])) }),
  };
}
