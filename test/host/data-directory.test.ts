import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IncompletePkiError, loadOrCreatePki } from '../../runtime/bootstrap/pki.ts';
import { createRealClock } from '../../runtime/host/node/clock.ts';
import { DataDirectory } from '../../runtime/host/node/data-directory.ts';
import { createSystemRandom } from '../../runtime/host/node/random.ts';

let path: string;
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'kubeside-data-'));
});
afterEach(() => rmSync(path, { recursive: true, force: true }));

const load = () => loadOrCreatePki(new DataDirectory(path), createRealClock(), createSystemRandom(), '10.96.0.1');

describe('the certificates of a data directory', () => {
  it('are made once, keys for their owner alone', async () => {
    const made = await load();
    expect(await load()).toEqual(made);
    expect(readdirSync(path)).toEqual(['pki']);
    const mode = (name: string) => statSync(join(path, 'pki', name)).mode & 0o777;
    expect([mode('.'), mode('ca.key'), mode('admin.token'), mode('ca.crt')]).toEqual([0o700, 0o600, 0o600, 0o644]);
  });

  it('are completed where an earlier version knew no front proxies', async () => {
    const made = await load();
    rmSync(join(path, 'pki', 'front-proxy'), { recursive: true });
    const now = await load();
    expect(now.ca).toBe(made.ca);
    expect(now.frontProxy.ca).not.toBe(made.frontProxy.ca);
    expect(await load()).toEqual(now);
    rmSync(join(path, 'pki', 'front-proxy', 'client.key'));
    await expect(load()).rejects.toThrow(new IncompletePkiError(['front-proxy/client.key']));
  });

  it('are made anew when the first start was cut off in the middle of it', async () => {
    mkdirSync(join(path, 'pki.new'));
    writeFileSync(join(path, 'pki.new', 'ca.crt'), 'half');
    expect((await load()).ca).toContain('BEGIN CERTIFICATE');
    expect(readdirSync(path)).toEqual(['pki']);
  });

  it.each([
    ['is gone', (file: string) => rmSync(file)],
    ['is empty', (file: string) => writeFileSync(file, '')],
  ])('are refused when one of the files %s', async (_, damage) => {
    await load();
    damage(join(path, 'pki', 'apiserver.key'));
    await expect(load()).rejects.toThrow(new IncompletePkiError(['apiserver.key']));
    new DataDirectory(path).remove();
    expect(existsSync(path)).toBe(false);
  });
});

it('tells how large the files of its store are', () => {
  const directory = new DataDirectory(path);
  mkdirSync(directory.store);
  writeFileSync(join(directory.store, 'a'), 'x'.repeat(300));
  writeFileSync(join(directory.store, 'b'), 'x'.repeat(20));
  expect(directory.storeSize()).toBe(320);
});
