import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { describeEnd, startProcess } from '../../client/cluster/cluster-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'kubeside-process-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
/** Starts a program that stands in for the cluster. */
function start(source: string, log: string[] = []) {
  const cli = join(folder, `cli-${count++}.cjs`);
  writeFileSync(cli, source);
  return startProcess({ node: process.execPath, cli, args: ['up'], log: (line) => log.push(line), readyTimeout: 20_000 });
}

const ready = `console.log(JSON.stringify({ ready: true, server: 'https://127.0.0.1:1', kubeconfig: process.argv[2], pid: process.pid }));`;

describe("the cluster's process", () => {
  it('is there when it says so, logs line by line, and ends when asked', async () => {
    const log: string[] = [];
    const running = await start(
      `console.error('one\\ntwo'); process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1000); ${ready}`,
      log,
    );
    expect(running.ready).toMatchObject({ server: 'https://127.0.0.1:1', kubeconfig: 'up' });
    expect(await running.stop()).toMatchObject({ code: 0, signal: null });
    expect(log).toEqual(['one', 'two']);
  });

  it('is ended when it does not end by itself', async () => {
    const running = await start(`process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); ${ready}`);
    expect(await running.stop(50)).toMatchObject({ signal: 'SIGKILL' });
  });

  it.each([
    ['on stderr', `console.error('kubeside: the data directory is in use by process 7'); process.exit(1)`],
    ['as JSON', `console.error(JSON.stringify({ error: 'the data directory is in use by process 7' })); process.exit(1)`],
    ['on stdout', `console.log(JSON.stringify({ error: 'the data directory is in use by process 7' })); setTimeout(() => {}, 60000)`],
  ])('gives its own error when it cannot start: %s', async (_where, source) => {
    await expect(start(source)).rejects.toThrow(/^the data directory is in use by process 7$/);
  });

  it('tells how it ended when somebody kills it', async () => {
    const running = await start(`setInterval(() => {}, 1000); ${ready}`);
    process.kill(running.ready.pid, 'SIGKILL');
    const exit = await running.exited;
    expect(exit).toMatchObject({ code: null, signal: 'SIGKILL' });
    expect(describeEnd(exit)).toBe('The cluster stopped unexpectedly (signal SIGKILL).');
  });

  it('tells why it ended by itself', async () => {
    const running = await start(`setTimeout(() => { console.error('kubeside: the disk is full'); process.exit(1); }, 100); ${ready}`);
    expect(describeEnd(await running.exited)).toBe('The cluster stopped unexpectedly (code 1): the disk is full');
  });
});
