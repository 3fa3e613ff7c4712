/** The mark: a strongbox seen from the front, its lid a keyhole. Takes the colour of the text around it. */
export function Mark({ size = 24 }: { size?: number }) {
  return (
    <svg
      className="coffer-mark"
      width={size}
      height={size}
      viewBox="0 0 32 32"
      fill="none"
      aria-hidden="true"
      focusable="false"
    >
      <path d="M5 13.5C5 8.25 9.25 4 14.5 4h3C22.75 4 27 8.25 27 13.5V15H5v-1.5Z" fill="currentColor" opacity="0.55" />
      <path
        fillRule="evenodd"
        clipRule="evenodd"
        d="M4 16.5h24V25a3 3 0 0 1-3 3H7a3 3 0 0 1-3-3v-8.5Zm12 2a2.5 2.5 0 0 0-1.25 4.67V25.5h2.5v-2.33A2.5 2.5 0 0 0 16 18.5Z"
        fill="currentColor"
      />
    </svg>
  );
}

/** Mark and name. */
export function Logo({ size = 24 }: { size?: number }) {
  return (
    <span
      style={{
        display: 'inline-flex',
        alignItems: 'center',
        gap: '0.55rem',
        color: 'var(--mantine-primary-color-light-color)',
      }}
    >
      <Mark size={size} />
      <span
        style={{
          fontSize: `${size * 0.0475}rem`,
          fontWeight: 680,
          letterSpacing: '-0.015em',
          color: 'var(--mantine-color-text)',
        }}
      >
        Coffer
      </span>
    </span>
  );
}
