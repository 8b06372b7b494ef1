/**
 * The JSON values of a body that holds one per line, as they arrive. Ends when the body ends or `signal` aborts;
 * a last line without its line feed was cut off and is dropped. Throws what the body fails with, and SyntaxError for a line that is not JSON.
 */
export async function* readJsonLines<T>(body: ReadableStream<Uint8Array>, signal: AbortSignal): AsyncGenerator<T, void, void> {
  const reader = body.getReader();
  // Cancelling ends a read under way, so a reader that waits for the next line wakes up.
  const stop = () => void reader.cancel().catch(() => {});
  signal.addEventListener('abort', stop, { once: true });
  const decoder = new TextDecoder();
  let rest = '';
  try {
    while (!signal.aborted) {
      const chunk = await reader.read();
      if (chunk.done) return;
      const text = rest + decoder.decode(chunk.value, { stream: true });
      let start = 0;
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
        if (end > start) yield JSON.parse(text.slice(start, end)) as T;
        if (signal.aborted) return;
        start = end + 1;
      }
      rest = text.slice(start);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
}
