import { expect, it } from '@jest/globals';
import { fastify } from 'fastify';
import { KnownMethods } from './known-methods.js';

function knownOf(...routes: [method: 'GET' | 'PATCH' | 'DELETE', url: string][]): KnownMethods {
  const server = fastify({ exposeHeadRoutes: false });
  const known = new KnownMethods(server);
  for (const [method, url] of routes) server.route({ method, url, handler: () => null });
  return known;
}

it('knows which methods a path has, over all of its routes', () => {
  const known = knownOf(['GET', '/things'], ['PATCH', '/things/:id'], ['DELETE', '/things/:other']);

  expect(known.of('/things')).toEqual(['GET']);
  expect(known.of('/things/')).toEqual(['GET']);
  expect(known.of('/things/7')).toEqual(['PATCH', 'DELETE']);
});

it('knows none for a path that only looks like one', () => {
  const known = knownOf(['GET', '/a.b'], ['GET', '/things/:id']);

  for (const path of ['/axb', '/things', '/things/7/8', '/things/7/x', 'x/things/7', '/'])
    expect(known.of(path)).toEqual([]);
});
