import type { Client } from './client.ts';

/** Requests in their order, of which later ones may use what earlier ones created. */
export type Sequence = {
  readonly name: string;
  readonly run: (client: Client) => Promise<void>;
  /** Why this server cannot be asked, such as "basic auth"; null if it can. */
  readonly obstacle?: (client: Client) => Promise<string | null>;
};

/**
 * One part of the API. To add one, write a file that exports an `Area` and list it in `areas.ts`. `options` are the
 * command-line options without which it cannot run, such as a credential.
 */
export type Area = {
  readonly name: string;
  readonly options: readonly string[];
  /** Options that it can do without. */
  readonly extras?: readonly string[];
  /** Where its paths begin, and the headers of each request. */
  readonly connect: (url: string, options: Readonly<Record<string, string>>) => Connection;
  readonly sequences: readonly Sequence[];
};

export type Connection = { readonly base: string; readonly headers: Readonly<Record<string, string>> };
