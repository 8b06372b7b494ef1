import { expect, test } from 'vitest';
import { Reading, WorkspaceDocuments } from '../../server/documents/workspace-documents.ts';
import { build } from '../../server/kustomize/build.ts';

const root = 'file:///workspace/kustomization.yaml';

/** Builds a kustomization that names folders `0`, `1`, …, where each kustomization says the same, so many levels deep. */
async function built(names: readonly string[], levels: number, limit: number) {
  const resources = [...names, 'web.yaml'];
  const read: string[] = [];
  const documents = new WorkspaceDocuments(async (uri) => {
    read.push(uri);
    return uri.endsWith('/web.yaml') ? 'apiVersion: v1\nkind: Pod\n' : JSON.stringify({ resources });
  });
  const reading = new Reading(documents);
  const visits = { left: limit };
  const depth = (folder: string) => folder.slice('file:///workspace'.length).split('/').length - 1;
  const kustomizations = {
    inFolder: (folder: string) => (!folder.endsWith('.yaml') && depth(folder) <= levels ? `${folder}/kustomization.yaml` : undefined),
  };
  const { resources: found, complete } = await build(root, { resources }, { kustomizations, reading, visits, definitions: {} });
  return { kustomizations: read.filter((uri) => uri.endsWith('/kustomization.yaml')).length, pods: found.length, complete };
}

test('so many kustomizations are looked into, and not one more', async () => {
  expect(await built(['0', '1', '2'], 2, 100)).toEqual({ kustomizations: 12, pods: 13, complete: true });
  expect(await built(['0', '1', '2', '3', '4', '5'], 3, 20)).toEqual({ kustomizations: 20, pods: 21, complete: false });
});

test('what a list names again is taken in once', async () => {
  expect(await built(['0', '0/', './0', 'web.yaml', '../workspace/0'], 1, 100)).toMatchObject({ kustomizations: 1, pods: 2 });
});
