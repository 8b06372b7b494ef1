import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { kinds } from '../../runtime/api/generated/kinds.ts';
import { apiVersionOf, groupVersionPath } from '../../runtime/api/kinds/kind.ts';
import type { KubeObject } from '../../runtime/api/object.ts';
import * as resources from '../../runtime/client/resources.ts';
import { startVirtualCluster, type VirtualCluster } from '../support/virtual-cluster.ts';
import { refused } from './refused.ts';

const folder = join(import.meta.dirname, 'manifests');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.ya?ml$/.test(name))
  .sort();

let virtual: VirtualCluster;

beforeAll(async () => {
  virtual = await startVirtualCluster({ nodes: 0 });
  // Namespaces the manifests take for granted.
  for (const name of ['monitoring', 'spark-cluster']) {
    await virtual.cluster.client.resource(resources.namespaces).create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }
});

afterAll(() => virtual.stop());

/** What a server-side dry run says of the object: `accepted`, or why not. */
async function dryRun(object: KubeObject): Promise<string> {
  if (!object.kind) return "Object 'Kind' is missing";
  const kind = kinds.find((k) => k.kind === object.kind && apiVersionOf(k) === object.apiVersion && !/alpha|beta/.test(k.version));
  if (!kind) return `no matches for kind "${object.kind}" in version "${object.apiVersion}"`;
  const place = kind.namespaced ? `/namespaces/${object.metadata?.namespace ?? 'default'}` : '';
  const response = await virtual.cluster.client.transport(
    new Request(`https://kubernetes.default.svc${groupVersionPath(kind)}${place}/${kind.plural}?dryRun=All&fieldValidation=Strict`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(object),
    }),
  );
  const answer = (await response.json()) as { message?: string };
  return response.ok ? 'accepted' : (answer.message ?? '');
}

describe('the corpus', () => {
  it('is whole', () => {
    expect(files).toHaveLength(129);
  });

  it.each(files)('%s is accepted, or refused as Kubernetes would', async (file) => {
    // As kubectl reads them: the last of two equal keys counts.
    const documents = parseAllDocuments(readFileSync(join(folder, file), 'utf8'), { version: '1.1', uniqueKeys: false });
    const outcomes = new Map<string, string>();
    for (const [i, document] of documents.entries()) {
      if (document.errors.length > 0 || document.warnings.length > 0) {
        outcomes.set(`${file}#${i}`, 'not YAML that JSON can express');
        continue;
      }
      const object = document.toJS() as KubeObject | null;
      if (object !== null) outcomes.set(`${file}#${i}`, await dryRun(object));
    }
    if (outcomes.size === 0) outcomes.set(file, 'no objects');
    for (const [document, outcome] of outcomes) {
      expect(outcome.slice(0, refused[document]?.length), document).toBe(refused[document] ?? 'accepted');
    }
  });
});
