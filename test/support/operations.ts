import type { TestApp } from './test-app.js';

type Parameter = { name: string; in: string };
type Described = {
  security?: Record<string, unknown>[];
  parameters?: Parameter[];
  requestBody?: object;
  responses?: Record<string, { content?: object }>;
  'x-permission'?: string;
};

/** One operation of the served description, as far as tests of refusals need it. */
export type Operation = {
  /** `PATCH /api/v1/workspaces/{workspace_id}` */
  name: string;
  method: string;
  path: string;
  pathParameters: string[];
  isPublic: boolean;
  takesKeys: boolean;
  hasBody: boolean;
  returnsProblems: boolean;
  permission: string | null;
};

/** Every operation of the description that the server serves. */
export async function operationsOf({ url }: TestApp): Promise<Operation[]> {
  const { paths } = (await (await fetch(`${url}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, Described>>;
  };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => toOperation(method.toUpperCase(), path, described)),
  );
}

function toOperation(method: string, path: string, described: Described): Operation {
  const schemes = (described.security ?? []).flatMap((scheme) => Object.keys(scheme));
  return {
    name: `${method} ${path}`,
    method,
    path,
    pathParameters: (described.parameters ?? []).filter((one) => one.in === 'path').map(({ name }) => name),
    isPublic: schemes.length === 0,
    takesKeys: schemes.includes('API_Key'),
    hasBody: described.requestBody !== undefined,
    returnsProblems: 'application/problem+json' in (described.responses?.[401]?.content ?? {}),
    permission: described['x-permission'] ?? null,
  };
}

/** The path with its parameters filled in; one that is missing in `values` gets `otherwise`. */
export const filled = ({ path }: Operation, values: Record<string, string>, otherwise: string): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? otherwise));

/** Platform and auth routes return 400 for malformed input, all others 422. */
export const isPlatform = ({ path }: Operation): boolean => /^\/(v1\/platform|auth)\//.test(path);

/** The operations of OAuth whose errors are those of RFC 6749. */
const OF_PROTOCOL = /^\/api\/v1\/(?:oauth\/(?!custom-oidc)|userinfo)/;

/** The member with the text of an error: `error` on platform and auth routes without problems, `error_description` of OAuth, else `detail`. */
export function messageMember(operation: Operation): 'error' | 'detail' | 'error_description' {
  if (OF_PROTOCOL.test(operation.path)) return 'error_description';
  return isPlatform(operation) && !operation.returnsProblems ? 'error' : 'detail';
}
