import { describe, expect, test } from 'vitest';
import { Workspace } from '../../server/documents/workspace.ts';
import { workspaceNames } from '../../server/index/names.ts';
import { WorkspaceIndex } from '../../server/index/workspace-index.ts';
import { rehearse } from '../../server/rehearsal.ts';
import { loadDefinitions, loadDescriptions } from '../../server/schemas/generated.ts';
import { Kinds } from '../../server/schemas/kinds.ts';
import { Editor } from './editor.ts';

async function partsOfRehearsal() {
  const index = new WorkspaceIndex();
  const completer = () => Promise.reject(new Error('no custom kinds are about'));
  const [definitions, descriptions] = [await loadDefinitions(), await loadDescriptions()];
  return { kinds: new Kinds(new Workspace()), definitions, descriptions, index, names: workspaceNames(index), completer, now: 0 };
}

test('a rehearsal lets others go first after every key', async () => {
  let turns = 0;
  await rehearse(await partsOfRehearsal(), async () => ++turns > 0);
  expect(turns).toBeGreaterThan(100);
});

test('a rehearsal ends when there is no use in going on', async () => {
  let turns = 0;
  await rehearse(await partsOfRehearsal(), async () => ++turns < 3);
  expect(turns).toBe(3);
});

describe('what a server prepares', () => {
  const uri = 'file:///workspace/pod.yaml';
  const pod = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: other\n';

  /** An editor, and how often its server has let others go first. */
  async function startCounting() {
    const counted = { turns: 0 };
    const editor = await Editor.start({
      after(_ms, run) {
        counted.turns++;
        const timer = setImmediate(run);
        return () => clearImmediate(timer);
      },
    });
    return { editor, counted };
  }

  test('is seen by nobody: no file, no problem and no object comes of it', async () => {
    const { editor, counted } = await startCounting();
    const first = await editor.open('');
    await editor.diagnostics(first);
    // Its version is not the first: some editors count on from elsewhere, and all do when a server starts again.
    await editor.open(pod, uri);
    await editor.diagnostics(uri);
    const told = new Map(editor.told);
    counted.turns = 0;
    await editor.session.prepareRest();
    expect(counted.turns).toBeGreaterThan(100);
    expect(editor.told).toEqual(told);
    expect([...editor.session.files.keys()]).toEqual([first, uri]);
    expect([...editor.session.names.objects('Pod', 'default')].map(({ name }) => name)).toEqual(['other']);
    expect(editor.logged).toEqual([]);
    await editor.stop();
  });

  test('is left at the first key, whether it is typed before or meanwhile', async () => {
    const { editor, counted } = await startCounting();
    await editor.open(pod, uri);
    await editor.diagnostics(uri);
    counted.turns = 0;
    const prepared = editor.session.prepareRest();
    await editor.append(uri, pod, '  namespace: a');
    await prepared;
    const meanwhile = counted.turns;
    await editor.session.prepareRest();
    expect(meanwhile).toBeLessThan(100);
    expect(counted.turns - meanwhile).toBeLessThan(10);
    await editor.stop();
  });
});
