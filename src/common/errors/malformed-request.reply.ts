import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { ERROR_CODE_HEADER, type ErrorResponse } from './error-format.js';
import { protocolError } from './protocol-errors.js';

const RESPONSES: Record<string, ErrorResponse> = {
  ERR_HTTP_REQUEST_TIMEOUT: protocolError(408, 'The request did not arrive in time'),
  HPE_HEADER_OVERFLOW: protocolError(431, 'The headers are too large'),
};
const MALFORMED = protocolError(400, 'The request is not valid HTTP');

/**
 * Responds to bytes that are not an HTTP request and closes the connection. Without a path, the format is that of
 * `/api`.
 */
export function replyToMalformedRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  const { status, detail, code } = RESPONSES[error.code ?? ''] ?? MALFORMED;
  const body = JSON.stringify({ detail });
  const statusLine = `HTTP/1.1 ${status} ${STATUS_CODES[status]}`;
  if (socket.writable) socket.write([statusLine, ...headersFor(body, code), '', body].join('\r\n'));
  socket.destroy();
}

const headersFor = (body: string, code: string) => [
  'Content-Type: application/json; charset=utf-8',
  `Content-Length: ${Buffer.byteLength(body)}`,
  `${ERROR_CODE_HEADER}: ${code}`,
  'Cache-Control: no-store',
  'X-Content-Type-Options: nosniff',
  'Connection: close',
];
