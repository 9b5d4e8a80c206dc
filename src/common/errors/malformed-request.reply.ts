import type { Socket } from 'node:net';

const RESPONSES: Record<string, [status: string, detail: string]> = {
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request did not arrive in time'],
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'The headers are too large'],
};
const MALFORMED = ['400 Bad Request', 'The request is not valid HTTP'];

/**
 * Responds to bytes that are not an HTTP request and closes the connection. Without a path, the format is that of
 * `/api`.
 */
export function replyToMalformedRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  const [status, detail] = RESPONSES[error.code ?? ''] ?? MALFORMED;
  const body = JSON.stringify({ detail });
  if (socket.writable) socket.write([`HTTP/1.1 ${status}`, ...headersFor(body), '', body].join('\r\n'));
  socket.destroy();
}

const headersFor = (body: string) => [
  'Content-Type: application/json; charset=utf-8',
  `Content-Length: ${Buffer.byteLength(body)}`,
  'Cache-Control: no-store',
  'X-Content-Type-Options: nosniff',
  'Connection: close',
];
