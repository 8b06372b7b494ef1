const lineFeed = 0x0a;

/**
 * What a body holds one per line, as it arrives: as the bytes that brought it where these are one line, which is how an API server in this
 * process hands it over, else as text. Ends when the body ends or `signal` aborts; a last line without its line feed was cut off and is
 * dropped. Throws what the body fails with.
 */
export async function* readLines(body: ReadableStream<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array | string, void, void> {
  const reader = body.getReader();
  // Cancelling ends a read under way, so a reader that waits for the next line wakes up.
  const stop = () => void reader.cancel().catch(() => {});
  signal.addEventListener('abort', stop, { once: true });
  const decoder = new TextDecoder();
  let rest = '';
  try {
    while (!signal.aborted) {
      const { done, value } = await reader.read();
      if (done) return;
      if (rest === '' && value.length > 1 && value.indexOf(lineFeed) === value.length - 1) {
        yield value;
        continue;
      }
      const text = rest + decoder.decode(value, { stream: true });
      let start = 0;
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
        if (end > start) yield text.slice(start, end);
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
