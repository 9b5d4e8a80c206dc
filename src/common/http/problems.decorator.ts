import type { ProblemFamily } from '../errors/error-format.js';
import { MergeRouteConfig } from './route-config.decorator.js';
import { ApiExtension } from './swagger.decorator.js';

/** The key in the description until the bodies are published as answers. */
export const PROBLEMS = 'x-problems';

declare module 'fastify' {
  interface FastifyContextConfig {
    problems?: ProblemFamily;
  }
}

/**
 * Answers the errors of a handler, or of all handlers of a controller, as problems (RFC 9457) of this family
 * (docs/contract/http.md#problems), and describes them so.
 */
export const Problems =
  (family: ProblemFamily): ClassDecorator & MethodDecorator =>
  (target: object, key?: string | symbol, descriptor?: PropertyDescriptor) => {
    if (key !== undefined && descriptor) return declareProblems(family, target, key, descriptor);
    const { prototype } = target as { prototype: object };
    for (const [name, method] of Object.entries(Object.getOwnPropertyDescriptors(prototype)))
      if (name !== 'constructor') declareProblems(family, prototype, name, method);
  };

function declareProblems(
  family: ProblemFamily,
  ...method: [target: object, key: string | symbol, descriptor: PropertyDescriptor]
): void {
  MergeRouteConfig({ problems: family })(...method);
  ApiExtension(PROBLEMS, family)(...method);
}
