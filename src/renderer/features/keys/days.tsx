import { NumberInput } from '@mantine/core';
import { limits } from '../../../shared/kms/limits.ts';
import { formatNumber } from '../../lib/format.ts';

interface Range {
  readonly min: number;
  readonly max: number;
}

/** The whole number of days that was typed, or `null` when it is none of the range. */
function daysWithin(typed: string | number, { min, max }: Range): number | null {
  const days = Number(typed);
  return Number.isInteger(days) && days >= min && days <= max ? days : null;
}

/** The waiting period that was typed, in days, or `null` when there is no such. */
export const waitingDays = (typed: string | number): number | null => daysWithin(typed, limits.deletionWindow);
/** The rotation period that was typed, in days, or `null` when there is no such. */
export const rotationDays = (typed: string | number): number | null => daysWithin(typed, limits.rotationPeriod);

interface FieldProps {
  readonly value: string | number;
  readonly onChange: (typed: string | number) => void;
  readonly disabled?: boolean;
  /** Said after the range. */
  readonly more?: string;
}

function DaysField({
  label,
  range,
  value,
  onChange,
  disabled = false,
  more,
}: FieldProps & { label: string; range: Range }) {
  const { min, max } = range;
  const words = `${formatNumber(min)} to ${formatNumber(max)}`;
  return (
    <NumberInput
      label={label}
      description={more ? `From ${words}. ${more}` : `From ${words}`}
      value={value}
      onChange={onChange}
      min={min}
      max={max}
      allowDecimal={false}
      clampBehavior="none"
      disabled={disabled}
      error={daysWithin(value, range) === null ? `A whole number from ${words}.` : null}
      w="100%"
      maw="18rem"
    />
  );
}

export const WaitingPeriodField = (props: FieldProps) => (
  <DaysField
    label="Waiting period in days"
    range={limits.deletionWindow}
    more="Until its end the deletion can be cancelled."
    {...props}
  />
);

export const RotationPeriodField = (props: FieldProps) => (
  <DaysField label="Rotation period in days" range={limits.rotationPeriod} {...props} />
);
