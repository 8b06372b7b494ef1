import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Editor } from './editor.ts';

let editor: Editor;
beforeAll(async () => {
  editor = await Editor.start();
});
afterAll(async () => {
  expect(editor.logged).toEqual([]);
  await editor.stop();
});

/** Problems, hints among them, each with what its fixes write. */
async function told(text: string): Promise<string[]> {
  const uri = await editor.open(text);
  const words = ['', 'error', 'warning', 'information', 'hint'];
  const diagnostics = (await editor.diagnostics(uri)).filter(({ severity, code }) => severity !== 4 || code === 'yaml');
  return diagnostics.map(({ range: { start, end }, severity, message, data }) => {
    const { fix, edit } = { ...(data as { fix?: string; edit?: { title: string } }) };
    const place = `${start.line + 1}:${start.character + 1}-${end.line === start.line ? end.character + 1 : `${end.line + 1}:${end.character + 1}`}`;
    return [place, words[severity ?? 0], message, ...(fix === undefined ? [] : [`=> ${fix}`]), ...(edit ? [`=> ${edit.title}`] : [])].join(
      ' ',
    );
  });
}

const configMap = (data: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata:\n${data}`;

describe('values that are not what they look like', () => {
  test.each<[line: string, problem: string]>([
    [
      'a: yes',
      '5:6-9 error data[a]: Invalid value: true: must be of type string: YAML reads yes as true, put it in quotes, "yes" => "yes"',
    ],
    [
      'a: Off',
      '5:6-9 error data[a]: Invalid value: false: must be of type string: YAML reads Off as false, put it in quotes, "Off" => "Off"',
    ],
    ['a: true', '5:6-10 error data[a]: Invalid value: true: must be of type string: put it in quotes, "true" => "true"'],
    [
      'a: 0777',
      '5:6-10 error data[a]: Invalid value: 511: must be of type string: YAML reads 0777 as 511, put it in quotes, "0777" => "0777"',
    ],
    [
      'a: 0o777',
      '5:6-11 error data[a]: Invalid value: 511: must be of type string: YAML reads 0o777 as 511, put it in quotes, "0o777" => "0o777"',
    ],
    [
      'a: 1e3',
      '5:6-9 error data[a]: Invalid value: 1000: must be of type string: YAML reads 1e3 as 1000, put it in quotes, "1e3" => "1e3"',
    ],
    [
      'a: 1_000',
      '5:6-11 error data[a]: Invalid value: 1000: must be of type string: YAML reads 1_000 as 1000, put it in quotes, "1_000" => "1_000"',
    ],
    ['a: .5', '5:6-8 error data[a]: Invalid value: 0.5: must be of type string: YAML reads .5 as 0.5, put it in quotes, ".5" => ".5"'],
    [
      'a: 1.10',
      '5:6-10 error data[a]: Invalid value: 1.1: must be of type string: YAML reads 1.10 as 1.1, put it in quotes, "1.10" => "1.10"',
    ],
    [
      'a: 22:22',
      '5:6-11 hint data[a]: Kubernetes reads 22:22 as text, other tools as a number of base 60: put it in quotes, "22:22" => "22:22"',
    ],
    [
      'a: 2024-01-01',
      '5:6-16 hint data[a]: Kubernetes reads 2024-01-01 as text, other tools as a date: put it in quotes, "2024-01-01" => "2024-01-01"',
    ],
    ['a: ~', '5:6-7 information data[a]: YAML reads ~ as null, which is nothing: for the text put it in quotes, "~" => "~"'],
    ['a:', '5:3-4 hint data[a]: Nothing stands here, which YAML reads as null and Kubernetes as an empty text: ""'],
    ['on: "1"', '5:3-5 warning data.on: YAML reads on as true, and so the name is "true": put it in quotes, "on" => "on"'],
  ])('%s', async (line, problem) => {
    const problems = await told(configMap(`  ${line}\n`));
    expect(problems).toEqual([problem.replace('data.on', 'data[true]')]);
  });

  test('quotes end it', async () => {
    expect(await told(configMap('  a: "yes"\n  b: \'0777\'\n  "on": "~"\n  c: "22:22"\n'))).toEqual([]);
  });

  test('numbers and modes of files', async () => {
    const text = `apiVersion: v1
kind: Pod
metadata: { name: a }
spec:
  activeDeadlineSeconds: 1e3
  terminationGracePeriodSeconds: 030
  containers:
    - name: a
      image: nginx
      ports: [{ containerPort: 8_080 }]
  volumes:
    - { name: a, configMap: { name: a, defaultMode: 0644 } }
    - { name: b, configMap: { name: a, defaultMode: 0o644 } }
    - { name: c, configMap: { name: a, defaultMode: 420 } }
    - { name: d, configMap: { name: a, defaultMode: 400 } }
    - { name: e, configMap: { name: a, defaultMode: 644 } }
`;
    expect(await told(text)).toEqual([
      '5:26-29 hint spec.activeDeadlineSeconds: YAML reads 1e3 as 1000 => 1000',
      '6:34-37 warning spec.terminationGracePeriodSeconds: YAML reads 030 as 24: a leading 0 makes it octal => 24 => Change to 30',
      '10:32-37 hint spec.containers[0].ports[0].containerPort: YAML reads 8_080 as 8080 => 8080',
      '15:53-56 warning spec.volumes[3].configMap.defaultMode: 400 is decimal, which is 0620 as a mode: did you mean 0400? => 0400',
      '16:53-56 error spec.volumes[4].configMap.defaultMode: Invalid value: 644: must be a number between 0 and 0777 (octal), both inclusive => 0644',
    ]);
  });
});

describe('broken YAML is told of once, at its place', () => {
  test.each<[text: string, problem: string]>([
    ['spec:\n\tname: x\n', '2:1-2 error Tabs are not allowed as indentation: use spaces => Indent with spaces'],
    ['a:\n  b:\n\t- c: 1\n      d: 2\ne: 3\n', '3:1-4 error Tabs are not allowed as indentation: use spaces => Indent with spaces'],
    ['a:\n  image:nginx:1\n  b: 2\n', '2:3-16 error White space is missing behind the colon => image: nginx:1'],
    ['a:\n  b: 2\n  image:nginx:1\n', '3:3-16 error White space is missing behind the colon => image: nginx:1'],
    ['a:\n  - b: 2\n    image nginx\n', '3:5-16 error A colon is missing behind the name of the field => image: nginx'],
    ['a: @x # c\n', '1:4-6 error A text that begins with @ (reserved in YAML) must be put in quotes, "@x" => "@x"'],
    ['a: [`x`, b]\n', '1:5-8 error A text that begins with ` (reserved in YAML) must be put in quotes, "`x`" => "`x`"'],
    ['a: %d items\n', '1:4-12 error A text that begins with % (a directive) must be put in quotes, "%d items" => "%d items"'],
    ['a: * b\n', '1:4-7 error A text that begins with * (an alias of an anchor) must be put in quotes, "* b" => "* b"'],
    ['a: & b\n', '1:4-7 error A text that begins with & (an anchor) must be put in quotes, "& b" => "& b"'],
    [
      'a: *.example.com\n',
      '1:4-17 error unknown anchor ".example.com" referenced: no &.example.com stands above it in this document; a text must be put in quotes, "*.example.com" => "*.example.com"',
    ],
    [
      'a: &base {}\n---\nb: *base\n',
      '3:4-9 error unknown anchor "base" referenced: no &base stands above it in this document; a text must be put in quotes, "*base" => "*base"',
    ],
    ['args: echo: "hi"\n', `1:7-17 error A text with ": " in it must be put in quotes, 'echo: "hi"' => 'echo: "hi"'`],
    ['a: 1\n  b: 2\n', '2:3-7 error Wrong indentation: a has a value already, so no field can stand below it => Indent by 0 instead of 2'],
    [
      'a:\n  b: 1\n c: 2\n',
      '3:2-6 error Wrong indentation: what stands above begins in one of the columns 1, 3, this line in 2 => Indent by 2 instead of 1',
    ],
    [
      'a:\n  - b: 1\n   c: 2\n',
      '3:4-8 error Wrong indentation: what stands above begins in one of the columns 1, 5, this line in 4 => Indent by 4 instead of 3',
    ],
    ['--\n# a\nkind: Pod\napiVersion: v1\n', '1:1-3 error A line of three dashes parts documents: --- => ---'],
    ['kind: Pod\n--\nkind: Job\n', '2:1-3 error A line of three dashes parts documents: --- => ---'],
    ['kind:Pod\napiVersion: v1\n', '1:1-9 error White space is missing behind the colon => kind: Pod'],
    ['kind Pod\napiVersion: v1\n', '1:1-9 error A colon is missing behind the name of the field => kind: Pod'],
    [
      'a: - b\n',
      '1:4-7 error A list cannot begin in the line of its name: put it on the next line, or a text in quotes => Move the list to the next line',
    ],
    ['a: "\\d"\n', '1:5-6 error Invalid escape sequence \\d: in double quotes a backslash begins an escape => Write \\\\d'],
    ['a: 1\n- b\n', '2:1-4 error An item of a list cannot stand here: the lines around it are fields'],
    ['a: "b\nc: d\ne f\n', '4:1-2 error Missing closing "quote'],
    ['<<: 1\n', '1:5-6 error map merge requires map or sequence of maps as the value'],
  ])('%j', async (text, problem) => {
    // Of a file without any manifest nothing is told.
    expect(await told(`${text}---\n${configMap('')}`)).toEqual([problem]);
  });
});
