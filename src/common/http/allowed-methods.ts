import type { FastifyInstance } from 'fastify';

type Route = { method: string; matches: RegExp };

/** Which methods a path has, so that a known path with another method is 405 with `Allow` (contract decision 36). */
export class AllowedMethods {
  private readonly routes: Route[] = [];

  /** Call it before the first route is made. */
  constructor(fastify: FastifyInstance) {
    fastify.addHook('onRoute', ({ method, url }) => {
      const matches = new RegExp(
        `^${url.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/:[^/]+/g, '[^/]+')}/?$`,
      );
      for (const name of [method].flat()) this.routes.push({ method: name, matches });
    });
  }

  of(path: string): string[] {
    return [...new Set(this.routes.filter(({ matches }) => matches.test(path)).map(({ method }) => method))];
  }
}
