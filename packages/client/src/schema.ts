import type { Client } from 'openapi-fetch';
import type { components, paths } from './generated/schema.js';

export type { paths };

/** Requests and responses by the names of the API reference, for example `Schemas['UserGroup']`. */
export type Schemas = components['schemas'];

/** The calls of the API: `GET`, `POST`, `PUT`, `PATCH`, `DELETE`, each with a path and its parameters. */
export type Api = Client<paths>;

/** What a call of the API resolves to. */
export type FetchResult<Data> = { data?: Data; error?: unknown; response: Response };

/** Other headers have the type unknown. */
type Known<Code> = unknown extends Code ? never : Extract<Code, string>;

type CodesOf<Operation> = Operation extends { responses: infer Responses }
  ? {
      [Status in keyof Responses]: Responses[Status] extends { headers: { 'X-Error-Code'?: infer Code } }
        ? Known<Code>
        : never;
    }[keyof Responses]
  : never;

/** The codes of the description. A newer server may have others: treat them by their status. */
export type ErrorCode = {
  [Path in keyof paths]: { [Method in keyof paths[Path]]-?: CodesOf<paths[Path][Method]> }[keyof paths[Path]];
}[keyof paths];
