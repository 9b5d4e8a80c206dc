import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { removeUselessContentType } from './common/http/body-parsers.js';
import { allowOrigin, replyToPreflight } from './common/http/cors.js';
import { sendJsonText } from './common/http/json-text.reply.js';
import { sendPage } from './common/http/page.reply.js';
import { requireOneHost } from './common/http/request-target.js';
import { sendSecurityHeaders } from './common/http/security-headers.js';
import { resetWhenCutOff } from './common/lists/list.reply.js';
import { logRequests } from './common/logging/log-requests.js';
import type { ServerLog } from './common/logging/server-log.js';
import { endTrace, enterTrace, startTrace } from './common/tracing/trace-requests.js';
import type { Config } from './config/config.js';

/** What happens to every request besides its route, in one hook for each phase, since a hook costs more than a step. */
export function addRequestHooks(fastify: FastifyInstance, { server }: Config, log: ServerLog): void {
  const completeRequest = requestCompletion(log);
  fastify.addHook('onRequest', (request, reply, done) => {
    beginRequest(request, reply, server);
    allowOrigin(server, request, reply);
    if (request.method === 'OPTIONS') return replyToPreflight(request, reply);
    requireOneHost(request);
    removeUselessContentType(request);
    done();
  });
  fastify.options('*', replyToPreflight); // accepts every path; the hook has answered
  fastify
    .addHook('preValidation', enterTrace)
    .addHook('preSerialization', sendPage)
    .addHook('preSerialization', sendJsonText)
    .addHook('onSend', resetWhenCutOff)
    .addHook('onResponse', (request, reply, done) => {
      completeRequest(request, reply);
      done();
    });
}

/** Fastify runs no hooks for a path that it cannot route: call this, and `requestCompletion` after the response. */
export function beginRequest(
  request: FastifyRequest,
  reply: FastifyReply,
  { publicUrl }: Config['server'],
): void {
  startTrace(request, reply);
  request.reply = reply;
  sendSecurityHeaders(reply, publicUrl);
}

export function requestCompletion(log: ServerLog): (request: FastifyRequest, reply: FastifyReply) => void {
  const logRequest = logRequests(log);
  return (request, reply) => {
    endTrace(request, reply);
    logRequest(request, reply);
  };
}
