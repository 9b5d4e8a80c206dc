import { describe, expect, it } from '@jest/globals';
import { type ArgumentsHost, UnsupportedMediaTypeException } from '@nestjs/common';
import { fastify } from 'fastify';
import {
  Conflict,
  type DomainError,
  Forbidden,
  Gone,
  LimitReached,
  NotFound,
  Unauthenticated,
  Unprocessable,
} from './domain-error.js';
import type { ProblemFamily } from './error-format.js';
import { AllowedMethods, ErrorFilter } from './error.filter.js';
import { ValidationFailed } from './errors.js';

const PROBLEM = { loc: ['body', 2, 'email'], msg: 'is not well formed', type: 'value_error' };

class NoCredential extends Unauthenticated {
  override readonly code = 'no_credential';
}
class NotAllowed extends Forbidden {
  override readonly code = 'not_allowed';
}
class KeyNeedsWorkspace extends Forbidden {
  override readonly code = 'org_scoped_key_requires_workspace';
}
class NoSuchThing extends NotFound {
  override readonly code = 'no_such_thing';
}
class AlreadyThere extends Conflict {
  override readonly code = 'already_there';
}
class WasThere extends Gone {
  override readonly code = 'was_there';
}
class NotFit extends Unprocessable {
  override readonly code = 'not_fit';
}
class NotMeant extends Forbidden {
  override readonly code = 'not_meant';
  override readonly remedy = 'Ask an admin.';
}
class TooMany extends LimitReached {
  override readonly code = 'too_many';
  readonly retryAfterSeconds = 17;
}

/** The response of a real server whose handler throws the error. */
async function responseTo(error: unknown, path = '/api/v1/things', problems?: ProblemFamily) {
  const server = fastify();
  const filter = new ErrorFilter(new AllowedMethods(server));
  server.setErrorHandler((thrown, request, reply) => {
    const http = { getRequest: () => request, getResponse: () => reply };
    filter.catch(thrown, { switchToHttp: () => http } as unknown as ArgumentsHost); // oxlint-disable-line no-promise-in-callback -- it is Nest's filter, no promise
  });
  server.get('*', { config: problems ? { problems } : {} }, () => {
    throw error;
  });
  const { statusCode, headers, body } = await server.inject(path);
  return { status: statusCode, headers, body: JSON.parse(body) as unknown };
}

describe('a domain error', () => {
  const kinds: [error: DomainError, status: number][] = [
    [new NoCredential('who are you'), 401],
    [new NotAllowed('ask an admin'), 403],
    [new NoSuchThing('not here'), 404],
    [new AlreadyThere('already here'), 409],
    [new WasThere('no longer here'), 410],
    [new NotFit('not like this'), 422],
    [new TooMany('slowly'), 429],
  ];

  it.each(kinds)(
    'responds with the status of the error class and the message as detail: %s',
    async (error, status) => {
      expect(await responseTo(error)).toMatchObject({ status, body: { detail: error.message } });
    },
  );

  it('responds with every problem of a validation error', async () => {
    expect(await responseTo(new ValidationFailed([PROBLEM, PROBLEM]))).toMatchObject({
      status: 422,
      body: { detail: [PROBLEM, PROBLEM] },
    });
  });

  it('responds with one line of text on platform routes, and with 400 to a malformed request', async () => {
    const malformed = await responseTo(new ValidationFailed([PROBLEM]), '/v1/platform/things');

    expect(malformed).toMatchObject({ status: 400, body: { error: 'body.2.email: is not well formed' } });
    expect((await responseTo(new NotAllowed('ask an admin'), '/auth/public')).body).toEqual({
      error: 'ask an admin',
    });
  });

  it('tells clients not to retry a conflict, and when to retry after a limit', async () => {
    expect((await responseTo(new AlreadyThere('x'))).headers['x-should-retry']).toBe('false');
    expect((await responseTo(new NotAllowed('x'))).headers).not.toHaveProperty('x-should-retry');
    expect((await responseTo(new TooMany('x'))).headers['retry-after']).toBe('17');
  });

  it('responds with the code as `error` where SDKs match it', async () => {
    const { body } = await responseTo(new KeyNeedsWorkspace('name a workspace'));

    expect(body).toEqual({ error: 'org_scoped_key_requires_workspace', detail: 'name a workspace' });
  });
});

describe('a problem', () => {
  const MEMBERS = { type: 'about:blank', title: 'Forbidden', status: 403, detail: 'not for you' };

  it('names what the caller can do', async () => {
    const { headers, body } = await responseTo(
      new NotMeant('not for you'),
      '/v1/platform/things',
      'platform',
    );

    expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(body).toEqual({ ...MEMBERS, remedy: 'Ask an admin.' });
  });

  it('keeps the members that the route had before', async () => {
    const refused = new NotAllowed('not for you');
    const withError = await responseTo(refused, '/v1/platform/things', 'platform-with-error');
    const withoutWorkspace = await responseTo(new KeyNeedsWorkspace('name one'), '/api/v1/things', 'api');

    expect(withError.body).toEqual({ ...MEMBERS, error: 'not for you' });
    expect((await responseTo(refused, '/api/v1/things', 'api')).body).toEqual(MEMBERS);
    expect(withoutWorkspace.body).toMatchObject({ error: 'org_scoped_key_requires_workspace', status: 403 });
  });

  it('is 400 for another media type in the family of AuthZEN only', async () => {
    const statuses = (['authzen', 'platform', 'api'] as const).map(
      async (family) => (await responseTo(new UnsupportedMediaTypeException(), '/x', family)).status,
    );

    expect(await Promise.all(statuses)).toEqual([400, 415, 415]);
  });

  it('distinguishes malformed input from input without a meaning on platform routes', async () => {
    const malformed = await responseTo(new ValidationFailed([PROBLEM]), '/v1/platform/things', 'platform');
    const meaningless = await responseTo(new NotFit('not like this'), '/v1/platform/things', 'platform');

    expect(malformed).toMatchObject({ status: 400, body: { detail: 'body.2.email: is not well formed' } });
    expect(meaningless).toMatchObject({ status: 422, body: { status: 422, detail: 'not like this' } });
  });

  it('keeps the list of violations below /api', async () => {
    const { headers, body } = await responseTo(new ValidationFailed([PROBLEM]), '/api/v1/things', 'api');

    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(body).toEqual({ detail: [PROBLEM] });
  });
});

describe('an error of the framework', () => {
  it('keeps the status of an error about the body', async () => {
    const error = Object.assign(new Error('Request body is too large'), { statusCode: 413 });

    expect(await responseTo(error)).toMatchObject({
      status: 413,
      body: { detail: 'Request body is too large' },
    });
  });
});

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
