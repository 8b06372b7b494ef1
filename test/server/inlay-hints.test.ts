import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { InlayHint } from 'vscode-languageserver';
import { Editor } from './editor.ts';

let editor: Editor;
beforeAll(async () => {
  editor = await Editor.start();
});
afterAll(async () => {
  expect(editor.logged).toEqual([]);
  await editor.stop();
});

const configure = (inlayHints: object) => editor.tell('workspace/didChangeConfiguration', { settings: { kubeside: { inlayHints } } });

async function hints(text: string, lines = [0, 1000]): Promise<InlayHint[]> {
  const uri = await editor.open(text);
  const [start = 0, end = 0] = lines;
  const range = { start: { line: start, character: 0 }, end: { line: end, character: 0 } };
  return editor.request('textDocument/inlayHint', { textDocument: { uri }, range });
}

/** The text with its hints in it. */
async function shown(text: string): Promise<string> {
  const lines = text.split('\n');
  for (const { position, label } of (await hints(text)).toReversed()) {
    const line = lines[position.line] ?? '';
    lines[position.line] = `${line.slice(0, position.character)} «${String(label)}»${line.slice(position.character)}`;
  }
  return lines.join('\n');
}

const limits = (value: string) =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec:\n  containers:\n  - name: a\n    image: b:1\n    resources: { limits: ${value} }\n`;

describe('amounts', () => {
  test.each([
    ['{ cpu: 1000m }', '{ cpu: 1000m «= 1 core» }'],
    ['{ cpu: "2500m" }', '{ cpu: "2500m" «= 2.5 cores» }'],
    ['{ cpu: 0.5 }', '{ cpu: 0.5 «= 500m» }'],
    ['{ cpu: 250m }', '{ cpu: 250m }'],
    ['{ cpu: 2 }', '{ cpu: 2 }'],
    ['{ memory: 1073741824 }', '{ memory: 1073741824 «= 1Gi» }'],
    ['{ memory: 1000000000 }', '{ memory: 1000000000 «= 1G» }'],
    ['{ memory: 1000000001 }', '{ memory: 1000000001 «≈ 953.7Mi» }'],
    ['{ memory: 1024Mi }', '{ memory: 1024Mi «= 1Gi» }'],
    ['{ memory: 128Mi }', '{ memory: 128Mi }'],
    ['{ memory: what }', '{ memory: what }'],
  ])('%s', async (written, expected) => {
    expect(await shown(limits(written))).toBe(limits(expected));
  });
});

test('a schedule in words', async () => {
  const cron = (schedule: string) => `apiVersion: batch/v1\nkind: CronJob\nmetadata: { name: a }\nspec:\n  schedule: ${schedule}\n`;
  expect(await shown(cron('"*/5 * * * *"'))).toBe(cron('"*/5 * * * *" «Every 5 minutes»'));
  expect(await shown(cron('"61 * * * *"'))).toBe(cron('"61 * * * *"'));
});

describe('defaults', () => {
  const manifests = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec: # many
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      restartPolicy: Always
      containers:
        - name: web
          image: nginx
          ports: [{ containerPort: 80 }]
          readinessProbe:
            tcpSocket: { port: 80 }
            timeoutSeconds: 3
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec:
  ports:
    - port: 80
`;
  const expected = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec: «replicas: 1 · strategy.type: RollingUpdate · revisionHistoryLimit: 10» # many
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: «terminationGracePeriodSeconds: 30»
      restartPolicy: Always
      containers:
        - name: web
          image: nginx «imagePullPolicy: Always»
          ports: [{ containerPort: 80 } «protocol: TCP»]
          readinessProbe: «periodSeconds: 10 · failureThreshold: 3»
            tcpSocket: { port: 80 }
            timeoutSeconds: 3
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: «type: ClusterIP · sessionAffinity: None»
  ports:
    - port: 80 «protocol: TCP · targetPort: 80»
`;
  test('are shown to those who ask for them', async () => {
    expect(await shown(manifests)).toBe(manifests);
    await configure({ defaults: true });
    expect(await shown(manifests)).toBe(expected);
    expect(await hints(manifests, [17, 30])).toHaveLength(2);
    await configure({ defaults: 'yes', quantities: false });
    expect(await shown(manifests)).toBe(manifests);
    expect(await shown(limits('{ cpu: 1000m }'))).toBe(limits('{ cpu: 1000m }'));
    await configure({});
  });

  test('say what they are for when they are pointed at', async () => {
    await configure({ defaults: true });
    const [first] = await hints(manifests);
    const resolved = await editor.request<InlayHint>('inlayHint/resolve', first ?? {});
    expect(resolved.tooltip).toMatchObject({
      kind: 'markdown',
      value: expect.stringMatching(/^\*\*replicas\*\* Number of desired pods[\s\S]*\*\*type\*\* Type of deployment/),
    });
    await configure({});
  });

  test('of a broken manifest are not guessed', async () => {
    await configure({ defaults: true });
    const broken = manifests
      .replace('metadata: { name: web }\nspec: #', 'metadata: { name: web }\nreplicas: []\nspec: #')
      .replace('restartPolicy: Always', 'restartPolicy: []');
    expect((await hints(broken)).map(({ position }) => position.line).filter((line) => line < 17)).toEqual([]);
    await configure({});
  });
});
