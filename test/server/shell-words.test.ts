import { expect, test } from 'vitest';
import { argumentsOf, commandOf } from '../../server/features/actions/shell-words.ts';

test.each([
  ['sleep 5', ['sleep', '5']],
  ['sh -c foo', ['sh', '-c', 'foo']],
  ['sh -c foo bar', ['sh', '-c', 'foo bar']],
  ['/bin/bash -ec "foo  bar"', ['/bin/bash', '-ec', 'foo  bar']],
  ['sh -c "foo" "bar"', ['sh', '-c', '"foo" "bar"']],
  [`echo 'a|b' "c d"e`, ['echo', 'a|b', 'c de']],
  ['echo a | wc', ['sh', '-c', 'echo a | wc']],
  ['echo $HOME', ['sh', '-c', 'echo $HOME']],
  ['echo $(HOME)', ['echo', '$(HOME)']],
  ['echo "$(date +%s)"', ['sh', '-c', 'echo "$(date +%s)"']],
  ["echo 'a", ['sh', '-c', "echo 'a"]],
  ['a\nb\n', ['sh', '-c', 'a\nb']],
  ['echo "a\\"b"', ['echo', 'a"b']],
])('the line %j is the command %j', (line, words) => {
  expect(commandOf(line)).toEqual(words);
});

test.each([
  ['--port=80 --name "a b"', ['--port=80', '--name', 'a b']],
  ['$HOME', ['$HOME']],
  ["it's", ["it's"]],
  ['', ['']],
])('the line %j is the arguments %j', (line, words) => {
  expect(argumentsOf(line)).toEqual(words);
});
