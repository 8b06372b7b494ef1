import { expect, test } from 'vitest';
import { Workspace } from '../../server/documents/workspace.ts';
import { workspaceNames } from '../../server/index/names.ts';
import { WorkspaceIndex } from '../../server/index/workspace-index.ts';
import { rehearse } from '../../server/rehearsal.ts';
import { loadDefinitions, loadDescriptions } from '../../server/schemas/generated.ts';
import { Kinds } from '../../server/schemas/kinds.ts';

async function partsOfRehearsal() {
  const index = new WorkspaceIndex();
  const completer = () => Promise.reject(new Error('no custom kinds are about'));
  const [definitions, descriptions] = [await loadDefinitions(), await loadDescriptions()];
  return { kinds: new Kinds(new Workspace()), definitions, descriptions, index, names: workspaceNames(index), completer, now: 0 };
}

test('a rehearsal lets others go first after every key, and leaves nothing behind', async () => {
  const parts = await partsOfRehearsal();
  let turns = 0;
  await rehearse(parts, async () => ++turns > 0);
  expect(turns).toBeGreaterThan(100);
  expect([...parts.names.objects('Pod', 'default')]).toEqual([]);
});

test('a rehearsal ends when there is no use in going on', async () => {
  let turns = 0;
  await rehearse(await partsOfRehearsal(), async () => ++turns < 3);
  expect(turns).toBe(3);
});
