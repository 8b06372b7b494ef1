import { describe, expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { ConnectedCluster } from '../../server/cluster/connected-cluster.ts';
import { ManifestFile } from '../../server/documents/file.ts';
import { Inquiry } from '../../server/index/inquiry.ts';
import { WorkspaceIndex } from '../../server/index/workspace-index.ts';

const pod = (name: string, label: string, { namespace = 'shop', image = 'nginx:1.27' } = {}) =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\n  namespace: ${namespace}\n  labels:\n    app: ${label}\nspec:\n  containers:\n    - name: a\n      image: ${image}\n`;
const configMap = (name: string, namespace = 'shop') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n  namespace: ${namespace}\ndata:\n  a: b\n`;

/** A workspace with one file of three objects, and what asks it. */
function world() {
  const index = new WorkspaceIndex();
  const cluster = new ConnectedCluster();
  const save = (...documents: string[]) => index.save('file:///a.yaml', documents.join('---\n'));
  save(pod('web', 'web'), configMap('settings'), configMap('other', 'test'));
  return { index, cluster, save, names: new Inquiry(index, cluster) };
}

/** What is asked, an edit that changes no answer to it, and one that does. */
const questions: Readonly<Record<string, { ask: (names: Inquiry) => unknown; apart: readonly string[]; answered: readonly string[] }>> = {
  'objects of a kind': {
    ask: (names) => names.objects('ConfigMap', 'shop'),
    apart: [pod('api', 'api'), configMap('settings'), configMap('others', 'test')],
    answered: [pod('web', 'web'), configMap('settings'), configMap('other', 'shop')],
  },
  'one object that is there': {
    ask: (names) => names.declared('Pod', 'shop', 'web'),
    apart: [pod('web', 'web'), configMap('setting'), configMap('other', 'test')],
    answered: [pod('web', 'web', { image: 'nginx:1.28' }), configMap('settings'), configMap('other', 'test')],
  },
  'one object that is not there': {
    ask: (names) => names.declared('ConfigMap', 'shop', 'colors'),
    apart: [pod('web', 'api'), configMap('setting'), configMap('other', 'test')],
    answered: [pod('web', 'web'), configMap('settings'), configMap('colors', 'shop')],
  },
  'the objects of a namespace': {
    ask: (names) => names.inNamespace('test'),
    apart: [pod('api', 'api'), configMap('setting'), configMap('other', 'test')],
    answered: [pod('web', 'web', { namespace: 'test' }), configMap('settings'), configMap('other', 'test')],
  },
  'the pods that a selector chooses': {
    ask: (names) => names.selectedBy('shop', { app: 'web' }),
    apart: [pod('web', 'web'), configMap('setting'), configMap('other', 'test')],
    answered: [pod('web', 'api'), configMap('settings'), configMap('other', 'test')],
  },
  'pods that no selector chooses yet': {
    ask: (names) => names.selectedBy('shop', { app: 'api' }),
    apart: [configMap('settings'), configMap('other', 'test')],
    answered: [pod('web', 'api'), configMap('settings'), configMap('other', 'test')],
  },
  everything: {
    ask: (names) => names.all(),
    apart: [`# only moved\n${pod('web', 'web')}`, configMap('settings'), configMap('other', 'test')],
    answered: [pod('web', 'web'), configMap('settings')],
  },
};

describe('an answer is asked for again when it may have changed, and only then', () => {
  test.each(Object.entries(questions))('%s', (_name, { ask, apart, answered }) => {
    const { save, names } = world();
    ask(names);
    expect(names.stale).toBe(false);
    save(...apart);
    expect(names.stale).toBe(false);
    save(...answered);
    expect(names.stale).toBe(true);
  });

  test('whether there is a file', () => {
    const { index, names } = world();
    names.has('file:///kustomization.yaml');
    index.save('file:///b.yaml', configMap('more'));
    expect(names.stale).toBe(false);
    index.save('file:///kustomization.yaml', 'resources: []\n');
    expect(names.stale).toBe(true);
  });

  test('whether the cluster has an object', () => {
    const { cluster, names } = world();
    const objects = [{ namespace: 'shop', name: 'colors' }];
    cluster.replace({ kind: 'Secret', objects });
    expect(names.stale).toBe(false);
    names.isInCluster('ConfigMap', 'shop', 'colors');
    expect(names.stale).toBe(false);
    cluster.replace({ kind: 'ConfigMap', objects });
    expect(names.stale).toBe(true);
  });

  test('in a file that is opened, edited and closed', () => {
    const { index, names } = world();
    const open = (text: string) => index.touch(new ManifestFile(TextDocument.create('file:///b.yaml', 'yaml', 1, text)));
    names.declared('ConfigMap', 'shop', 'colors');
    open(configMap('color'));
    expect(names.stale).toBe(false);
    open(configMap('colors'));
    expect(names.stale).toBe(true);
    const again = new Inquiry(index, new ConnectedCluster());
    again.declared('ConfigMap', 'shop', 'colors');
    expect(again.stale).toBe(false);
    index.close('file:///b.yaml');
    expect(again.stale).toBe(true);
  });

  test('what was asked so long ago that nobody remembers what has changed since', () => {
    const { index, names } = world();
    names.declared('ConfigMap', 'shop', 'settings');
    for (let count = 0; count < 300; count++) index.save('file:///b.yaml', configMap(`c${count}`));
    expect(names.stale).toBe(true);
  });
});
