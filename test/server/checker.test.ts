import { afterEach, expect, test, vi } from 'vitest';
import { inWorkspace } from '../../server/kustomize/in-workspace.ts';
import { Editor } from './editor.ts';

vi.mock('../../server/kustomize/in-workspace.ts', { spy: true });
afterEach(() => void vi.mocked(inWorkspace).mockRestore());

test('what stumbles over the place of a document hides nothing that is wrong with it', async () => {
  const editor = await Editor.start();
  vi.mocked(inWorkspace).mockImplementation(() => {
    throw new Error('no such place');
  });
  const pod = 'apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec: { containers: [{ name: a, image: b:1, imagez: c }] }\n';
  const service = 'apiVersion: v1\nkind: Service\nmetadata: { name: a }\nspec: { selector: { a: b }, ports: [{ port: 80 }] }\n';
  expect(await editor.problems(`${pod}---\n${service}`)).toEqual([
    '4:45-4:51 error unknown field "spec.containers[0].imagez" (did you mean "image"?)',
    '9:9-9:17 warning No pods of this workspace in namespace "default" carry a=b',
  ]);
  expect(editor.logged).toEqual([expect.stringContaining('no such place'), expect.stringContaining('no such place')]);
  await editor.stop();
});

test('a release that is chosen while a long file is looked into is the one that all of it is judged by', async () => {
  const waiting: (() => void)[] = [];
  let isHeld = true;
  const editor = await Editor.start({
    after(ms, run) {
      if (ms === 0 && isHeld) {
        waiting.push(run);
        return () => undefined;
      }
      const timer = setImmediate(run);
      return () => clearImmediate(timer);
    },
  });
  // Pods have had resources of their own since 1.32.
  const pod = 'apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec: { resources: {}, containers: [{ name: a, image: b:1 }] }\n';
  const uri = await editor.open(`${`${pod}# ${'x'.repeat(1000)}\n---\n`.repeat(39)}${pod}`);
  await expect.poll(() => waiting.length).toBe(1);
  await editor.choose('1.30');
  await editor.folds(uri);
  isHeld = false;
  for (const run of waiting) run();
  const messages = (await editor.diagnostics(uri)).map(({ message }) => String(message));
  expect(messages.filter((message) => message.includes('added in Kubernetes 1.32'))).toHaveLength(40);
  await editor.stop();
});
