import { expect, test, vi } from 'vitest';
import { inWorkspace } from '../../server/kustomize/in-workspace.ts';
import { Editor } from './editor.ts';

vi.mock('../../server/kustomize/in-workspace.ts', { spy: true });

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
