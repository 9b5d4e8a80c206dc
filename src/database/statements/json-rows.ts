/** The rows of a query as a JSON array, with its columns as keys: a part of a statement. */
export const jsonRows = (query: string): string => `(select coalesce(json_agg(r), '[]') from (${query}) r)`;
