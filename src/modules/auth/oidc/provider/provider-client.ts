import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as TlsAgent, request as httpsRequest } from 'node:https';
import { getCACertificates } from 'node:tls';
import { Injectable } from '@nestjs/common';
import { Metrics } from '../../../../common/metrics/metrics.js';
import { inSpan } from '../../../../common/tracing/spans.js';
import { traceHeaders } from '../../../../common/tracing/trace-context.js';
import { Config } from '../../../../config/config.js';
import { ProviderUnavailable } from './provider.errors.js';

const MAX_RESPONSE_BYTES = 524_288; // key sets and discovery documents have a few thousand bytes

/** Idle connections are closed before usual servers close them, which would fail the next request. */
const CONNECTIONS = { keepAlive: true, timeout: 3_000 };

export type ProviderRequest = {
  readonly method?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
};

/**
 * Sends requests to the provider: through the proxy of the installation, with its private certificate authority. The
 * global `fetch` can do neither without an additional package.
 */
@Injectable()
export class ProviderClient {
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

  /**
   * Redirects are not followed, because they could lead to an internal address; the size of the response is limited.
   * `purpose` names the request in the log.
   *
   * @throws ProviderUnavailable
   */
  request(purpose: string, url: string, options: ProviderRequest): Promise<Response> {
    const { method = 'GET' } = options;
    const span = {
      name: `${method} ${purpose}`,
      kind: 'client',
      attributes: { 'http.request.method': method },
    } as const;
    return this.metrics.timeProviderRequest(purpose, () =>
      inSpan(span, () => this.exchange(purpose, url, options)),
    );
  }

  private async exchange(purpose: string, url: string, options: ProviderRequest): Promise<Response> {
    try {
      const response = await this.send(new URL(url), options);
      const status = response.statusCode ?? 0;
      if (status >= 300 && status < 400) throw new ProviderUnavailable(`${purpose}: a redirect`);
      const body = await readBody(purpose, response);
      return new Response(status === 204 || status === 205 ? null : body, { status });
    } catch (error) {
      if (error instanceof ProviderUnavailable) throw error;
      if (options.signal.aborted) throw new ProviderUnavailable(`${purpose}: no answer`, { timedOut: true });
      throw new ProviderUnavailable(`${purpose}: ${networkReason(error)}`, { cause: error });
    }
  }

  private send(
    url: URL,
    { method = 'GET', headers, body, signal }: ProviderRequest,
  ): Promise<IncomingMessage> {
    const [request, agent] =
      url.protocol === 'https:' ? [httpsRequest, this.secure] : [httpRequest, this.plain];
    const allHeaders = { ...headers, ...traceHeaders(), ...lengthOf(body) };
    return new Promise((resolve, reject) => {
      request(url, { method, headers: allHeaders, agent, signal }, resolve).on('error', reject).end(body);
    });
  }
}

const lengthOf = (body: string | undefined) =>
  body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };

async function readBody(purpose: string, response: IncomingMessage): Promise<Buffer<ArrayBuffer>> {
  const chunks: Buffer<ArrayBuffer>[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer<ArrayBuffer>>) {
    size += chunk.byteLength;
    if (size > MAX_RESPONSE_BYTES) throw new ProviderUnavailable(`${purpose}: response too large`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** ECONNREFUSED, ENOTFOUND, CERT_HAS_EXPIRED. */
function networkReason(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : 'the connection failed';
}
