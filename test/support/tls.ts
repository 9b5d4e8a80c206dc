import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { createServer as createProxy, request as forward } from 'node:http';
import { type AddressInfo, connect, type Server as TcpServer } from 'node:net';
import { fileURLToPath } from 'node:url';

/** A certificate for idp.test, tenantry.test and 127.0.0.1 that no authority signed; used only here. */
export const CERTIFICATE_FILE = fileURLToPath(new URL('tls/certificate.pem', import.meta.url));
export const KEY_FILE = fileURLToPath(new URL('tls/key.pem', import.meta.url));
export const TLS_IDENTITY = { cert: readFileSync(CERTIFICATE_FILE), key: readFileSync(KEY_FILE) };

export const tlsServer = (): Server => createServer(TLS_IDENTITY);

export async function listen(server: TcpServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** A forward proxy that connects every host to this machine, and notes which ones it was asked for. */
export async function startForwardProxy() {
  const asked: { target: string; authorization: string | undefined }[] = [];
  const proxy = createProxy();
  proxy.on('connect', (request, socket) => {
    asked.push({ target: request.url!, authorization: request.headers['proxy-authorization'] });
    const upstream = connect(Number(request.url!.split(':')[1]), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.pipe(socket).pipe(upstream);
    });
    for (const end of [upstream, socket])
      end.on('error', () => [upstream, socket].map((one) => one.destroy()));
  });
  const port = await listen(proxy);
  const stop = () => new Promise((resolve) => proxy.close(resolve));
  return { url: `http://user:p%40ss@127.0.0.1:${port}`, asked, stop };
}

/** A reverse proxy with TLS, as an ingress, for a server whose address is known only later. */
export async function startIngress(host: string) {
  let target = '';
  const requests: { method: string; path: string; hasCookie: boolean }[] = [];
  const server = tlsServer().on('request', (request, response) => {
    const { method = '', url = '', headers } = request;
    requests.push({
      method,
      path: url.split('?', 1)[0]!,
      hasCookie: headers.cookie?.includes('sign-in') ?? false,
    });
    const upstream = forward(`${target}${url}`, { method, headers }, (reply) => {
      response.writeHead(reply.statusCode!, reply.headers);
      reply.pipe(response);
    });
    request.pipe(upstream).on('error', () => response.destroy());
  });
  const url = `https://${host}:${await listen(server)}`;
  const stop = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { url, requests, stop, leadTo: (address: string) => void (target = address) };
}

/** A web site whose pages set `cookies`, one `Set-Cookie` header each. */
export async function startCookieSetter(host: string) {
  const site = { cookies: [] as string[] };
  const server = tlsServer().on('request', (_, response) => {
    response.setHeader('set-cookie', site.cookies);
    response.end(Buffer.from('ok')); // with a string, Node would send the headers as UTF-8, too
  });
  const url = `https://${host}:${await listen(server)}`;
  const stop = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return Object.assign(site, { url, stop });
}
