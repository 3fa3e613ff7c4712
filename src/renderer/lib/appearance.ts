import { useMemo } from 'react';
import { create } from 'zustand';
import { TEXT_SIZES, type TextSize, textSizeNear } from '../../shared/text-size.ts';
import { invoke } from './api.ts';
import { notifyError } from './notify.tsx';

export type ThemeChoice = 'system' | 'light' | 'dark';

interface Appearance {
  readonly theme: ThemeChoice;
  /** Per cent of the browser's own size. */
  readonly textSize: TextSize;
  setTheme(theme: ThemeChoice): void;
}

export const useAppearance = create<Appearance>()((set) => ({
  theme: 'system',
  textSize: 100,
  setTheme(theme) {
    set({ theme });
    invoke('app.setPreferences', { theme }).catch(notifyError);
  },
}));

/** Everything is measured in rem, and so follows the root's size; the sizes of icons, in pixels, follow the factor. */
function apply(textSize: TextSize): void {
  const { style } = document.documentElement;
  style.fontSize = textSize === 100 ? '' : `${textSize}%`;
  style.setProperty('--coffer-text-factor', String(textSize / 100));
  useAppearance.setState({ textSize });
}

export function setTextSize(textSize: TextSize): void {
  apply(textSize);
  invoke('app.setPreferences', { textSize }).catch(notifyError);
}

/** One size up or down; stays at the ends. */
export function stepTextSize(step: 1 | -1): void {
  const next = TEXT_SIZES[TEXT_SIZES.indexOf(useAppearance.getState().textSize) + step];
  if (next !== undefined) setTextSize(next);
}

/** One rem in pixels, for what has to be counted in pixels. Asked once a size: the answer makes the browser compute every style. */
export function useRem(): number {
  const textSize = useAppearance((appearance) => appearance.textSize);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the size of the root follows the text's
  return useMemo(() => Number.parseFloat(getComputedStyle(document.documentElement).fontSize), [textSize]);
}

/** Reads what was chosen; when the main process does not answer, what the system has is as good. */
export async function startAppearance(): Promise<void> {
  try {
    const { theme, textSize } = await invoke('app.preferences', {});
    useAppearance.setState({ theme });
    apply(textSizeNear(textSize ?? 100));
  } catch (error) {
    console.error(error);
  }
}
