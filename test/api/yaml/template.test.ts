import { describe, expect, test } from 'vitest';
import { isTemplate, maskCharacter, maskTemplate } from '../../../runtime/api/yaml/template.ts';

describe('a template is told from a manifest', () => {
  test.each([
    ['name: {{ .Values.name }}', true],
    ['{{- if .x }}\na: 1\n{{- end }}', true],
    ['name: "{{ .Release.Name }}-web"', true],
    ['labels:\n  {{- include "chart.labels" . | nindent 2 }}', true],
    ['a: {{ $x | quote }}', true],
    ['- {{ . }}', true],
    ['key: |\n  {{ tpl (.Files.Get "x") . }}', true],
    ['name: web-{{inputs.parameters.name}}', false],
    ['name: "{{inputs.parameters.name}}"', false],
    ['summary: "{{ $labels.instance }} is down"', false],
    ['data:\n  mail.tmpl: |\n    {{ define "x" }}\n    {{ end }}\n', true],
    ['data:\n  mail.tmpl: |\n    {{ range .Alerts }}\n    {{ end }}\n', false],
    ['data:\n  - |-\n    {{ range .Alerts }}\n', false],
    ['a: {}', false],
    ['a: {b: {c: 1}}', false],
    ['kind: CSIDriver\nmetadata:\n  labels: {}\n  name: "{{ .Name }}"\n', true],
    ['kind: ConfigMap\nmetadata:\n  name: a\ndata:\n  name: "{{ .Name }}"\n', false],
  ])('%j: %s', (text, expected) => {
    expect(isTemplate(text)).toBe(expected);
  });
});

describe('actions are masked where they stand', () => {
  const show = (text: string) => maskTemplate(text).replaceAll(maskCharacter, '~');

  test.each([
    ['a: {{ x }}', 'a: ~~~~~~~'],
    ['a: "{{ default "b" .c }}"', 'a: "~~~~~~~~~~~~~~~~~~~~"'],
    ['a: {{ "}}" }}-b', 'a: ~~~~~~~~~~-b'],
    ['a: {{ `}}` }}', 'a: ~~~~~~~~~~'],
    ['  {{- if a }}\n  b: 1\n  {{- end }}\r\n', '             \n  b: 1\n            \r\n'],
    ['{{/* a\n b }} */}}\nc: 1', '      \n          \nc: 1'],
    ['a: {{ include "x"\n  . }}\nb: 1', 'a: ~~~~~~~~~~~~~~\n      \nb: 1'],
    ['{{ .a }}: {{ .b }}', '~~~~~~~~: ~~~~~~~~'],
    ['{{ if a }}{{ end }} \n', `${' '.repeat(20)}\n`],
    ['a: {{ open', 'a: {{ open'],
    ['{{ define "x" }}\nb: {{ if c }}1{{ end }}\r\n{{ end }}\nc: 1', `${' '.repeat(16)}\n${' '.repeat(23)}\r\n         \nc: 1`],
    ['{{ define "x" }}\nkind: Pod\n{{ end }}\nc: 1', `${' '.repeat(16)}\nkind: Pod\n         \nc: 1`],
  ])('%j', (text, expected) => {
    expect(show(text)).toBe(expected);
    expect(maskTemplate(text)).toHaveLength(text.length);
  });

  test('in time, whatever stands there', () => {
    for (const hostile of [
      '{{ "',
      '{{ /*',
      '{{`',
      '{{}',
      "{{'\\",
      '{{define "x"}}a{{end}}\n',
      '{{ a }}\nmetadata:\n    b:\n      c: d\n',
    ]) {
      const text = hostile.repeat(20_000);
      expect(maskTemplate(text)).toHaveLength(text.length);
      expect(isTemplate(text)).toBeTypeOf('boolean');
    }
  });
});
