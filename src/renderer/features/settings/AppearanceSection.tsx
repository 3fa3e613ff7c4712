import { Radio, Select, Stack } from '@mantine/core';
import { TEXT_SIZES, type TextSize } from '../../../shared/text-size.ts';
import { Section } from '../../components/Section.tsx';
import { setTextSize, type ThemeChoice, useAppearance } from '../../lib/appearance.ts';
import { modKey } from '../../lib/platform.ts';
import { Notices } from './Notices.tsx';
import { OpeningFiles } from './OpeningFiles.tsx';

export function AppearanceSection() {
  const theme = useAppearance((appearance) => appearance.theme);
  const setTheme = useAppearance((appearance) => appearance.setTheme);
  const textSize = useAppearance((appearance) => appearance.textSize);
  return (
    <>
      <Section title="Theme">
        <Radio.Group aria-label="Theme" value={theme} onChange={(value) => setTheme(value as ThemeChoice)}>
          <Stack gap="sm">
            <Radio value="system" label="As the system" description="Changes with it, by day and by night" />
            <Radio value="light" label="Light" />
            <Radio value="dark" label="Dark" />
          </Stack>
        </Radio.Group>
      </Section>
      <Section title="Text size">
        <Select
          label="Size of text, icons and controls"
          description={`Also by ${modKey} + and ${modKey} −, and back by ${modKey} 0.`}
          maw="20rem"
          allowDeselect={false}
          data={TEXT_SIZES.map((size) => ({ value: String(size), label: `${size} %` }))}
          value={String(textSize)}
          onChange={(value) => value !== null && setTextSize(Number(value) as TextSize)}
        />
      </Section>
      <Notices />
      <OpeningFiles />
    </>
  );
}
