import type { IncomingHttpHeaders } from 'node:http';
import { CofferError } from '../../shared/kms/errors.ts';

/**
 * What keeps web pages out. A page can make a browser send requests to this computer, and by DNS rebinding even read the answers
 * under a name of its own; but it cannot choose the `Host` that its browser sends, nor leave out `Origin` and `Sec-Fetch-*`.
 */
const NAMES: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

const foreign = (message: string) => new CofferError('ForeignRequest', message);

/** @throws CofferError `ForeignRequest` unless the request comes from a program that meant this endpoint. */
export function refuseBrowsers(headers: IncomingHttpHeaders, port: number): void {
  if (
    headers.origin !== undefined ||
    headers['sec-fetch-site'] !== undefined ||
    headers['sec-fetch-mode'] !== undefined
  )
    throw foreign('This endpoint does not answer web pages.');
  const host = headers.host ?? '';
  const at = host.lastIndexOf(':');
  const [name, given] = at > host.lastIndexOf(']') ? [host.slice(0, at), host.slice(at + 1)] : [host, '80'];
  if (!NAMES.has(name.toLowerCase()) || given !== String(port))
    throw foreign('This endpoint answers under its own loopback address only.');
}
