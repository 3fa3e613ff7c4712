import {
  type CSSVariablesResolver,
  createTheme,
  type MantineColorsTuple,
  type MantineThemeOverride,
  type MantineTransition,
} from '@mantine/core';

/** Ink and sea: the window's own colour. Shade 7 carries white text at 6:1. */
const petrol: MantineColorsTuple = [
  '#ecf6f7',
  '#d6eaed',
  '#afd5da',
  '#83bfc8',
  '#57a8b4',
  '#3592a0',
  '#217d8b',
  '#186776',
  '#105460',
  '#083f49',
];
const brass: MantineColorsTuple = [
  '#fbf5e6',
  '#f4e8c8',
  '#e8d194',
  '#dab95c',
  '#cba433',
  '#b68f1f',
  '#987616',
  '#7c5f10',
  '#644c0d',
  '#4a3808',
];
/** Mantine's greys, the middle ones darkened until dimmed text and placeholders reach 4.5:1 on white. */
const gray: MantineColorsTuple = [
  '#f6f8f9',
  '#eef1f3',
  '#e4e8eb',
  '#d7dde1',
  '#aeb8c0',
  '#66717b',
  '#55606a',
  '#434d56',
  '#2e373f',
  '#1b2228',
];
const dark: MantineColorsTuple = [
  '#d6dde2',
  '#b6c1c9',
  '#98a5af',
  '#72808b',
  '#3d4852',
  '#323c45',
  '#262f37',
  '#182026',
  '#12181d',
  '#0c1115',
];

const green: MantineColorsTuple = [
  '#eaf7ee',
  '#d3edda',
  '#a7dab5',
  '#78c68e',
  '#50b36c',
  '#359a53',
  '#26803f',
  '#1d6b33',
  '#175829',
  '#0f401d',
];
const red: MantineColorsTuple = [
  '#fdeeee',
  '#fadada',
  '#f3b3b3',
  '#ec8a8a',
  '#e46565',
  '#d64545',
  '#c23232',
  '#a82828',
  '#8b2020',
  '#671616',
];

/** As Mantine's `fade-down`. A dialog that goes is pressed no more: the second click of a double one would act a second time. */
const dialogTransition: MantineTransition = {
  in: { opacity: 1, transform: 'translateY(0)' },
  out: { opacity: 0, transform: 'translateY(-30px)', pointerEvents: 'none' },
  transitionProperty: 'opacity, transform',
};

const theme = createTheme({
  primaryColor: 'petrol',
  primaryShade: { light: 7, dark: 6 },
  colors: { petrol, brass, gray, dark, green, red, yellow: brass },
  black: '#182026',
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: "'JetBrains Mono Variable', ui-monospace, monospace",
  fontSizes: { xs: '0.78125rem', sm: '0.875rem', md: '0.9375rem', lg: '1.0625rem', xl: '1.25rem' },
  headings: {
    fontWeight: '620',
    sizes: {
      h1: { fontSize: '1.75rem', lineHeight: '1.25' },
      h2: { fontSize: '1.375rem', lineHeight: '1.3' },
      h3: { fontSize: '1.125rem', lineHeight: '1.35' },
      h4: { fontSize: '1rem', lineHeight: '1.4' },
    },
  },
  radius: { xs: '0.25rem', sm: '0.375rem', md: '0.5rem', lg: '0.75rem', xl: '1.25rem' },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'auto',
  autoContrast: true,
  components: {
    Text: { defaultProps: { size: 'sm' } },
    Badge: { defaultProps: { tt: 'none', fw: 550, radius: 'xl' } },
    Tooltip: { defaultProps: { openDelay: 300, withArrow: true } },
    Modal: {
      defaultProps: {
        centered: true,
        radius: 'md',
        closeButtonProps: { 'aria-label': 'Close' },
        transitionProps: { duration: 200, transition: dialogTransition },
        // Its head is a `header` outside any section: without a role it would be a second banner of the page.
        attributes: { header: { role: 'none' } },
      },
      styles: {
        // A long name of a key goes on in the next line, and leaves the button that closes in sight.
        title: { fontSize: '1.0625rem', fontWeight: 620, minWidth: 0, overflowWrap: 'anywhere' },
        // What gets the focus is not left behind the dialog's foot.
        content: { scrollPaddingBottom: '4.5rem' },
      },
    },
    Paper: { defaultProps: { radius: 'md' } },
    // With large text its parts go on in a second row: cut off, the last could not be pressed.
    SegmentedControl: { styles: { root: { flexWrap: 'wrap', maxWidth: '100%' } } },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': 'Put this notice away' } } },
    Alert: { defaultProps: { radius: 'md' } },
    PasswordInput: { defaultProps: { visibilityToggleButtonProps: { 'aria-label': 'Show or hide what is typed' } } },
  },
});

/** Mantine's points at which a layout changes, in em. */
const breakpoints = { xs: 36, sm: 48, md: 62, lg: 75, xl: 88 };

/**
 * The theme for a size of text, in per cent. A media query counts in the browser's own em, whatever the size of the page's text:
 * with larger text a layout has to change at a wider window.
 */
export function themeFor(textSize: number): MantineThemeOverride {
  const scaled = Object.fromEntries(
    Object.entries(breakpoints).map(([name, em]) => [name, `${(em * textSize) / 100}em`]),
  );
  return { ...theme, breakpoints: scaled as Record<keyof typeof breakpoints, string> };
}

const tinted = ['petrol', 'brass', 'yellow', 'green', 'red', 'gray'] as const;

/** The `light` variant (badges, alerts, the place one is at): a thin tint of the colour, its words at 4.5:1 or better. */
export const cssVariables: CSSVariablesResolver = () => {
  const light: Record<string, string> = {};
  const dark: Record<string, string> = {};
  for (const color of tinted) {
    const name = `--mantine-color-${color}`;
    const shade = (index: number) => `var(${name}-${index})`;
    light[`${name}-light`] = `color-mix(in srgb, ${shade(5)} 12%, transparent)`;
    light[`${name}-light-hover`] = `color-mix(in srgb, ${shade(5)} 18%, transparent)`;
    light[`${name}-light-color`] = shade(8);
    light[`${name}-text`] = shade(7);
    dark[`${name}-light`] = `color-mix(in srgb, ${shade(4)} 17%, transparent)`;
    dark[`${name}-light-hover`] = `color-mix(in srgb, ${shade(4)} 24%, transparent)`;
    dark[`${name}-light-color`] = shade(color === 'gray' ? 3 : 2);
    dark[`${name}-text`] = shade(3);
  }
  // Links keep their contrast on a hovered row too.
  dark['--mantine-color-anchor'] = 'var(--mantine-color-petrol-3)';
  // A placeholder is read: it says what is chosen while nothing is.
  dark['--mantine-color-placeholder'] = 'var(--mantine-color-dark-2)';
  return { variables: {}, light, dark };
};
