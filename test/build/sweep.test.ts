import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { temporaryFolder } from '../support/cluster-process.ts';

type Sweep = (folder: string, made: ReadonlySet<string>, spared: (path: string, age: number) => boolean, now: number) => void;

const { sweep } = (await import(pathToFileURL(resolve('.config/sweep.mjs')).href)) as { sweep: Sweep };

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
  for (const name of ['cli.js', 'old.js', 'chunks/of-an-hour.js', 'chunks/of-a-day.js', 'maps/old.map']) {
    mkdirSync(join(folder.path, name, '..'), { recursive: true });
    writeFileSync(join(folder.path, name), '');
    utimesSync(join(folder.path, name), 0, name.endsWith('hour.js') ? 82_800 : 0);
  }
});
afterEach(() => folder.remove());

const left = () => readdirSync(folder.path, { recursive: true, encoding: 'utf8' }).sort();

it('removes what an earlier build left, and folders that have nothing any more', () => {
  sweep(folder.path, new Set([join(folder.path, 'cli.js')]), () => false, 86_400_000);
  expect(left()).toEqual(['cli.js']);
});

it('leaves what a program that runs may still ask for', () => {
  const isYoung = (path: string, age: number) => path.startsWith(join(folder.path, 'chunks')) && age <= 3_600_000;
  sweep(folder.path, new Set([join(folder.path, 'cli.js')]), isYoung, 86_400_000);
  expect(left()).toEqual(['chunks', join('chunks', 'of-an-hour.js'), 'cli.js']);
});
