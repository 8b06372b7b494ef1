import { performance } from 'node:perf_hooks';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Cancel, Clock } from '../../simulation/clock.ts';

/** How often is looked, in milliseconds. */
const period = 10_000;
/** The share of time that work may have taken for a collection to be in nobody's way. */
const restful = 0.1;
/** What the heap must have grown by since the last time: half, and so many bytes. */
const growth = 1.5;
const leastGrowth = 32 * 1024 * 1024;

/** What is asked of the engine and told to it. */
export interface Engine {
  /** Bytes that the heap takes from the machine. */
  heapSize(): number;
  /** The share of time, from 0 to 1, that work took since it was last asked. */
  busy(): number;
  /** Collects all garbage and gives back what was freed. Everything waits for it. */
  collect(): void;
}

/**
 * Gives memory back after a burst of work. V8 collects when more memory is asked for: a process that has come to rest asks for none, and
 * would keep for good what the burst left behind.
 */
export function returnIdleMemory(clock: Clock, engine: Engine = v8Engine()): Cancel {
  let kept = engine.heapSize();
  return clock.every(period, () => {
    const isAtRest = engine.busy() < restful;
    if (!isAtRest || engine.heapSize() < Math.max(kept * growth, kept + leastGrowth)) return;
    engine.collect();
    kept = engine.heapSize();
  });
}

function v8Engine(): Engine {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  setFlagsFromString('--no-expose-gc');
  let last = performance.eventLoopUtilization();
  return {
    heapSize: () => getHeapStatistics().total_heap_size,
    busy() {
      const now = performance.eventLoopUtilization();
      const { utilization } = performance.eventLoopUtilization(now, last);
      last = now;
      return utilization;
    },
    collect,
  };
}
