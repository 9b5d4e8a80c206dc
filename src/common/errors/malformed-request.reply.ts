import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { ERROR_CODE_HEADER, type ErrorResponse, protocolError } from './error-format.js';

const RESPONSES: Record<string, ErrorResponse> = {
  ERR_HTTP_REQUEST_TIMEOUT: protocolError(408, 'The request did not arrive in time'),
  HPE_HEADER_OVERFLOW: protocolError(431, 'The headers are too large'),
};
const MALFORMED = protocolError(400, 'The request is not valid HTTP');

/**
 * A `clientErrorHandler` of Fastify: responds to bytes that are not an HTTP request, closes the connection and gives
 * `log` the fields of a line. Without a path, the format is that of `/api`.
 */
export const replyToMalformedRequest =
  (newId: () => string, log: (fields: object) => void) =>
  (error: NodeJS.ErrnoException, socket: Socket): void => {
    if (socket.writable) {
      const response = RESPONSES[error.code ?? ''] ?? MALFORMED;
      const id = newId();
      socket.write(textOf(response, id));
      log(fieldsOf(response, id));
    }
    socket.destroy();
  };

function textOf({ status, detail, code }: ErrorResponse, id: string): string {
  const body = JSON.stringify({ detail });
  const headers = [
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `${ERROR_CODE_HEADER}: ${code}`,
    `x-request-id: ${id}`,
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    'Connection: close',
  ];
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...headers, '', body].join('\r\n');
}

const fieldsOf = ({ status, code }: ErrorResponse, id: string) => ({
  trace_id: id,
  route: 'unknown',
  status,
  caller: 'anonymous',
  error_code: code,
});
