import { afterEach, expect, test } from 'vitest';
import type { FileSystemWatcher, Registration } from 'vscode-languageserver';
import { diskOf, Editor } from './editor.ts';

const folder = 'file:///workspace/';
let editor: Editor;
afterEach(async () => {
  expect(editor.logged).toEqual([]);
  await editor.stop();
});

/** What an editor watches, by the ids of registrations. */
async function start(disk: Record<string, string>, relativePatternSupport: boolean): Promise<() => unknown[]> {
  const watched = new Map<string, readonly FileSystemWatcher[]>();
  const didChangeWatchedFiles = { dynamicRegistration: true, relativePatternSupport };
  editor = await Editor.start(
    diskOf(folder, () => disk),
    undefined,
    { didChangeWatchedFiles },
    (server) => {
      server.onRequest('client/registerCapability', (params) => {
        const { registrations } = params as { registrations: Registration[] };
        for (const { id, registerOptions } of registrations) watched.set(id, registerOptions.watchers);
        return null;
      });
      server.onRequest('client/unregisterCapability', (params) => {
        const { unregisterations } = params as { unregisterations: { id: string }[] };
        for (const { id } of unregisterations) watched.delete(id);
        return null;
      });
    },
  );
  return () => [...watched.values()].flat().map(({ globPattern }) => globPattern);
}

const usual = ['**/*.{yaml,yml}', '**/*.{env,properties}', '**/.env*'];

test('files of any name are watched while a kustomization names them', async () => {
  const disk: Record<string, string> = {
    'base/kustomization.yaml':
      'resources: [web.yaml, "../other"]\nconfigMapGenerator: [{ name: a, envs: [settings, app.env], files: ["conf/[x].toml", key=conf/page.html] }]\n',
    'base/settings': 'SIZE=1\n',
  };
  const watched = await start(disk, true);
  const named = [
    { baseUri: `${folder}base/conf`, pattern: '{?x?.toml,page.html}' },
    { baseUri: `${folder}base`, pattern: 'settings' },
  ];
  await expect.poll(watched).toEqual([...usual, ...named]);
  // Typing in it asks for others, and those of before are watched no longer.
  const text = 'configMapGenerator: [{ name: a, envs: [settings] }]\n';
  const uri = await editor.open(text, `${folder}base/kustomization.yaml`);
  await expect.poll(watched).toEqual([...usual, named[1]]);
  await editor.edit(uri, 'envs: [settings]', 'literals: [a=b]');
  await expect.poll(watched).toEqual(usual);
  // What was not saved is given up, and what stands on disk counts again.
  await editor.close(uri);
  await expect.poll(watched).toEqual([...usual, ...named]);
});

test('an editor that knows no folders of patterns is asked for names', async () => {
  const watched = await start({ 'kustomization.yaml': 'secretGenerator: [{ name: a, files: [tls.crt, tls.key] }]\n' }, false);
  await expect.poll(watched).toEqual([...usual, '**/{tls.crt,tls.key}']);
});

test('names that mean something in URIs and patterns are watched as they are', async () => {
  const watched = await start({ 'kustomization.yaml': 'configMapGenerator: [{ name: a, files: [100%.txt, a+b@c.txt] }]\n' }, true);
  await expect.poll(watched).toEqual([...usual, { baseUri: 'file:///workspace', pattern: '{100%.txt,a+b@c.txt}' }]);
});
