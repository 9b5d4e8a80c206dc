import { RequestMethod } from '@nestjs/common';
import { GUARDS_METADATA, METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner, ModulesContainer } from '@nestjs/core';
import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants.js';
import { ACCESS_RULE } from '../../dist/src/common/access/access.guard.js';

/** Every handler of the application at each of its routes, with the metadata that its decorators set for access, guards and audit. */
export const endpointsOf = (app) =>
  new DiscoveryService(app.get(ModulesContainer)).getControllers().flatMap(({ metatype: controller }) =>
    new MetadataScanner()
      .getAllMethodNames(controller.prototype)
      .map((method) => ({ method, handler: controller.prototype[method] }))
      .filter(({ handler }) => Reflect.hasMetadata(PATH_METADATA, handler))
      .flatMap(({ method, handler }) =>
        routesOf(controller, handler).map((route) => ({
          name: `${controller.name}.${method}`,
          route,
          rule: Reflect.getMetadata(ACCESS_RULE, handler) ?? Reflect.getMetadata(ACCESS_RULE, controller),
          guards: (Reflect.getMetadata(GUARDS_METADATA, handler) ?? []).map(({ name }) => name),
          audited: Reflect.getMetadata(FASTIFY_ROUTE_CONFIG_METADATA, handler)?.auditOperation,
        })),
      ),
  );

function routesOf(controller, handler) {
  const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler)];
  const paths = (of) => [Reflect.getMetadata(PATH_METADATA, of)].flat();
  return paths(controller).flatMap((prefix) =>
    paths(handler).map((path) => `${method} /${`${prefix}/${path}`.replace(/^\/+|\/+$/g, '')}`),
  );
}
