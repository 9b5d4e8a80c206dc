import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner, ModulesContainer } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants.js';
import { ACCESS_RULE, type AccessRule } from '../../src/common/access/access-rule.js';
import { makeApp } from '../../src/app.setup.js';
import { loadConfig } from '../../src/config/config.js';
import { makeDataSource } from '../../src/data-source.js';
import { API_KEY_SALT, JWT_SECRET } from '../support/test-app.js';
import { emptyDatabase } from '../support/test-database.js';

type Endpoint = { name: string; route: string; rule: AccessRule | undefined; audited: string | undefined };

const MUTATING = /^(POST|PUT|PATCH|DELETE) /;

/** A request of many operations, each of which has its own entry. */
const RECORDS_ITS_PARTS = ['BulkController.run'];

/** Questions with a body: they change nothing. */
const QUESTIONS = [
  'AccessCheckController.checkAccess',
  'ScimUsersController.search',
  'ScimGroupsController.search',
  'GroupsPreviewController.previewScimGroups',
];

let app: NestFastifyApplication;
let endpoints: Endpoint[];
beforeAll(async () => {
  const url = await emptyDatabase();
  const config = loadConfig({ DATABASE_URL: url, BASIC_AUTH_JWT_SECRET: JWT_SECRET, API_KEY_SALT });
  app = await makeApp(config, await makeDataSource(url, 1).setOptions({ migrations: [] }).initialize());
  endpoints = new DiscoveryService(app.get(ModulesContainer))
    .getControllers()
    .flatMap(({ metatype }) => endpointsOf(metatype as new () => object));
});
afterAll(() => app.close());

describe('the access table', () => {
  it('has a rule for every handler: add @RequirePermission, @SignedIn, @InWorkspace or @Public', () => {
    const undeclared = endpoints.filter(({ rule }) => !rule).map(({ name }) => name);

    expect(undeclared).toEqual([]);
    expect(endpoints.length).toBeGreaterThan(50);
  });

  it('names an operation for every handler that changes something: add @Audited', () => {
    const silent = endpoints.filter(
      ({ route, rule, audited }) => MUTATING.test(route) && rule?.kind !== 'public' && !audited,
    );

    expect(new Set(silent.map(({ name }) => name))).toEqual(new Set([...QUESTIONS, ...RECORDS_ITS_PARTS]));
  });

  it('is the one that was reviewed: a difference here is a permission review', () => {
    const rows = endpoints.map(
      ({ name, route, rule, audited }) => `${route}  ${say(rule)}  ${audited ?? '-'}  ${name}`,
    );

    expect(rows.sort()).toMatchSnapshot();
  });
});

function endpointsOf(controller: new () => object): Endpoint[] {
  const handlers = controller.prototype as Record<string, object>;
  return new MetadataScanner()
    .getAllMethodNames(handlers)
    .map((method) => ({ method, handler: handlers[method]! }))
    .filter(({ handler }) => Reflect.hasMetadata(PATH_METADATA, handler))
    .flatMap(({ method, handler }) =>
      routesOf(controller, handler).map((route) => ({
        name: `${controller.name}.${method}`,
        route,
        rule: (Reflect.getMetadata(ACCESS_RULE, handler) ?? Reflect.getMetadata(ACCESS_RULE, controller)) as
          AccessRule | undefined,
        audited: (
          Reflect.getMetadata(FASTIFY_ROUTE_CONFIG_METADATA, handler) as
            { auditOperation?: string } | undefined
        )?.auditOperation,
      })),
    );
}

function routesOf(controller: object, handler: object): string[] {
  const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as number];
  const paths = (of: object) => [Reflect.getMetadata(PATH_METADATA, of) as string | string[]].flat();
  return paths(controller).flatMap((prefix) =>
    paths(handler).map((path) => `${method} /${`${prefix}/${path}`.replace(/^\/+|\/+$/g, '')}`),
  );
}

function say(rule: AccessRule | undefined): string {
  if (!rule) return 'UNDECLARED';
  if (rule.kind === 'public' || rule.kind === 'scim-token') return rule.kind;
  const asked = rule.kind === 'permission' ? rule.permission : rule.kind;
  const byWhom = rule.kind === 'permission' && rule.sessionOnly ? ', session only' : '';
  return `${asked} (${rule.context}${byWhom})`;
}
