import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { groupVersionPath } from '../../runtime/api/kinds/kind.ts';
import type { Definitions } from '../../runtime/api/kinds/schema.ts';
import { Workspace } from '../../server/documents/workspace.ts';
import { loadDefinitions } from '../../server/schemas/generated.ts';
import { Kinds, type KnownKind } from '../../server/schemas/kinds.ts';
import { Skeleton, usualStyle, withDefaults } from '../../server/schemas/skeleton.ts';
import { startVirtualCluster, type VirtualCluster } from '../support/virtual-cluster.ts';

let virtual: VirtualCluster;
let definitions: Definitions;
const stable = new Kinds(new Workspace()).all().filter(({ apiVersion }) => !/alpha|beta/.test(apiVersion));

beforeAll(async () => {
  definitions = await loadDefinitions();
  virtual = await startVirtualCluster({ nodes: 0 });
});

afterAll(() => virtual.stop());

/** The answer of the API server to a dry run of a manifest. */
async function dryRun(known: KnownKind, text: string): Promise<string> {
  const kind = known.builtIn;
  if (!kind) throw new Error('not built in');
  const namespace = (parse(text) as { metadata?: { namespace?: string } }).metadata?.namespace ?? 'default';
  const place = kind.namespaced ? `/namespaces/${namespace}` : '';
  const response = await virtual.cluster.client.transport(
    new Request(`https://kubernetes.default.svc${groupVersionPath(kind)}${place}/${kind.plural}?dryRun=All&fieldValidation=Strict`, {
      method: 'POST',
      headers: { 'content-type': 'application/yaml' },
      body: text,
    }),
  );
  const answer = (await response.json()) as { message?: string };
  return response.ok ? 'accepted' : `${answer.message}`;
}

test('there are snippets for all stable kinds', () => {
  expect(stable.length).toBeGreaterThan(60);
});

test.each(stable.map((known) => [`${known.apiVersion} ${known.kind}`, known] as const))(
  'the snippet of %s is accepted as it is, in every style',
  async (_name, known) => {
    for (const style of [usualStyle, { field: 2, dash: 0 }, { field: 4, dash: 4 }]) {
      const text = withDefaults(new Skeleton(definitions, style).manifest(known));
      expect(await dryRun(known, text), text).toBe('accepted');
    }
  },
);
