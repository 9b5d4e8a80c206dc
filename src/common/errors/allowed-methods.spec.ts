import { expect, it } from '@jest/globals';
import { fastify } from 'fastify';
import { AllowedMethods } from './allowed-methods.js';

function allowedMethodsOf(...routes: [method: 'GET' | 'PATCH' | 'DELETE', url: string][]): AllowedMethods {
  const server = fastify({ exposeHeadRoutes: false });
  const known = new AllowedMethods(server);
  for (const [method, url] of routes) server.route({ method, url, handler: () => null });
  return known;
}

it('collects the methods of a path over all of its routes', () => {
  const known = allowedMethodsOf(['GET', '/things'], ['PATCH', '/things/:id'], ['DELETE', '/things/:other']);

  expect(known.of('/things')).toEqual(['GET']);
  expect(known.of('/things/')).toEqual(['GET']);
  expect(known.of('/things/7')).toEqual(['PATCH', 'DELETE']);
});

it('returns no methods for a path that matches no route', () => {
  const known = allowedMethodsOf(['GET', '/a.b'], ['GET', '/things/:id']);

  for (const path of ['/axb', '/things', '/things/7/8', '/things/7/x', 'x/things/7', '/'])
    expect(known.of(path)).toEqual([]);
});
