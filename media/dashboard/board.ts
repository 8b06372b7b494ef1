/** Width and height of a brick by the slots it takes. */
const shapes: readonly (readonly [slots: number, width: number, height: number])[] = [
  [1, 1, 1],
  [2, 2, 1],
  [3, 3, 1],
  [4, 2, 2],
  [6, 3, 2],
  [8, 4, 2],
  [16, 4, 4],
  [32, 8, 4],
];

export interface Brick<T> {
  readonly item: T;
  /** Left column and top row, from 0. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Board<T> {
  readonly bricks: readonly Brick<T>[];
  /** Items that ask for nothing: they are drawn as dots. */
  readonly dots: readonly T[];
  /** Free slots as column and row. */
  readonly free: readonly (readonly [x: number, y: number])[];
  readonly rows: number;
}

/** The shape of what asks for `amount`, where one slot stands for `slot`; rounded up to the next shape. */
export function shapeOf(amount: number, slot: number): readonly [width: number, height: number] {
  const slots = Math.max(1, Math.ceil(amount / slot - 0.01));
  const [, width, height] = shapes.find(([size]) => size >= slots) ?? [32, 8, 4];
  return [width, height];
}

/**
 * Places items on a board, the biggest first, left to right and top to bottom. The same items always lie the same way.
 * The board grows below `rows` only when rounded shapes need more room than there is.
 */
export function layOut<T>(
  items: readonly T[],
  sizeOf: (item: T) => number,
  nameOf: (item: T) => string,
  columns: number,
  rows: number,
  slot: number,
): Board<T> {
  const taken: boolean[][] = Array.from({ length: rows }, () => new Array<boolean>(columns).fill(false));
  const bricks: Brick<T>[] = [];
  const dots: T[] = [];
  const sorted = [...items].sort((a, b) => sizeOf(b) - sizeOf(a) || (nameOf(a) < nameOf(b) ? -1 : 1));
  for (const item of sorted) {
    if (sizeOf(item) <= 0) {
      dots.push(item);
      continue;
    }
    const [wide, height] = shapeOf(sizeOf(item), slot);
    const width = Math.min(wide, columns);
    const [x, y] = findPlace(taken, columns, width, height);
    for (let row = y; row < y + height; row++) {
      const line = taken[row] ?? new Array<boolean>(columns).fill(false);
      taken[row] = line.fill(true, x, x + width);
    }
    bricks.push({ item, x, y, width, height });
  }
  const free = taken.flatMap((line, y) => line.flatMap((full, x) => (full ? [] : [[x, y] as const])));
  return { bricks, dots, free, rows: taken.length };
}

/** The first free place within the board, or else the first that reaches below its end. */
function findPlace(taken: readonly boolean[][], columns: number, width: number, height: number): readonly [x: number, y: number] {
  const fits = (x: number, y: number) =>
    Array.from({ length: height }, (_, row) => taken[y + row]).every(
      (line) => line === undefined || !line.slice(x, x + width).includes(true),
    );
  for (const limit of [taken.length - height, taken.length]) {
    for (let y = 0; y <= limit; y++) {
      for (let x = 0; x + width <= columns; x++) if (fits(x, y)) return [x, y];
    }
  }
  return [0, taken.length];
}
