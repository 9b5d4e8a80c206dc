/** The parts that we use of packages that are installed only for a measurement (bench/package.json). */
declare module 'better-auth' {
  export type Auth = {
    api: Record<string, (input: { body?: object; headers?: Headers }) => Promise<any>>;
  };
  export function betterAuth(options: object): Auth;
}
declare module 'better-auth/db/migration' {
  export function getMigrations(options: object): Promise<{ runMigrations: () => Promise<void> }>;
}
declare module 'better-auth/node' {
  import type { RequestListener } from 'node:http';
  export function toNodeHandler(auth: object): RequestListener;
}
declare module 'better-auth/plugins/organization' {
  export function organization(options: object): object;
}
declare module '@better-auth/scim' {
  export function scim(options: object): object;
}
