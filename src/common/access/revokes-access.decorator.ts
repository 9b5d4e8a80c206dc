import { MergeRouteConfig } from '../http/route-config.decorator.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    revokesAccess?: boolean;
  }
}

/**
 * The operation takes access away, and succeeds or finds nothing if another request has done so before. Its response
 * waits until that holds on every replica. Those by DELETE, PATCH and PUT do so without being marked.
 */
export const RevokesAccess = () => MergeRouteConfig({ revokesAccess: true });
