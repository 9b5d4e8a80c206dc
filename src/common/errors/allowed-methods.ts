import type { FastifyInstance } from 'fastify';

type Route = { method: string; matches: RegExp };

/**
 * The methods of each path, for 405 responses with `Allow`
 * (docs/contract/http.md#routes-beyond-the-published-description).
 */
export class AllowedMethods {
  private readonly routes: Route[] = [];

  /** Call it before the first route is registered. */
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
