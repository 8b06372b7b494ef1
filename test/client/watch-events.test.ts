import { expect, it } from 'vitest';
import { readLines } from '../../runtime/client/lines.ts';
import { readWatchEvent } from '../../runtime/client/watch-events.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

async function linesOf(...chunks: readonly Uint8Array[]): Promise<(Uint8Array | string)[]> {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
  const lines: (Uint8Array | string)[] = [];
  for await (const line of readLines(body, new AbortController().signal)) lines.push(line);
  return lines;
}

it('gives a line as the bytes it came in, and as text when it came with others or in parts', async () => {
  const whole = bytes('{"a":1}\n');
  expect((await linesOf(whole))[0]).toBe(whole);
  expect(await linesOf(bytes('{"a":1}\n{"b":'), bytes('"é"}\n'), bytes('{"cut":'))).toEqual(['{"a":1}', '{"b":"é"}']);
  const [first, second] = [bytes('{"b":"é"}\n').slice(0, 7), bytes('{"b":"é"}\n').slice(7)];
  expect(await linesOf(first, second, bytes('\n'))).toEqual(['{"b":"é"}']);
});

it('reads the same bytes once, and drops who wrote which field', () => {
  const line = bytes('{"type":"ADDED","object":{"metadata":{"name":"a","managedFields":[{"manager":"kubectl"}]}}}\n');
  const event = readWatchEvent(line);
  expect(event).toEqual({ type: 'ADDED', object: { metadata: { name: 'a' } } });
  expect(readWatchEvent(line)).toBe(event);
  expect(readWatchEvent('{"type":"ERROR","object":{"code":410}}')).toEqual({ type: 'ERROR', object: { code: 410 } });
});
