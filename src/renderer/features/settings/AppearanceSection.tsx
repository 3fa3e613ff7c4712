import { Radio, Stack } from '@mantine/core';
import { Section } from '../../components/Section.tsx';
import { type ThemeChoice, useAppearance } from '../../lib/appearance.ts';

export function AppearanceSection() {
  const theme = useAppearance((appearance) => appearance.theme);
  const setTheme = useAppearance((appearance) => appearance.setTheme);
  return (
    <Section title="Theme">
      <Radio.Group aria-label="Theme" value={theme} onChange={(value) => setTheme(value as ThemeChoice)}>
        <Stack gap="sm">
          <Radio value="system" label="As the system" description="Changes with it, by day and by night" />
          <Radio value="light" label="Light" />
          <Radio value="dark" label="Dark" />
        </Stack>
      </Radio.Group>
    </Section>
  );
}
