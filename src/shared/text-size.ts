/** The sizes of text there are to choose from, in per cent. */
export const TEXT_SIZES = [100, 110, 125, 150, 175, 200] as const;
export type TextSize = (typeof TEXT_SIZES)[number];

/** The nearest size there is. */
export const textSizeNear = (percent: number): TextSize =>
  TEXT_SIZES.reduce((best, size) => (Math.abs(size - percent) < Math.abs(best - percent) ? size : best));
