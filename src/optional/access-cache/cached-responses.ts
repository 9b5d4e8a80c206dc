import { Injectable, type OnModuleInit, StreamableFile } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AccessLease } from './access-lease.js';
import { LONGEST_USE_SECONDS } from './coherent-cache.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** In the history of access changes, when the request began. */
    accessPosition?: number;
  }
}

const JSON_TYPE = 'application/json; charset=utf-8'; // as Fastify sends other responses
/** In characters, of all texts together: about a thousand organizations, or a hundred long lists. */
const MAX_LENGTH = 4_000_000;

/**
 * Responses as text, until anything in the change log changes: what they follow from is not known here. One is cached
 * only if nothing has changed since its request began, so that none shows rights that were read before a change.
 */
@Injectable()
export class CachedResponses implements OnModuleInit {
  /** By caller, context, path and the address of the request. All of them follow from one position in the history of changes. */
  private readonly texts = new Map<string, { readonly text: string; readonly endsAt: number }>();
  private length = 0;
  private position = -1;
  /** By the database's clock, in seconds since the Unix epoch. */
  private endsAt = 0;

  constructor(
    private readonly adapter: HttpAdapterHost,
    private readonly lease: AccessLease,
  ) {}

  onModuleInit(): void {
    const fastify = this.adapter.httpAdapter.getInstance<FastifyInstance>();
    fastify.addHook('preHandler', (request, _reply, done) => {
      request.accessPosition = this.lease.history.position;
      done();
    });
  }

  /** As `AccessCache.getResponse`. */
  async get(
    request: FastifyRequest,
    load: () => Promise<unknown>,
    endsAt: () => number | null = () => null,
  ): Promise<unknown> {
    const key = keyOf(request);
    if (key === null || !this.lease.isHeld() || !this.isCurrent(request)) return load();
    this.dropOutdated();
    const cached = this.texts.get(key);
    if (cached && cached.endsAt > this.lease.latestDatabaseSeconds) return sendText(request, cached.text);
    const body = await load();
    if (body instanceof StreamableFile) return body;
    const text = JSON.stringify(body);
    const ends = [endsAt(), request.principal?.accessEndsAt ?? null].map((end) => end ?? Infinity);
    if (this.isCurrent(request)) this.keep(key, { text, endsAt: Math.min(...ends) });
    return sendText(request, text);
  }

  /** Whether nothing has changed since the request began. */
  private isCurrent(request: FastifyRequest): boolean {
    return request.accessPosition === this.lease.history.position;
  }

  private dropOutdated(): void {
    const { history, latestDatabaseSeconds } = this.lease;
    if (history.position === this.position && latestDatabaseSeconds < this.endsAt) return;
    this.texts.clear();
    this.length = 0;
    this.position = history.position;
    this.endsAt = latestDatabaseSeconds + LONGEST_USE_SECONDS;
  }

  private keep(key: string, response: { readonly text: string; readonly endsAt: number }): void {
    const added = response.text.length - (this.texts.get(key)?.text.length ?? 0);
    if (this.length + added > MAX_LENGTH) return;
    this.texts.set(key, response);
    this.length += added;
  }
}

/** Null if the response is not cached: parameters may ask for more than the change log covers. */
function keyOf({ principal, url }: FastifyRequest): string | null {
  if (!principal || url.includes('?')) return null;
  const { credential, orgId, isOrgExplicit, workspaceId, request } = principal;
  return `${credential.id} ${orgId ?? ''} ${String(isOrgExplicit)} ${workspaceId ?? ''} ${request.clientHost ?? ''} ${url}`;
}

function sendText({ reply }: FastifyRequest, text: string): string {
  void reply.type(JSON_TYPE);
  return text;
}
