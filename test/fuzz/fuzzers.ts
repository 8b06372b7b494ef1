import fc from 'fast-check';
import { judge, startTarget } from './judge.ts';
import { judgeRaw, type RawExchange, rawExchanges, startRawTarget } from './raw.ts';
import { type FuzzRequest, requests } from './requests.ts';
import { schemaRequests } from './schema-requests.ts';

/** A case by which something was found. */
export interface Found {
  readonly kept: object;
  readonly why: string;
}

/** One thing that is tried by chance. */
export interface Fuzzer {
  readonly name: string;
  /** Tries cases until one fails or the parameters say that it is enough. */
  readonly run: (parameters: RunParameters) => Promise<Found | undefined>;
}

export interface RunParameters {
  readonly seed: number;
  readonly numRuns: number;
  /** Milliseconds after which it is enough. */
  readonly time?: number;
  /** Told how many milliseconds each case has taken; throws what is wrong with that. */
  readonly onCase?: (ms: number) => void;
}

export interface Fuzzers {
  readonly all: readonly Fuzzer[];
  /** What is wrong with a case that was kept. */
  readonly again: (kept: object) => Promise<string | undefined>;
  readonly close: () => Promise<void>;
}

/** Everything that is tried, on servers of its own. */
export async function startFuzzers(): Promise<Fuzzers> {
  const target = await startTarget();
  const judgeRequest = (request: FuzzRequest) => judge(target, request);
  const failures: string[] = [];
  const served = await startRawTarget((text) => failures.push(text));
  const judgeExchange = async (exchange: RawExchange) => {
    const complaint = await judgeRaw(served, exchange);
    const [failure] = failures.splice(0);
    return failure === undefined ? complaint : `the server failed: ${failure}`;
  };
  const bySchema = await schemaRequests(target.api);
  return {
    all: [
      ...Object.entries(requests).map(([name, arbitrary]) => fuzzer(name, arbitrary, judgeRequest)),
      fuzzer('every operation', bySchema, judgeRequest),
      fuzzer('raw HTTP', rawExchanges, judgeExchange),
    ],
    again: (kept) => ('parts' in kept ? judgeExchange(kept as RawExchange) : judgeRequest(kept as FuzzRequest)),
    async close() {
      await served.listener.close();
      // Files of a store in memory are its own until it is closed: all of a thread share one SQLite.
      for (const { store } of [target.api, served]) await store.close();
    },
  };
}

function fuzzer<T extends object>(name: string, arbitrary: fc.Arbitrary<T>, judgeCase: (each: T) => Promise<string | undefined>): Fuzzer {
  return {
    name,
    async run({ seed, numRuns, time, onCase }) {
      const outcome = await fc.check(
        fc.asyncProperty(arbitrary, async (each) => {
          const start = performance.now();
          const complaint = await judgeCase(each);
          if (complaint !== undefined) throw new Error(complaint);
          onCase?.(performance.now() - start);
        }),
        { seed, numRuns, ...(time !== undefined && { interruptAfterTimeLimit: time, markInterruptAsFailure: false }) },
      );
      const [kept] = outcome.counterexample ?? [];
      if (kept === undefined) return undefined;
      const { errorInstance } = outcome;
      return { kept, why: errorInstance instanceof Error ? errorInstance.message : 'failed' };
    },
  };
}
