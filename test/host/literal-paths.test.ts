import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { urlOf } from '../../runtime/host/node/https/exchange.ts';

test.each([
  ['/api/v1/namespaces/default/../kube-system/configmaps', '/api/v1/namespaces/default/%252e%252e/kube-system/configmaps', ''],
  ['/api/v1/namespaces/%2e%2E/x', '/api/v1/namespaces/%252e%252e/x', ''],
  ['/api/v1/./pods?x=../y', '/api/v1/%252e/pods', '?x=../y'],
  ['/api/v1/namespaces/..', '/api/v1/namespaces/%252e%252e', ''],
  ['/api/v1/namespaces\\x', '/api/v1/namespaces%5Cx', ''],
  ['/api/v1/namespaces#x?y=#z', '/api/v1/namespaces%23x', '?y=%23z'],
  ['/api/v1/namespaces/a.b/..c', '/api/v1/namespaces/a.b/..c', ''],
  ['//api', '//api', ''],
])('%s is taken as it is', (target, pathname, search) => {
  const url = urlOf({ url: target, headers: { host: 'a' } } as IncomingMessage);
  expect([url?.pathname, url?.search]).toEqual([pathname, search]);
});
