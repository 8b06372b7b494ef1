import { expect, test } from 'vitest';
import type { Connection } from '../../../runtime/apiserver/endpoints/subresources/connect.ts';
import type { Body } from '../api.ts';
import { startAdmission } from './admission.ts';

const base = '/apis/admissionregistration.k8s.io/v1';
const pod = '/api/v1/namespaces/default/pods/p';

/** A server with a pod on a node, whose kubelet answers with what it is asked for. */
async function start(reply: (request: Body) => object = () => ({})) {
  const asked: Body[] = [];
  const connected: string[] = [];
  const opened: { connection: Connection; url: string }[] = [];
  const admission = await startAdmission({
    webhooks: {
      async fetch(sent) {
        const { request, apiVersion, kind } = await sent.json();
        asked.push(request);
        return Response.json({ apiVersion, kind, response: { uid: request.uid, allowed: true, ...reply(request) } });
      },
    },
    kubelets: {
      async connect({ path }) {
        connected.push(path);
        return new Response('proxied');
      },
      async open(connection, request) {
        opened.push({ connection, url: request.url });
        throw new Error('nothing runs here');
      },
    },
    log: () => {},
  });
  await admission.create('pods', { metadata: { name: 'p' }, spec: { nodeName: 'n', containers: [{ name: 'a', image: 'a' }] } });
  await admission.merge('pods', 'p', { status: { podIP: '10.0.0.1' } }, '/status');
  const rules = (...resources: string[]) => [{ operations: ['CONNECT'], apiGroups: [''], apiVersions: ['v1'], resources }];
  const exec = (query: string) => admission.api.send('POST', `${pod}/exec?${query}`, undefined, { upgrade: 'SPDY/3.1' });
  return { ...admission, asked, connected, opened, rules, exec };
}

test('webhooks see the options of a connection and may refuse it', async () => {
  const { api, asked, connected, opened, rules, exec } = await start(({ object }) => ({
    allowed: object.command?.[0] !== 'rm',
    status: { message: 'no' },
  }));
  await api.send('POST', `${base}/validatingwebhookconfigurations`, {
    metadata: { name: 'v' },
    webhooks: [
      {
        name: 'v.example.com',
        clientConfig: { url: 'https://localhost/' },
        rules: rules('pods/*'),
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
      },
    ],
  });
  await exec('command=ls&command=-l&stdout=true&tty=false&container=a');
  expect(asked[0]).toMatchObject({
    operation: 'CONNECT',
    kind: { group: '', version: 'v1', kind: 'PodExecOptions' },
    resource: { group: '', version: 'v1', resource: 'pods' },
    subResource: 'exec',
    name: 'p',
    namespace: 'default',
    object: { kind: 'PodExecOptions', apiVersion: 'v1', stdout: true, container: 'a', command: ['ls', '-l'] },
    oldObject: null,
    options: null,
  });
  expect(Object.keys(asked[0].object)).not.toContain('metadata');
  expect(opened).toHaveLength(1);
  expect((await exec('command=rm')).body.message).toBe('admission webhook "v.example.com" denied the request: no');
  expect(opened).toHaveLength(1);
  expect((await api.send('GET', `${pod}/proxy/a/b/`)).code).toBe(200);
  expect(asked.at(-1).object).toEqual({ kind: 'PodProxyOptions', apiVersion: 'v1', path: '/a/b/' });
  for (const [sent, told, reached] of [
    ['/a%2F', '/a/', '/a/'],
    ['//a//', '/a/', '/a/'],
    ['/a//b/%252e%252e/c', '/a//b/../c', '/a/c'],
    ['/', '/', '/'],
  ]) {
    await api.send('GET', `${pod}/proxy${sent}`);
    expect(asked.at(-1).object.path).toBe(told);
    expect(connected.at(-1)).toBe(reached);
  }
  await api.send('GET', `${pod}/log`);
  expect(asked.at(-1).subResource).toBe('proxy');
});

test('who mutates the options changes what is connected to', async () => {
  const operations = [{ op: 'replace', path: '/command', value: ['echo', 'a b'] }];
  const { api, opened, rules, exec } = await start(() => ({ patchType: 'JSONPatch', patch: btoa(JSON.stringify(operations)) }));
  await api.send('POST', `${base}/mutatingwebhookconfigurations`, {
    metadata: { name: 'm' },
    webhooks: [
      {
        name: 'm.example.com',
        clientConfig: { url: 'https://localhost/' },
        rules: rules('pods/exec'),
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
      },
    ],
  });
  await exec('command=ls');
  expect(new URL(opened[0]?.url ?? '').searchParams.getAll('command')).toEqual(['echo', 'a b']);
});

test('policies judge connections, too', async () => {
  const { api, rules, exec } = await start();
  await api.send('POST', `${base}/validatingadmissionpolicies`, {
    metadata: { name: 'p' },
    spec: {
      matchConstraints: { resourceRules: rules('pods/exec', 'pods/attach') },
      validations: [{ expression: '!has(object.tty) || !object.tty', message: 'no terminals' }],
    },
  });
  await api.send('POST', `${base}/validatingadmissionpolicybindings`, {
    metadata: { name: 'b' },
    spec: { policyName: 'p', validationActions: ['Deny'] },
  });
  expect((await exec('command=ls&tty=true')).body.message).toBe(
    `pods "p" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no terminals`,
  );
  expect((await exec('command=ls')).body.message).not.toContain('forbidden');
});
