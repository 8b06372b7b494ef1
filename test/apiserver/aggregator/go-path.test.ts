import { expect, test } from 'vitest';
import { goPath } from '../../../runtime/apiserver/aggregator/go-path.ts';

test.each([
  ['/apis/a.io/v1/things/x', '/apis/a.io/v1/things/x'],
  ['/apis/a.io/v1/things/a%2Fb/', '/apis/a.io/v1/things/a/b/'],
  ['/a%25b%3Fc%3D%40d', '/a%25b%3Fc=@d'],
  ["/a!b(c)*'d,e;f$&+:", '/a%21b%28c%29%2A%27d,e;f$&+:'],
  ['/%C3%A9%20', '/%C3%A9%20'],
  ['/things/..%2F..%2Fx', '/things/..%2F..%2Fx'],
])('%s is passed on as %s', (path, passed) => {
  expect(goPath(path)).toBe(passed);
});
