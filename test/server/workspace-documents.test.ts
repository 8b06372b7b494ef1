import { describe, expect, test } from 'vitest';
import { Reading, WorkspaceDocuments } from '../../server/documents/workspace-documents.ts';

const uri = 'file:///workspace/web.yaml';

test('a file that could not be read is read again', async () => {
  const answers = [undefined, 'a: 1\n'];
  const documents = new WorkspaceDocuments(async () => {
    const text = answers.shift();
    if (text === undefined) throw new Error('the disk is gone');
    return text;
  });
  await expect(documents.read(uri)).rejects.toThrow('the disk is gone');
  expect(await documents.read(uri)).toEqual({ documents: [{ a: 1 }], broken: false });
  expect(await documents.read(uri)).toEqual({ documents: [{ a: 1 }], broken: false });
});

test('a late failure takes away nothing that was read after it', async () => {
  let fail: (error: Error) => void = () => {};
  const failing = new Promise<string>((_, reject) => {
    fail = reject;
  });
  const answers = [failing, Promise.resolve('a: 1\n')];
  const documents = new WorkspaceDocuments(() => answers.shift() ?? Promise.resolve(undefined));
  const first = documents.read(uri);
  documents.changed(uri);
  expect(await documents.read(uri)).toEqual({ documents: [{ a: 1 }], broken: false });
  fail(new Error('the disk is gone'));
  await expect(first).rejects.toThrow();
  expect(await documents.read(uri)).toEqual({ documents: [{ a: 1 }], broken: false });
});

describe('what was read is stale', () => {
  test('once it has changed, and for nobody who reads it afterwards', async () => {
    const documents = new WorkspaceDocuments(async () => 'a: 1\n');
    const before = new Reading(documents);
    await before.read(uri);
    expect(before.stale).toBe(false);
    const { generation } = documents;
    documents.changed(uri);
    expect(documents.generation).toBeGreaterThan(generation);
    const after = new Reading(documents);
    await after.read(uri);
    expect([before.stale, after.stale]).toEqual([true, false]);
    await before.read(uri);
    expect(before.stale).toBe(true);
  });

  test('when it is forgotten, for only so many files are remembered; its changes are told of nevertheless', async () => {
    const documents = new WorkspaceDocuments(async () => undefined);
    const [old, used] = [new Reading(documents), new Reading(documents)];
    await old.read(uri);
    await used.read('file:///workspace/used.yaml');
    for (let typed = 0; typed < 10_000; typed++) {
      await documents.read(`file:///workspace/${typed}.yaml`);
      if (typed % 1000 === 0) await documents.read('file:///workspace/used.yaml');
    }
    expect([old.stale, used.stale]).toEqual([true, false]);
    const { generation } = documents;
    documents.changed(uri);
    expect(documents.generation).toBeGreaterThan(generation);
  });

  test('not by changes of files that nobody has looked into', () => {
    const documents = new WorkspaceDocuments(async () => undefined);
    documents.changed(uri);
    expect(documents.generation).toBe(0);
  });
});
