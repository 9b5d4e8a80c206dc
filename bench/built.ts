/**
 * A module of the built server, typed as its source: Node strips types but runs no decorators. `Module` is
 * `typeof import('../src/<path>.js')`.
 */
export const built = <Module>(path: string): Promise<Module> =>
  import(new URL(`../dist/src/${path}.js`, import.meta.url).href) as Promise<Module>;
