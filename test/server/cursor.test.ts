import { expect, test } from 'vitest';
import { cursorAt } from '../../server/documents/cursor.ts';
import { formatPath } from '../../server/documents/path.ts';

const text = `---
kind: Deployment
spec:
  # note
  template:
    spec:
      containers:
      - name: a
        ports:
          - name: http

            containerPort: 80
          - containerPort: 81
            |7
        |5
      |4
      - env:
          - name: X
            |6
          - |8
          |9
        "quoted key":
          |10
    |3
  |2
|1
`;

test.each([
  ['|1', ''],
  ['|2', 'spec'],
  ['|3', 'spec.template'],
  ['|4', 'spec.template.spec'],
  ['|5', 'spec.template.spec.containers[0]'],
  ['|6', 'spec.template.spec.containers[1].env[0]'],
  ['|7', 'spec.template.spec.containers[0].ports[1]'],
  ['|8', 'spec.template.spec.containers[1].env[1]'],
  ['|9', 'spec.template.spec.containers[1].env'],
  ['|10', 'spec.template.spec.containers[1].quoted key'],
])('the cursor at %s stands in %j', (mark, path) => {
  const at = text.search(new RegExp(`\\${mark}\\n`));
  const plain = text.replace(/\|\d+/g, (other, offset: number) => (offset === at ? '' : ' '.repeat(other.length)));
  expect(formatPath(cursorAt(plain, at).parent)).toBe(path);
});
