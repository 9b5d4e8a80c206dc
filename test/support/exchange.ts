import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';

const agent = new Agent({ keepAlive: true });

type Sent = { method: string; headers?: Record<string, string>; body?: string | undefined };
type HttpResponse = { status: number; headers: Headers; text: string };

/** Sends one request, at a third of the cost of `fetch`: the tests send ten thousand. Redirects are not followed. */
export async function exchange(url: string, { method, headers = {}, body }: Sent): Promise<HttpResponse> {
  // node:http adds no content-length to DELETE.
  const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
  const sent = request(url, { agent, method, headers: { ...length, ...headers } });
  sent.on('error', () => {}); // after a refusal the server may close the connection before it has read the body
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: response.statusCode!, headers: headersOf(response), text: await text(response) };
}

function headersOf({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers();
  for (let at = 0; at < rawHeaders.length; at += 2) headers.append(rawHeaders[at]!, rawHeaders[at + 1]!);
  return headers;
}
