import { readFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * Serves the built renderer to either shell: the one place that turns a URL's path into a file.
 */
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.json': 'application/json',
};

/**
 * No script but the build's own, no connection anywhere. Mantine sets style attributes, hence inline styles; pictures made in
 * the page (an icon as data:) are allowed, frames, plugins, forms and base changes are not.
 */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export interface Served {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

const refusal = (status: number): Served => ({
  status,
  headers: { 'content-type': 'text/plain' },
  body: Buffer.alloc(0),
});

/** Answers a request for `url`; decodes, normalises and then checks that the file lies in the build. */
export async function serveRenderer(rendererDir: string, url: URL): Promise<Served> {
  let name: string;
  try {
    name = decodeURIComponent(url.pathname);
  } catch {
    return refusal(400);
  }
  if (name.includes('\0')) return refusal(400);
  const file = path.resolve(rendererDir, `.${path.posix.normalize(name === '/' ? '/index.html' : name)}`);
  if (!file.startsWith(rendererDir + path.sep)) return refusal(403);
  const type = TYPES[path.extname(file)];
  if (!type) return refusal(404);
  try {
    const body = await readFile(file);
    return {
      status: 200,
      headers: {
        'content-type': type,
        'content-security-policy': CONTENT_SECURITY_POLICY,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'permissions-policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=()',
        'cache-control': 'no-store',
      },
      body,
    };
  } catch {
    return refusal(404);
  }
}
