import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as TlsAgent, request as httpsRequest } from 'node:https';
import { getCACertificates } from 'node:tls';
import { Injectable } from '@nestjs/common';
import { isJsonObject } from '../../../../common/json.js';
import { Metrics } from '../../../../common/metrics/metrics.js';
import { inSpan, traceHeaders } from '../../../../common/tracing/trace-context.js';
import { Config } from '../../../../config/config.js';
import { ProviderUnavailable, type Purpose } from './provider.errors.js';

export const REQUEST_TIMEOUT_MS = 8_000; // leaves time to respond to our own request within ten seconds
const MAX_RESPONSE_BYTES = 524_288; // key sets and discovery documents have a few thousand bytes

/** Idle connections are closed before usual servers close them, which would fail the next request. */
const CONNECTIONS = { keepAlive: true, timeout: 3_000 };

/**
 * Responses are JSON objects, whatever their media type. With `WWW-Authenticate`, openid-client would ignore the body.
 */
const HEADERS = { 'content-type': 'application/json' };

type FetchOptions = {
  readonly method: string;
  readonly headers: Headers | Record<string, string>;
  readonly body?: unknown;
};

/** A `fetch` for openid-client and jose. @throws ProviderUnavailable */
export type Fetch = (url: string, options: FetchOptions) => Promise<Response>;

/** The deadline of all requests to the provider that one request of ours waits for. */
export const requestTimeout = (): AbortSignal => AbortSignal.timeout(REQUEST_TIMEOUT_MS);

/** Through the installation's proxy and with its certificate authority, which the global `fetch` cannot use. */
@Injectable()
export class ProviderFetch {
  private readonly plain = new Agent(CONNECTIONS);
  private readonly secure: TlsAgent;

  constructor(
    { sso }: Config,
    private readonly metrics: Metrics,
  ) {
    const { caCertificates = null, httpsProxy = null, noProxy = null } = sso?.network ?? {};
    this.secure = new TlsAgent({
      ...CONNECTIONS,
      ...(caCertificates === null ? {} : { ca: [...getCACertificates(), caCertificates] }),
      ...(httpsProxy === null ? {} : { proxyEnv: { HTTPS_PROXY: httpsProxy, NO_PROXY: noProxy ?? '' } }),
    });
  }

  /** Redirects are not followed, because they could lead to an internal address; the size of the response is limited. */
  for(purpose: Purpose, deadline: AbortSignal): Fetch {
    return (url, options) => {
      const attributes = { 'http.request.method': options.method };
      const span = { name: `${options.method} ${purpose}`, kind: 'client', attributes } as const;
      return this.metrics.timeProviderRequest(purpose, () =>
        inSpan(span, () => this.exchange(purpose, new URL(url), options, deadline)),
      );
    };
  }

  private async exchange(
    purpose: Purpose,
    url: URL,
    options: FetchOptions,
    deadline: AbortSignal,
  ): Promise<Response> {
    try {
      const response = await this.send(url, options, deadline);
      const status = response.statusCode ?? 0;
      if (status >= 300 && status < 400) throw new ProviderUnavailable(purpose, 'a redirect');
      const body = await readBody(purpose, response);
      return new Response(body.length > 0 ? body : null, { status, headers: HEADERS });
    } catch (error) {
      if (error instanceof ProviderUnavailable) throw error;
      if (deadline.aborted) throw new ProviderUnavailable(purpose, 'no response', { timedOut: true });
      throw new ProviderUnavailable(purpose, networkReason(error), { cause: error });
    }
  }

  private send(url: URL, options: FetchOptions, signal: AbortSignal): Promise<IncomingMessage> {
    const { method, headers, body } = options;
    const isSecure = url.protocol === 'https:';
    const form = body instanceof URLSearchParams ? body.toString() : undefined;
    const settings = {
      method,
      headers: { ...Object.fromEntries(new Headers(headers)), ...traceHeaders() },
      agent: isSecure ? this.secure : this.plain,
      signal,
    };
    return new Promise((resolve, reject) => {
      const request = (isSecure ? httpsRequest : httpRequest)(url, settings, resolve);
      request.on('error', reject).end(form); // `end` sets the length of the body
    });
  }
}

async function readBody(purpose: Purpose, response: IncomingMessage): Promise<Buffer<ArrayBuffer>> {
  const chunks: Buffer<ArrayBuffer>[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer<ArrayBuffer>>) {
    size += chunk.byteLength;
    if (size > MAX_RESPONSE_BYTES) throw new ProviderUnavailable(purpose, 'response too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** ECONNREFUSED, ENOTFOUND, CERT_HAS_EXPIRED. */
function networkReason(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : 'the connection failed';
}

/** The JSON object in the body of a response, which can be read again; null if it is something else. */
export async function jsonObjectIn(response: Response): Promise<Readonly<Record<string, unknown>> | null> {
  try {
    const body: unknown = await response.clone().json();
    return isJsonObject(body) ? body : null;
  } catch {
    return null;
  }
}
