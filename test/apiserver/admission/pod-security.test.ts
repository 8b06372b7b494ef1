import { expect, test } from 'vitest';
import type { Pod, PodSpec } from '../../../runtime/api/generated/types/core/v1.ts';
import { describeViolations, type LevelVersion, violationsOf } from '../../../runtime/api/pod-security/index.ts';
import type { ApiServerOptions } from '../../../runtime/apiserver/api-server.ts';
import type { Answer } from '../api.ts';
import { startAdmission } from './admission.ts';

const warnings = ({ headers }: Answer): string[] =>
  [...(headers.get('warning') ?? '').matchAll(/299 - "((?:[^"\\]|\\.)*)"/g)].map(([, text = '']) => JSON.parse(`"${text}"`));

async function start(labels: Record<string, string>, options: Partial<ApiServerOptions> = {}) {
  const admission = await startAdmission(options);
  const label = (all: Record<string, string | null>) =>
    admission.api.send(
      'PATCH',
      '/api/v1/namespaces/default',
      { metadata: { labels: Object.fromEntries(Object.entries(all).map(([key, value]) => [`pod-security.kubernetes.io/${key}`, value])) } },
      { 'content-type': 'application/merge-patch+json' },
    );
  expect((await label(labels)).code).toBe(200);
  return { ...admission, label };
}

const safe = {
  securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
  containers: [{ name: 'a', image: 'nginx', securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } } }],
};
const plain = { containers: [{ name: 'a', image: 'nginx' }] };
const inFull =
  'PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "a" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container "a" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or container "a" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container "a" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")';

test('an enforced level refuses pods and warns of workloads', async () => {
  const { pod, create } = await start({ enforce: 'restricted' });
  const refused = await pod('p', plain);
  expect([refused.code, refused.body.message]).toEqual([403, `pods "p" is forbidden: violates ${inFull}`]);
  expect(warnings(refused)).toEqual([]);
  const allowed = await pod('p', safe);
  expect([allowed.code, warnings(allowed)]).toEqual([201, []]);
  const labels = { a: 'b' };
  const deployment = await create('apps/deployments', {
    metadata: { name: 'd' },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: plain } },
  });
  expect([deployment.code, warnings(deployment)]).toEqual([201, [`would violate ${inFull}`]]);
  const job = { template: { spec: { ...plain, restartPolicy: 'Never' } } };
  const cronJob = { metadata: { name: 'c' }, spec: { schedule: '* * * * *', jobTemplate: { spec: job } } };
  expect(warnings(await create('batch/cronjobs', cronJob))).toEqual([`would violate ${inFull}`]);
});

test('a level that is only warned of lets pods in; updates that change no image are not looked at', async () => {
  const { pod, merge } = await start({ enforce: 'baseline', warn: 'restricted', 'warn-version': 'v1.21' });
  const made = await pod('p', plain);
  const text =
    'would violate PodSecurity "restricted:v1.21": allowPrivilegeEscalation != false (container "a" must set securityContext.allowPrivilegeEscalation=false), runAsNonRoot != true (pod or container "a" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container "a" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")';
  expect([made.code, warnings(made)]).toEqual([201, [text]]);
  expect(warnings(await merge('pods', 'p', { metadata: { labels: { a: 'b' } } }))).toEqual([]);
  expect(
    warnings(await merge('pods', 'p', { spec: { containers: [{ name: 'a', image: 'nginx:2', imagePullPolicy: 'Always' }] } })),
  ).toEqual([text]);
  expect((await pod('q', { ...plain, hostNetwork: true })).body.message).toBe(
    'pods "q" is forbidden: violates PodSecurity "baseline:latest": host namespaces (hostNetwork=true)',
  );
});

test('labels must be right, and a stricter one tells which pods would not pass', async () => {
  const { pod, label } = await start({});
  for (const name of ['c', 'b', 'a']) await pod(name, plain);
  await pod('host', { ...plain, hostPID: true, volumes: [{ name: 'v', hostPath: { path: '/' } }] });
  await pod('safe', safe);
  expect((await label({ enforce: 'strict', 'warn-version': '1.30' })).body.message).toBe(
    'Namespace "default" is invalid: [metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: "strict": must be one of privileged, baseline, restricted, metadata.labels[pod-security.kubernetes.io/warn-version]: Invalid value: "1.30": must be "latest" or "v1.x"]',
  );
  expect(warnings(await label({ enforce: 'baseline', 'enforce-version': 'v1.30' }))).toEqual([
    'existing pods in namespace "default" violate the new PodSecurity enforce level "baseline:v1.30"',
    'host: host namespaces, hostPath volumes',
  ]);
  expect(warnings(await label({ enforce: 'restricted', 'enforce-version': null }))).toEqual([
    'existing pods in namespace "default" violate the new PodSecurity enforce level "restricted:latest"',
    'a (and 2 other pods): allowPrivilegeEscalation != false, unrestricted capabilities, runAsNonRoot != true, seccompProfile',
    'host: host namespaces, allowPrivilegeEscalation != false, unrestricted capabilities, restricted volume types, runAsNonRoot != true, seccompProfile',
  ]);
  expect(warnings(await label({ enforce: 'baseline' }))).toEqual([]);
});

test('exempt namespaces, users and runtime classes pass', async () => {
  const exempt = (exemptions: object) => ({ admissionConfiguration: { podSecurity: { exemptions } } });
  const code = async (options: object) => (await (await start({ enforce: 'restricted' }, options)).pod('p', plain)).code;
  expect(await code(exempt({ usernames: ['someone'] }))).toBe(403);
  expect(await code(exempt({ usernames: ['admin'] }))).toBe(201);
  expect(await code(exempt({ namespaces: ['default'] }))).toBe(201);
  const { label } = await start({}, exempt({ namespaces: ['default'] }));
  expect(warnings(await label({ enforce: 'baseline' }))).toEqual([
    'namespace "default" is exempt from Pod Security, and the policy (enforce=baseline:latest) will be ignored',
  ]);
});

const baseline: LevelVersion = { level: 'baseline', version: 'latest' };
const restricted: LevelVersion = { level: 'restricted', version: 'latest' };
const a = (securityContext: object, more: object = {}) => ({ containers: [{ name: 'a', image: 'x', securityContext, ...more }] });

test.each<[Partial<PodSpec>, LevelVersion, string]>([
  [a({ privileged: true }), baseline, 'privileged (container "a" must not set securityContext.privileged=true)'],
  [
    a({ capabilities: { add: ['NET_RAW', 'KILL', 'BPF'] } }),
    baseline,
    'non-default capabilities (container "a" must not include "BPF", "NET_RAW" in securityContext.capabilities.add)',
  ],
  [
    {
      ...a(
        {},
        {
          ports: [
            { containerPort: 1, hostPort: 80 },
            { containerPort: 2, hostPort: 443 },
          ],
        },
      ),
      hostIPC: true,
    },
    baseline,
    'host namespaces (hostIPC=true), hostPort (container "a" uses hostPorts 443, 80)',
  ],
  [a({ procMount: 'Unmasked' }), baseline, 'procMount (container "a" must not set securityContext.procMount to "Unmasked")'],
  [{ ...a({ procMount: 'Unmasked' }), hostUsers: false }, baseline, ''],
  [
    { ...a({ seLinuxOptions: { type: 'spc_t', role: 'r' } }), securityContext: { seLinuxOptions: { user: 'u' } } },
    baseline,
    'seLinuxOptions (pod and container "a" set forbidden securityContext.seLinuxOptions: type "spc_t"; user may not be set; role may not be set)',
  ],
  [
    {
      ...a({}),
      securityContext: {
        sysctls: [
          { name: 'net.ipv4.tcp_rmem', value: '1' },
          { name: 'kernel.msgmax', value: '1' },
        ],
      },
    },
    { level: 'baseline', version: 31 },
    'forbidden sysctls (net.ipv4.tcp_rmem, kernel.msgmax)',
  ],
  [
    a({ seccompProfile: { type: 'Unconfined' }, appArmorProfile: { type: 'Unconfined' } }),
    baseline,
    'forbidden AppArmor profile (container "a" must not set AppArmor profile type to "Unconfined"), seccompProfile (container "a" must not set securityContext.seccompProfile.type to "Unconfined")',
  ],
  [
    a({}, { livenessProbe: { tcpSocket: { host: '10.0.0.1', port: 1 } } }),
    baseline,
    'probe or lifecycle host (container "a" uses probe or lifecycle host "10.0.0.1")',
  ],
  [a({}, { livenessProbe: { tcpSocket: { host: '10.0.0.1', port: 1 } } }), { level: 'baseline', version: 33 }, ''],
  [
    { ...a({ windowsOptions: { hostProcess: true } }), securityContext: { windowsOptions: { hostProcess: true } } },
    baseline,
    'hostProcess (pod and container "a" must not set securityContext.windowsOptions.hostProcess=true)',
  ],
  [
    {
      ...safe,
      volumes: [
        { name: 'n', nfs: { path: '/', server: 's' } },
        { name: 'h', hostPath: { path: '/' } },
        { name: 'e', emptyDir: {} },
      ],
    },
    restricted,
    'restricted volume types (volumes "n", "h" use restricted volume types "hostPath", "nfs")',
  ],
  [
    { ...safe, ...a({ ...safe.containers[0]?.securityContext, runAsUser: 0, runAsNonRoot: false }) },
    restricted,
    'runAsNonRoot != true (container "a" must not set securityContext.runAsNonRoot=false), runAsUser=0 (container "a" must not set runAsUser=0)',
  ],
  [{ ...plain, os: { name: 'windows' }, securityContext: { runAsNonRoot: true } }, restricted, ''],
])('%j at %j: %s', (spec, level, text) => {
  const pod: Pod = { spec: { containers: [], ...spec } };
  expect(describeViolations(violationsOf({ metadata: {}, spec: pod.spec ?? { containers: [] } }, level))).toBe(text);
});
