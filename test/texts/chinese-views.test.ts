import { readFileSync } from 'node:fs';
import { config, t } from '@vscode/l10n';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { projectCluster } from '../../client/dashboard/project.ts';
import { clusterRows } from '../../client/explorer/cluster-rows.ts';
import type { Row } from '../../client/explorer/row.ts';
import { checksPage } from '../../client/language/checks-page.ts';
import { liveState } from '../../client/language/live-state.ts';
import { sections } from '../../media/dashboard/boards.ts';
import { drawLost, drawNoCluster, drawNoPods, drawSkeleton, drawStarting } from '../../media/dashboard/empty.ts';
import { drawEvents, drawProblems, drawRollouts } from '../../media/dashboard/side.ts';
import { drawHeader, drawHealth, drawLane, drawLegend } from '../../media/dashboard/summary.ts';
import { useTexts } from '../../media/dashboard/texts.ts';
import { initialView } from '../../media/dashboard/view-state.ts';
import { cacheOf, deployment, node, pod, readyPod, replicaSet, runningCluster } from '../client/fixtures.ts';
import { stubDocument, textsOf } from './paper.ts';

vi.mock('@vscode/webview-ui-toolkit', () => ({
  provideVSCodeDesignSystem: () => ({ register: () => undefined }),
  vsCodeButton: () => undefined,
  vsCodeProgressRing: () => undefined,
  vsCodeTextField: () => undefined,
}));

const now = Date.parse('2026-01-01T00:02:10Z');
const bundle = readFileSync(new URL('../../l10n/bundle.l10n.zh-cn.json', import.meta.url), 'utf8');

beforeAll(() => {
  stubDocument();
  useTexts(bundle);
});
afterAll(() => {
  vi.unstubAllGlobals();
  config({ contents: {} });
});

/** Kubernetes' own words, and the names of the objects below. */
const kept = new Set(
  `kubeside VS Code Docker YAML CPU Pod Pods Service ConfigMap Secret Kubelet NotReady CrashLoopBackOff OOMKilled Insufficient cpu init
  default web app job nginx Deployment CronJob Completed kubelet stopped posting status node Mi Gi`
    .split(/\s+/)
    .filter(Boolean),
);
/** Words of other languages in a text, without the names of objects. */
const foreign = (texts: readonly string[]) => [
  ...new Set(texts.flatMap((text) => text.match(/(?<![\w.:/-])[A-Za-z]{2,}(?![\w/-])/g) ?? []).filter((word) => !kept.has(word))),
];

const web = { kind: 'ReplicaSet', name: 'web-2' };
const objects = cacheOf({
  nodes: [{ ...node('node-1'), spec: { unschedulable: true } }, node('node-2'), node('node-3', false)],
  namespaces: [{ metadata: { name: 'default' } }, { metadata: { name: 'kube-system' } }],
  deployments: [{ ...deployment('web', 3, 1), status: { observedGeneration: 1, replicas: 3, updatedReplicas: 2, readyReplicas: 1 } }],
  replicasets: [replicaSet('web-1', 'web', 1, 1), replicaSet('web-2', 'web', 2, 2)],
  services: [{ metadata: { name: 'web', namespace: 'default' }, spec: { clusterIP: '10.96.0.7', ports: [{ port: 80 }] } }],
  configmaps: [{ metadata: { name: 'web', namespace: 'default' }, keys: ['a'] }],
  cronjobs: [
    {
      metadata: { name: 'job', namespace: 'default' },
      spec: { schedule: '0 * * * *', suspend: true, jobTemplate: { spec: { template: {} } } },
    },
  ],
  pods: [
    readyPod('web-2-a', 'node-1', web),
    pod({
      name: 'web-2-b',
      node: 'node-2',
      owner: web,
      statuses: [{ restartCount: 2, state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: { terminated: { exitCode: 1 } } }],
    }),
    pod({ name: 'web-2-c', node: 'node-2', owner: web, deleted: true, statuses: [{ state: { running: {} } }] }),
    pod({ name: 'web-2-d', node: 'node-2', statuses: [{ state: { running: {} } }] }),
    pod({ name: 'web-2-e', node: 'node-2' }),
    readyPod('web-2-f', 'node-3'),
    pod({ name: 'web-2-g', phase: 'Succeeded', node: 'node-2' }),
    pod({ name: 'web-2-h', phase: 'Pending', cpu: '64', unschedulable: '3 Insufficient cpu.' }),
    pod({ name: 'web-2-i', phase: 'Pending' }),
  ],
  events: [
    {
      metadata: { name: 'e' },
      involvedObject: { kind: 'Pod', name: 'web-2-a' },
      message: 'Successfully assigned default/web-2-a to node-1',
      lastTimestamp: '2026-01-01T00:00:01Z',
    },
  ],
});
const cluster = runningCluster(objects);

describe('the tree in Chinese', () => {
  const all = (rows: readonly Row[]): Row[] => rows.flatMap((row) => [row, ...all(row.children ?? [])]);

  test('says each row, and the tooltip over it', () => {
    const rows = all(clusterRows(cluster, now));
    const texts = rows.flatMap(({ label, description = '', tooltip }) => [
      label,
      description,
      ...(tooltip ? [tooltip.title, tooltip.status ?? '', tooltip.message ?? '', ...tooltip.facts.flat()] : []),
    ]);
    expect(foreign(texts)).toEqual([]);
    expect(rows.slice(0, 2).map(({ label, description }) => [label, description])).toEqual([
      ['kubeside', '模拟集群'],
      ['需要关注', undefined],
    ]);
    expect(rows.find(({ id }) => id === 'nodes')?.description).toBe('2/3 就绪');
    expect(rows.find(({ id }) => id === 'node/node-2')?.description).toBe('4 个 Pod, 0/4 CPU');
    const problem = rows.find(({ label, loud }) => loud && label.startsWith('web-2-b'));
    expect(problem?.tooltip).toMatchObject({
      title: 'web 不断重启',
      status: 'CrashLoopBackOff, 重启 2 次',
      message: '重启 2 次。上次退出码 1。',
    });
  });

  test('says that a cluster starts or is gone', () => {
    const rows = (phase: 'starting' | 'lost') => clusterRows({ ...cluster, state: { phase } }, now);
    expect(rows('starting')[0]?.description).toBe('正在启动');
    expect(rows('lost')[0]?.description).toBe('意外停止');
  });
});

describe('the Cluster page in Chinese', () => {
  const model = () => projectCluster(cluster, now);
  const nothing = () => undefined;

  test('says health, problems, rollouts, events and legend', () => {
    const { problems, rollouts, events, pods } = model();
    const drawn = [
      ...drawHeader(model()),
      ...drawHealth(model(), undefined, nothing),
      ...drawLane(pods.filter(({ state }) => state === 'pending')),
      ...drawProblems(problems, { show: nothing, yaml: nothing }),
      ...drawProblems([], { show: nothing, yaml: nothing }),
      ...drawRollouts(rollouts),
      ...drawEvents(events),
      ...drawEvents([]),
      ...drawLegend(true),
      ...drawLegend(false),
    ];
    const texts = textsOf(drawn);
    expect(foreign(texts)).toEqual([]);
    expect(texts).toContain('2/3 已更新, 1 就绪, 1 个旧版本');
    expect(texts.join('')).toContain('已调度到 node-1');
  });

  test('says each board', () => {
    const measure = { dense: false, columns: 8, labelFrom: 4 } as const;
    const boards = (['node', 'zone', 'workload', 'namespace'] as const).flatMap((group) =>
      sections(model(), { ...initialView, group }, measure),
    );
    const texts = [
      ...textsOf(boards.flatMap(({ boxes }) => boxes.map(({ make }) => make()))),
      ...boards.flatMap(({ title = '', meta = '' }) => [title, meta]),
    ];
    expect(foreign(texts)).toEqual([]);
    expect(texts).toContain('已封锁');
  });

  test('says that there is nothing yet', () => {
    const at = (phase: 'stopped' | 'failed' | 'starting' | 'lost', kept = true) => ({ ...model(), phase, kept });
    const drawn = [
      drawNoCluster(at('stopped'), nothing),
      drawNoCluster(at('stopped', false), nothing),
      drawNoCluster(at('failed'), nothing),
      drawSkeleton(at('starting')),
      drawLost(at('lost'), now, nothing),
      drawStarting(at('starting')),
      drawNoPods(1, nothing),
      drawNoPods(3, nothing),
    ].filter((element) => element !== undefined);
    expect(foreign(textsOf(drawn))).toEqual([]);
    expect(textsOf(drawn)).toContain('还没有集群');
  });
});

test('how an object is in the cluster is told in Chinese', async () => {
  const wanted = { kind: 'Deployment', namespace: 'default', name: 'web' };
  const source = { ...cluster, onState: () => () => undefined } as unknown as Parameters<typeof liveState>[0];
  expect(await liveState(source, wanted, now)).toBe('在 **kubeside** 中: 1/3，正在上线 2/3');
  expect(await liveState(source, { ...wanted, name: 'none' }, now)).toBe('在 **kubeside** 中: 不存在');
});

test('the page about the checks is in Chinese', () => {
  const page = checksPage('strict', [{ id: 'a', title: '一', why: '二', usual: 'off', severity: 'hint', equivalents: [] }]);
  expect(page).toContain('| 检查 | 检查内容 | 提示级别 | 其他工具中的名称 |');
  expect(page).toContain('**hint**（默认为 off）');
});

test('what has no translation is told in English', () => {
  expect(t('no such text {0}', 1)).toBe('no such text 1');
});
