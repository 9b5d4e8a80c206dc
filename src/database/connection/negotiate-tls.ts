import { once } from 'node:events';
import { connect } from 'node:net';
import pg from 'pg';

/** PostgreSQL, Message Formats: SSLRequest. The length, and the code 80877103. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);
const WILLING = 'S'.charCodeAt(0);

/** The modes of libpq that encrypt where the server can; null: the URL says nothing, which means `prefer`. */
const NEGOTIABLE: readonly (string | null)[] = [null, 'allow', 'prefer'];

/** An outage, which a start waits for. */
class NoResponseToSslRequest extends Error {
  constructor(readonly code: 'ECONNRESET' | 'ETIMEDOUT') {
    super(`the server does not answer whether it offers TLS: ${code}`);
  }
}

/**
 * The URL with the mode that the server can serve, for all connections from now on: encrypted but not verified, or plain.
 * A URL with a mode that demands something is returned unchanged. node-postgres itself knows no fallback.
 */
export async function negotiateTls(url: string, connectSeconds: number): Promise<string> {
  const negotiated = new URL(url);
  const { searchParams } = negotiated;
  if (!NEGOTIABLE.includes(searchParams.get('sslmode'))) return url;
  const { host, port } = new pg.Client({ connectionString: withoutTls(url) });
  const isSocket = host.startsWith('/'); // libpq encrypts none
  const isEncrypted = !isSocket && (await offersTls(host, port, connectSeconds));
  if (!isEncrypted) return withoutTls(url);
  searchParams.set('sslmode', 'require');
  searchParams.set('uselibpqcompat', 'true');
  searchParams.delete('sslrootcert'); // with it, `require` would verify
  return negotiated.href;
}

function withoutTls(url: string): string {
  const plain = new URL(url);
  for (const name of ['sslcert', 'sslkey', 'sslrootcert', 'uselibpqcompat']) plain.searchParams.delete(name);
  plain.searchParams.set('sslmode', 'disable');
  return plain.href;
}

async function offersTls(host: string, port: number, connectSeconds: number): Promise<boolean> {
  const socket = connect({ host, port });
  socket.setTimeout(connectSeconds * 1000, () => socket.destroy(new NoResponseToSslRequest('ETIMEDOUT')));
  try {
    await once(socket, 'connect');
    socket.write(SSL_REQUEST);
    for await (const chunk of socket) return (chunk as Buffer)[0] === WILLING;
    throw new NoResponseToSslRequest('ECONNRESET');
  } finally {
    socket.destroy();
  }
}
