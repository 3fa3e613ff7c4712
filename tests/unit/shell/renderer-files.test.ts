import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { CONTENT_SECURITY_POLICY, serveRenderer } from '../../../src/main/shell/renderer-files.ts';
import { inTemporaryFolder } from '../../support/vault.ts';

async function withBuild(work: (renderer: string) => Promise<void>): Promise<void> {
  await inTemporaryFolder(async (dir) => {
    const renderer = path.join(dir, 'renderer');
    await mkdir(path.join(renderer, 'assets'), { recursive: true });
    await mkdir(path.join(dir, 'renderer-other'));
    await writeFile(path.join(renderer, 'index.html'), '<!doctype html>');
    await writeFile(path.join(renderer, 'assets', 'a.js'), 'export {}');
    await writeFile(path.join(renderer, 'assets', 'notes.txt'), 'no type');
    await writeFile(path.join(dir, 'secret.json'), '{}');
    await writeFile(path.join(dir, 'renderer-other', 'b.js'), '');
    await work(renderer);
  });
}

const at = (pathname: string) => {
  const url = new URL('https://coffer.localhost/');
  // The setter would normalise; a request's URL has been through a parser as well, but an encoded slash has not.
  url.pathname = pathname;
  return url;
};

describe('serveRenderer', () => {
  it('serves the page and its parts with their types and the policy', () =>
    withBuild(async (renderer) => {
      const page = await serveRenderer(renderer, at('/'));
      expect(page.status).toBe(200);
      expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
      expect(page.headers['content-security-policy']).toBe(CONTENT_SECURITY_POLICY);
      expect(page.headers['x-content-type-options']).toBe('nosniff');
      const script = await serveRenderer(renderer, at('/assets/a.js'));
      expect([script.status, script.body.toString()]).toEqual([200, 'export {}']);
    }));

  it.each([
    '/../secret.json',
    '/%2e%2e/secret.json',
    '/..%2fsecret.json',
    '/assets/..%2f..%2fsecret.json',
    '/..%2frenderer-other%2fb.js',
    '/%2fetc%2fpasswd.json',
    '/a%00.js',
    '/%ff.js',
    '/assets/',
    '/assets/notes.txt',
    '/nothing.js',
  ])('serves nothing for %s', (pathname) =>
    withBuild(async (renderer) => {
      const { status, body } = await serveRenderer(renderer, at(pathname));
      expect(status).toBeGreaterThanOrEqual(400);
      expect(body.length).toBe(0);
    }),
  );

  it('allows no inline or foreign script and no connection', () => {
    const rules = new Map(
      CONTENT_SECURITY_POLICY.split('; ').map((rule) => rule.split(/ (.*)/s).slice(0, 2) as [string, string]),
    );
    expect(rules.get('default-src')).toBe("'none'");
    expect(rules.get('script-src')).toBe("'self'");
    expect(rules.get('connect-src')).toBe("'none'");
    for (const rule of ['base-uri', 'form-action', 'frame-ancestors']) expect(rules.get(rule)).toBe("'none'");
  });
});
